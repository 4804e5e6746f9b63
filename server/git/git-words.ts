/** What git said, on one line, without the secrets, control and format characters, and length. */
export function cleanWords(text: string, secrets: readonly string[], longest = 500): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, longest)
    .toWellFormed()
}

const LONGEST_LINE = 4_000

/**
 * Splits what comes in pieces into lines. git ends those that it writes over with a carriage return; what never ends is
 * cut.
 */
export function lineSplitter(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = ''
  const tell = (line: string) => {
    if (line !== '') onLine(line)
  }
  return {
    push(text) {
      const lines = (rest + text).split(/[\r\n]+/)
      rest = lines.pop() ?? ''
      lines.forEach(tell)
      if (rest.length > LONGEST_LINE) {
        tell(rest)
        rest = ''
      }
    },
    end() {
      tell(rest)
      rest = ''
    },
  }
}
