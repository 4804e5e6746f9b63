import type { FaultInput } from '../../simulators/faults/fault.ts'

type Echo = [what: string, fault: FaultInput]

const ROUTES = {
  github: { self: 'GET /user', list: 'GET /user/repos' },
  gitlab: { self: 'GET /personal_access_tokens/self', list: 'GET /projects' },
} as const

/** Answers of a provider, or of something between it and us, that give the token back; each spoils one request. */
export function echoesOf(provider: 'github' | 'gitlab', token: string): Echo[] {
  const { self, list } = ROUTES[provider]
  const said = (status: number, message: string, route: string = self): FaultInput => ({
    ...{ kind: 'status', route, times: 1, status, headers: { 'x-github-request-id': 'A1' } },
    body: { message, error: 'invalid_request', error_description: message },
  })
  const page = `<html><title>Bad gateway</title><pre>authorization: Bearer ${token}</pre></html>`
  const html = { 'content-type': 'text/html' }
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  const set = { 'x-oauth-scopes': `repo, ${token}`, 'x-github-request-id': token, 'x-request-id': token }
  const sso = `partial-results; organizations=${token}`
  const escaped = [...token].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  const named = { id: 7, login: `${'z'.repeat(80)}${token}`, username: token, name: `${'z'.repeat(85)}${token}` }
  const listed = { id: 8, full_name: `acme/${token}`, path_with_namespace: `acme/${token}` }
  return [
    ['a message', said(403, `Resource not accessible by ${token}`)],
    ['a message that is cut within the token', said(403, `${'x'.repeat(183)} ${token}`)],
    ['a policy that is cut within the token', said(403, `SAML enforcement: ${'y'.repeat(150)} ${token}`)],
    ['a policy about the list', said(403, `IP allow list ${token}`, list)],
    ['a refused list', said(403, `no list for ${token}`, list)],
    ['a message with the token in base64', said(422, `got authorization: Basic ${basic}`)],
    ['a message with the token in an address', said(422, `GET /?access_token=${encodeURIComponent(token)}`)],
    ['a message of an account', said(403, `Your account has been deactivated (${token})`)],
    ['a rate limit', said(429, `API rate limit exceeded for ${token}`)],
    ['a failure of the server', said(500, token)],
    ['escaped JSON', { kind: 'status', route: self, times: 1, status: 404, body: `{"message":"${escaped}"}` }],
    ["a proxy's page", { kind: 'status', route: self, times: 1, status: 502, body: page, headers: html }],
    ['a page in place of an answer', { kind: 'status', route: self, times: 1, status: 200, body: page, headers: html }],
    ['a redirect', { kind: 'redirect', route: self, times: 1, location: `https://elsewhere.test/?token=${token}` }],
    ['headers', { kind: 'headers', route: self, times: 1, set }],
    ['a header of the list', { kind: 'headers', route: list, times: 1, set: { ...set, 'x-github-sso': sso } }],
    ['the name of the account', { kind: 'status', route: self, times: 1, status: 200, body: named }],
    ['the name of a repository', { kind: 'status', route: list, times: 1, status: 200, body: [listed] }],
    [
      "git's server",
      {
        kind: 'status',
        area: 'git',
        times: 1,
        status: 403,
        body: `remote: ${token}`,
        headers: { 'content-type': 'text/plain' },
      },
    ],
  ]
}

/** A provider that is not there, or not itself. */
export function outagesOf(provider: 'github' | 'gitlab'): Echo[] {
  const { self } = ROUTES[provider]
  const kinds = ['reset', 'cut', 'garbage', 'not-http', 'huge-headers', 'bad-gzip'] as const
  return kinds.map((kind) => [kind, { kind, route: self, times: 1 }])
}
