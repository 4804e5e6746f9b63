import { z } from 'zod'
import { holdsToken } from '../token-forms.ts'

const TOKEN_ELSEWHERE = 'This holds a token. Paste it into the field for the token, and nowhere else.'

/**
 * A line of text that a person typed, trimmed: no control characters, nothing that a database can't store, and no token
 * that was pasted into the wrong field, where the log would keep it for good.
 */
export function plainText(most: number, empty?: string) {
  const text = z
    .string()
    .trim()
    .max(most, `At most ${most} characters.`)
    .refine((value) => !/\p{Cc}/u.test(value) && value.isWellFormed(), 'No control characters.')
    .refine((value) => !holdsToken(value), TOKEN_ELSEWHERE)
  return empty === undefined ? text : text.min(1, empty)
}

/** An address that a person typed; a user and password in it are refused by who uses it, in words of its own. */
export const typedAddress = z
  .string()
  .max(500)
  .refine((value) => !holdsToken(value.replace(/:\/\/[^/]*@/, '://')), TOKEN_ELSEWHERE)
