import { z } from 'zod'
import { plainText } from '../plain-text.ts'
import type { Grant } from './grant.ts'
import { secretsIn, withoutSecrets } from './without-secrets.ts'

type Refused = Extract<Grant, { is: 'refused' }>

/** A refusal in a provider's words. */
export interface Refusal {
  readonly code: string
  /** Empty when it gave no reason. */
  readonly description: string
}

const refusalBody = z.object({
  error: z.string().min(1),
  error_description: z.string().nullish().catch(null),
})

/** The provider's words of a refusal, fit to be shown; null when the body is no refusal of OAuth. */
export function refusalIn(json: unknown, secrets: readonly string[]): Refusal | null {
  const parsed = refusalBody.safeParse(json)
  if (!parsed.success) return null
  // Cut only when nothing secret is left, or a part of a secret could stay at the cut.
  const hidden = [...secrets, ...secretsIn(json)]
  const words = (text: string, longest: number) => plainText(withoutSecrets(text, hidden), longest)
  return { code: words(parsed.data.error, 80), description: words(parsed.data.error_description ?? '', 200) }
}

const DEAD = new Set(['bad_verification_code', 'bad_refresh_token', 'invalid_grant', 'expired_token'])
const WRONG_CLIENT = new Set(['incorrect_client_credentials', 'invalid_client', 'unauthorized_client'])

/**
 * Says whose fault a refusal is, and what to do. A code that is not known is taken for a fault of the application's
 * settings: nothing ends because of it.
 * @see https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-5.2
 */
export function sortRefusal(refusal: Refusal, asked: { title: string; renewing: boolean }): Refused {
  const { code, description } = refusal
  const { title, renewing } = asked
  const refused = (fault: Refused['fault'], message: string): Refused => ({ is: 'refused', fault, code, message })
  if (DEAD.has(code)) {
    return refused(
      'grant',
      renewing
        ? `${title} no longer accepts the refresh token: access was withdrawn, or the token was used before. Sign in at ${title} again.`
        : `${title} does not accept the code of this sign-in: it was used before, or too much time has passed. Start again.`,
    )
  }
  if (WRONG_CLIENT.has(code)) {
    return refused(
      'client',
      `${title} does not accept the client id and secret of the OAuth application. Correct them.`,
    )
  }
  if (code === 'Not Found') {
    return refused('client', `${title} knows no OAuth application with this client id. Correct it, or the address.`)
  }
  if (code === 'redirect_uri_mismatch') {
    return refused('client', `The OAuth application at ${title} does not list our return address. Add it there.`)
  }
  if (code === 'unverified_user_email') {
    return refused('user', `The account at ${title} has no verified e-mail address. Verify one there and start again.`)
  }
  if (code === 'access_denied') {
    return refused('user', `Access was denied at ${title}. Start again, and allow it there.`)
  }
  const said = description === '' ? code : `${code}: ${description}`
  return refused('client', `${title} refused: "${said}". Look at the settings of the OAuth application there.`)
}
