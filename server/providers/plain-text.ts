/** Everything that has no place in a line of text: control and format characters, line ends, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu

/**
 * Makes a provider's text fit to be kept and shown: one line, no control characters (PostgreSQL's jsonb takes no
 * U+0000), at most `longest` characters.
 */
export function plainText(text: string, longest = 200): string {
  // Cut before cleaning, so that a huge text costs nothing; cut again, because cleaning may leave a blank for a run.
  const clean = text
    .slice(0, longest * 4)
    .replace(UNPRINTABLE, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return clean.length <= longest
    ? clean
    : `${clean
        .slice(0, longest - 1)
        .toWellFormed()
        .trimEnd()}…`
}
