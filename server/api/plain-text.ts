import { z } from 'zod'

/** A line of text that a person typed, trimmed: no control characters and nothing that a database can't store. */
export function plainText(most: number, empty?: string) {
  const text = z
    .string()
    .trim()
    .max(most, `At most ${most} characters.`)
    .refine((value) => !/\p{Cc}/u.test(value) && value.isWellFormed(), 'No control characters.')
  return empty === undefined ? text : text.min(1, empty)
}
