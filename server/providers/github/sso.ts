import { plainText } from '../plain-text.ts'

/** What an answer leaves out for want of single sign-on, in words; null when it says nothing of it. */
export function partialBySso(headers: Headers): string | null {
  const sso = headers.get('x-github-sso')
  if (!sso?.startsWith('partial-results')) return null
  const ids = /organizations=([\d,]+)/.exec(sso)?.[1]
  return plainText(
    `Repositories of organizations with single sign-on are left out (ids ${ids ?? 'unknown'}). Authorize the token for them at GitHub.`,
    300,
  )
}

/** Where a token is authorized for an organization's single sign-on (valid for an hour); null where none is named. */
export function authorizationUrl(headers: Headers, baseUrl: string): string | null {
  const url = URL.parse(/^required; url=(\S+)$/.exec(headers.get('x-github-sso') ?? '')?.[1] ?? '')
  return url && url.origin === new URL(baseUrl).origin ? url.href : null
}
