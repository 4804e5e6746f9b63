import { type Logger as Log, pino } from 'pino'
import { withoutTokens } from './token-forms.ts'

export type { Log }

/** What terminals and readers obey instead of showing it. JSON escapes the rest of the control characters itself. */
const OBEYED = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu

/**
 * The only logger: one JSON line an entry, with the fields that may hold a secret blanked, and with them whatever
 * looks like a token in any text.
 */
export function createLog(level: string, write: (line: string) => void = standardOutput()): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'token',
        'password',
        'secret',
        'key',
        'authorization',
        'cookie',
        '*.token',
        '*.password',
        '*.secret',
        '*.key',
        '*.authorization',
        '*.cookie',
      ],
      censor: '[secret]',
    },
    // An error of a library may carry a request with its headers: only name, message and stack are written.
    serializers: {
      err: (error: unknown) =>
        error instanceof Error
          ? { name: error.name, message: error.message, stack: error.stack }
          : { message: 'not an Error' },
    },
  }
  return pino(options, { write: (line: string) => write(withoutTokens(line).replace(OBEYED, escaped)) })
}

function standardOutput(): (line: string) => void {
  const output = pino.destination({ dest: 1, sync: true })
  return (line) => void output.write(line)
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('')
}
