import { json } from '../answers.ts'

const TROUBLE = 'https://docs.github.com/apps/managing-oauth-apps'
const EXCHANGE = `${TROUBLE}/troubleshooting-oauth-app-access-token-request-errors/`
const AUTHORIZATION = `${TROUBLE}/troubleshooting-authorization-request-errors/`

/** Code, text and place in the documentation of everything that the token endpoint refuses. */
const REFUSALS = {
  incorrect_client_credentials: [
    'The client_id and/or client_secret passed are incorrect.',
    `${EXCHANGE}#incorrect-client-credentials`,
  ],
  redirect_uri_mismatch: [
    'The redirect_uri MUST match the registered callback URL for this application.',
    `${AUTHORIZATION}#redirect-uri-mismatch2`,
  ],
  bad_verification_code: ['The code passed is incorrect or expired.', `${EXCHANGE}#bad-verification-code`],
  bad_refresh_token: ['The refresh token passed is incorrect or expired.', `${EXCHANGE}#bad-verification-code`],
  unverified_user_email: ['The user must have a verified primary email.', `${EXCHANGE}#unverified-user-email`],
  unsupported_grant_type: ['The grant type is not supported.', EXCHANGE],
} as const

/** What sends the browser back to the application without a code. */
const SENT_BACK = {
  access_denied: ['The user has denied your application access.', `${AUTHORIZATION}#access-denied`],
  application_suspended: [
    'Your application has been suspended. Contact support@github.com.',
    `${AUTHORIZATION}#application-suspended`,
  ],
  redirect_uri_mismatch: [REFUSALS.redirect_uri_mismatch[0], `${AUTHORIZATION}#redirect-uri-mismatch`],
} as const

/** A refusal of the token endpoint: it comes with status 200. */
export class GrantRefusal extends Error {
  readonly body: Readonly<Record<string, string>>

  constructor(error: keyof typeof REFUSALS) {
    super(error)
    const [error_description, error_uri] = REFUSALS[error]
    this.body = { error, error_description, error_uri }
  }
}

/** Leads the browser to the application with what came of its visit. */
export function ledBack(to: string, state: string | undefined, outcome: { code: string } | keyof typeof SENT_BACK) {
  const back = new URL(to)
  if (typeof outcome === 'string') {
    const [error_description, error_uri] = SENT_BACK[outcome]
    for (const [name, value] of Object.entries({ error: outcome, error_description, error_uri })) {
      back.searchParams.set(name, value)
    }
  } else back.searchParams.set('code', outcome.code)
  if (state !== undefined) back.searchParams.set('state', state)
  return new Response(null, { status: 302, headers: { location: back.href } })
}

/** An answer of the token endpoint: a form, unless JSON is asked for. */
export function formOrJson(body: Readonly<Record<string, string | number>>, accept: string | undefined): Response {
  const headers = { 'cache-control': 'no-store' }
  if (accept?.includes('json')) return json(body, 200, headers)
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(body)) form.set(name, String(value))
  const type = 'application/x-www-form-urlencoded; charset=utf-8'
  return new Response(String(form), { headers: { ...headers, 'content-type': type } })
}
