import { z } from 'zod'
import { silencerFor } from '../echo.ts'

const HIDDEN = '[secret]'

/** Takes secrets out of a provider's text: short ones as they are and as forms have them, others also in part. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const whole = secrets
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      new URLSearchParams({ '': secret }).toString().slice(1),
    ])
    .filter((secret) => secret !== '')
    .sort((one, other) => other.length - one.length)
    .reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
  return silencerFor(secrets)(whole)
}

const secretField = z.string().nullish().catch(null)
const tokens = z.object({ access_token: secretField, refresh_token: secretField })

/** The tokens that an answer brings: they must not be seen elsewhere in it. */
export function secretsIn(json: unknown): string[] {
  const { data } = tokens.safeParse(json)
  return [data?.access_token, data?.refresh_token].flatMap((secret) => (secret ? [secret] : []))
}
