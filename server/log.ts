import { type Logger as Log, pino } from 'pino'

export type { Log }

/** The only logger: one JSON line an entry, with the fields that may hold a secret blanked. */
export function createLog(level: string): Log {
  return pino({
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
  })
}
