import type { Caller } from './caller.ts'
import { control, type Minted, secrets } from './secrets.ts'

/** Sends a secret wherever it does not belong. */
export async function mistake(caller: Caller, { value }: Minted): Promise<void> {
  const connectionId = control.id.marker
  const credential = { kind: 'token', token: value }
  const create = { provider: 'gitlab', name: 'x', credential: { kind: 'token', token: secrets.personal.value } }
  const choice = { connectionId, repositoryId: '1', branch: '17.0' }
  const inputs: [string, unknown][] = [
    ['connections.create', { ...create, name: value }],
    ['connections.create', { ...create, name: `acme ${value}` }],
    ['connections.create', { ...create, provider: value }],
    ['connections.create', { ...create, commandId: value }],
    ['connections.create', { ...create, baseUrl: value }],
    ['connections.create', { ...create, baseUrl: `https://oauth2:${value}@gitlab.com` }],
    ['connections.create', { ...create, baseUrl: `https://gitlab.com/?private_token=${value}` }],
    ['connections.create', { ...create, baseUrl: `https://gitlab.com/${value}` }],
    ['connections.create', { ...create, baseUrl: `https://${value}.example.com` }],
    ['connections.create', { ...create, credential: { ...credential, token: `${value}\n${value}` } }],
    ['connections.create', { ...create, credential: { kind: value, token: value } }],
    ['connections.create', { ...create, credential: value }],
    ['connections.create', { ...create, [value]: value }],
    ['connections.probe', { provider: 'gitlab', baseUrl: value, token: value }],
    ['connections.probe', { provider: 'gitlab', baseUrl: `https://oauth2:${value}@gitlab.com`, token: value }],
    ['connections.probe', { provider: 'gitlab', baseUrl: 'x', certificateAuthority: value }],
    ['connections.rename', { connectionId, name: value }],
    ['connections.rename', { connectionId: value, name: 'x' }],
    ['connections.disable', { connectionId, reason: `because of ${value}` }],
    ['connections.validate', { connectionId: value }],
    ['connections.validate', value],
    ['connections.validate', [value]],
    ['projects.create', { name: value, repository: choice }],
    ['projects.create', { name: 'x', repository: { ...choice, branch: value } }],
    ['projects.create', { name: 'x', repository: { ...choice, repositoryId: value } }],
    ['projects.create', { name: 'x', repository: choice, addons: [{ ...choice, connectionId: value }] }],
    ['repositories.diagnose', { connectionId, url: value }],
    ['repositories.diagnose', { connectionId, url: `https://oauth2:${value}@github.com/acme/shop.git` }],
    ['repositories.diagnose', { connectionId, url: `acme/missing?private_token=${value}` }],
    ['repositories.diagnose', { connectionId, url: `https://${value}.example.com/acme/${value}` }],
    ['repositories.diagnose', { connectionId: value, url: value }],
    ['connections.delete', { connectionId, seen: value }],
    ['organization.createKey', { name: value, rights: ['see'] }],
    ['organization.createKey', { name: 'x', rights: [value] }],
    ['organization.createKey', { name: 'x', rights: ['see'], expiresAt: value }],
    ['organization.invite', { email: value }],
    ['organization.invite', { email: 'x@example.com', role: value }],
    ['organization.acceptInvitation', { invitationId: value }],
    ['organization.revokeKey', { keyId: value }],
  ]
  for (const [path, input] of inputs) await caller.mutate(path, input)
  for (const path of [
    'connections.get',
    'connections.history',
    'organization.invitation',
    'audit.asOf',
    'live.events',
  ]) {
    const input = { connectionId: value, invitationId: value, at: value, lastEventId: value }
    await caller.query(path, input)
  }
  // No JSON at all, in every way in which a parser may quote it.
  for (const body of [value, `"${value}`, `{"connectionId":"${value}"`, `{"name": ${value}}`, `{"a":1,}${value}`]) {
    await caller.post('/trpc/connections.validate', body)
    await caller.post('/api/auth/sign-in/email', body)
    await caller.ask(`/trpc/connections.get?input=${encodeURIComponent(body)}`)
  }
  await caller.post(
    '/trpc/connections.validate',
    { connectionId: value },
    { headers: { 'content-type': 'text/plain' } },
  )
  await caller.post('/api/auth/sign-in/email', { email: value, password: value })
  await caller.post('/api/auth/sign-in/email', { email: 'x@example.com', password: [value], callbackURL: value })
  await caller.post('/api/auth/sign-up/email', { name: value, email: value, password: value })
  const key = encodeURIComponent(value)
  await caller.ask(`/trpc/connections.list?batch=1&token=${key}`)
  await caller.ask(`/healthz?token=${key}`)
  await caller.ask(`/join/${key}`)
  await caller.ask('/trpc/connections.list', { headers: { authorization: `Bearer ${key}`, 'private-token': key } })
  await caller.ask('/trpc/connections.list', { headers: { cookie: `better-auth.session_token=${key}.${key}` } })
  await caller.ask('/trpc/connections.list', { headers: { origin: `https://${key.slice(0, 40)}.test` } })
}

/** An address that an error quotes. */
export async function askFor(caller: Caller): Promise<void> {
  await caller.query(`connections.${control.text.marker}`, {})
}
