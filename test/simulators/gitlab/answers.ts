/** A refusal in one of GitLab's two styles; thrown by whoever refuses, turned into the answer in one place. */
export class Refusal extends Error {
  readonly status: number
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, body: Readonly<Record<string, unknown>>, headers: Record<string, string> = {}) {
    super(`${status} ${JSON.stringify(body)}`)
    this.status = status
    this.body = body
    this.headers = headers
  }

  toResponse(): Response {
    return json(this.body, this.status, this.headers)
  }
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })
}

/** The API's own style: `{"message": "<status> <text>"}`. */
export const refused = (status: number, text: string) => new Refusal(status, { message: `${status} ${text}` })

export const unauthorized = () => refused(401, 'Unauthorized')
export const forbidden = (reason?: string) => refused(403, reason === undefined ? 'Forbidden' : `Forbidden - ${reason}`)
export const projectNotFound = () => refused(404, 'Project Not Found')

/** The style of OAuth's bearer tokens, with the challenge that repeats it. */
export function bearerError(error: string, description: string): Refusal {
  const challenge = `Bearer realm="Protected by OAuth 2.0", error="${error}", error_description="${description}"`
  return new Refusal(401, { error, error_description: description }, { 'www-authenticate': challenge })
}

export const tokenExpired = () =>
  bearerError('invalid_token', 'Token is expired. You can either do re-authorization or token refresh.')
export const tokenRevoked = () =>
  bearerError('invalid_token', 'Token was revoked. You have to re-authorize from the user.')
export const impersonationDisabled = () =>
  bearerError('invalid_token', 'Token is an impersonation token but impersonation was disabled.')
export const dpopMissing = () =>
  bearerError('dpop_error', 'DPoP validation error: DPoP header is missing or is not a single value')

export const insufficientScope = (accepted: readonly string[]) =>
  new Refusal(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: accepted.join(' '),
  })

export const insufficientGranularScope = (permission: string) =>
  new Refusal(403, {
    error: 'insufficient_granular_scope',
    error_description: `Access denied: This operation requires a fine-grained personal access token with the following permissions: [${permission}].`,
  })

/** What a 403 says about each state in which a person is shut out. */
export function shutOut(state: string, username: string, url: string): Refusal {
  const texts: Record<string, string> = {
    blocked: 'Your account has been blocked.',
    blocked_pending_approval: 'Your account is pending approval from your administrator and hence blocked.',
    deactivated: `Your account has been deactivated by your administrator. Please log back in from a web browser to reactivate your account at ${url}`,
    password_expired: 'Your password expired. Please access GitLab from a web browser to update your password.',
    terms_not_accepted: `You (@${username}) must accept the Terms of Service in order to perform this action. To accept these terms, please access GitLab from a web browser at ${url}.`,
    unconfirmed: `Your primary email address is not confirmed. Please check your inbox for the confirmation instructions. In case the link is expired, you can request a new confirmation email at ${url}/users/confirmation/new`,
  }
  return forbidden(texts[state] ?? 'Your account has been blocked.')
}
