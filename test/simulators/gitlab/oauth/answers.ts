import { Refusal } from '../answers.ts'

/** The texts in which GitLab refuses, on its page and in JSON. */
export const TEXTS = {
  invalid_client:
    'Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.',
  invalid_grant:
    'The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.',
  invalid_scope: 'The requested scope is invalid, unknown, or malformed.',
  unsupported_grant_type: 'The authorization grant type is not supported by the authorization server.',
  unsupported_response_type: 'The authorization server does not support this response type.',
  invalid_redirect_uri: "The requested redirect URI is malformed or doesn't match the client redirect URI.",
  invalid_code_challenge_method: 'The code_challenge_method must be S256.',
  access_denied: 'The resource owner or authorization server denied the request.',
} as const

export const missing = (parameter: string) => `Missing required parameter: ${parameter}.`

/** A refusal of the token endpoint. */
export function grantRefused(error: 'invalid_client' | 'invalid_grant' | 'invalid_scope' | 'unsupported_grant_type') {
  return oauthError(error === 'invalid_client' ? 401 : 400, error, TEXTS[error])
}

export const parameterMissing = (parameter: string) => oauthError(400, 'invalid_request', missing(parameter))

export function oauthError(status: number, error: string, description: string): Refusal {
  return new Refusal(
    status,
    { error, error_description: description },
    {
      'cache-control': 'no-store, no-cache',
      'www-authenticate': `Bearer realm="Doorkeeper", error="${error}", error_description="${description}"`,
    },
  )
}
