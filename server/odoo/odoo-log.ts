/** The levels that Python's logging writes, from the mildest. */
export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL'

/** What Odoo said once, with the lines that belong to it. */
export interface LogRecord {
  /** As Odoo writes it, in UTC: `2026-11-28 01:02:03,456`. */
  readonly time: string
  readonly pid: number
  readonly level: LogLevel
  /** Null where Odoo wrote `?`. */
  readonly database: string | null
  /** Such as `odoo.modules.loading`. */
  readonly logger: string
  /** Without colours. */
  readonly message: string
  /** What followed on lines of its own, such as a traceback; of very many, the first and the last. */
  readonly more: readonly string[]
}

/** Joins lines to records. */
export interface LogReader {
  /** Takes the next line; gives the record that it ends, if any. */
  push(line: string): LogRecord | null
  /** Gives the last record. */
  end(): LogRecord | null
}

const LINE = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) (\d+) (DEBUG|INFO|WARNING|ERROR|CRITICAL) (\S+) ([^\s:]+): (.*)$/s
/** Colours and the like, as terminals take them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with the escape character
const ANSI = /\u001B\[[0-9;]*[A-Za-z]/g
const FIRST_KEPT = 100
const LAST_KEPT = 400

/**
 * Reads Odoo's log line by line, and keeps no more of it than one record. Lines before the first record, as of a Python
 * that fails before it logs, make one of level INFO without a logger.
 * @see https://github.com/odoo/odoo/blob/17.0/odoo/netsvc.py
 */
export function readOdooLog(): LogReader {
  let head: LogRecord | null = null
  let first: string[] = []
  let last: string[] = []

  const complete = () => {
    const record = head && { ...head, more: [...first, ...last] }
    head = null
    first = []
    last = []
    return record
  }
  return {
    push(line) {
      const text = withoutColours(line)
      const next = parseLine(text)
      if (next) {
        const record = complete()
        head = next
        return record
      }
      head ??= { time: '', pid: 0, level: 'INFO', database: null, logger: '', message: '', more: [] }
      if (first.length < FIRST_KEPT) first.push(text)
      else last.push(text)
      // Thinned out seldom, so that a flood costs little.
      if (last.length >= 2 * LAST_KEPT) last = last.slice(-LAST_KEPT)
      return null
    },
    end: complete,
  }
}

/** A line without its colours; for display they may stay. */
export function withoutColours(line: string): string {
  return line.includes('\u001B') ? line.replace(ANSI, '') : line
}

function parseLine(line: string): LogRecord | null {
  const match = LINE.exec(line)
  if (!match) return null
  const [, time = '', pid = '', level = '', database = '', logger = '', message = ''] = match
  if (!isLevel(level)) return null
  return {
    ...{ time, pid: Number(pid), level, database: database === '?' ? null : database, logger },
    ...{ message: message.trimEnd(), more: [] },
  }
}

function isLevel(text: string): text is LogLevel {
  return text === 'DEBUG' || text === 'INFO' || text === 'WARNING' || text === 'ERROR' || text === 'CRITICAL'
}
