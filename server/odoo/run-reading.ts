import type { LogRecord } from './odoo-log.ts'
import { causeOf } from './traceback.ts'

const KEPT = 20
const LINE_LENGTH = 500

/** Something that went wrong, and in which module. */
export interface Trouble {
  readonly module: string | null
  readonly text: string
}

/** What is remembered of a run's log, however long it is. */
export interface RunReading {
  /** Being loaded at this moment. */
  readonly module: string | null
  /** Loaded or begun. */
  readonly touched: readonly string[]
  /** Names that Odoo did not know. */
  readonly ignored: readonly string[]
  /** Modules that the run left undone, with the reason that Odoo gave. */
  readonly undone: readonly Trouble[]
  readonly statesReset: boolean
  readonly notInitialised: boolean
  readonly testsFailed: boolean
  /** The first ERROR or CRITICAL line, and how many there were. */
  readonly error: Trouble | null
  readonly errors: number
  /** The cause that the last traceback of an ERROR or CRITICAL line gives. */
  readonly raised: Trouble | null
  /** The same of a traceback that was not logged, as of a Python that fails before it logs. */
  readonly stray: Trouble | null
  /** The last line outside the log, such as what is wrong with an option. */
  readonly lastWords: string | null
  readonly warnings: { readonly count: number; readonly first: readonly string[] }
}

/** Before the first record. */
export const NOTHING_READ: RunReading = {
  ...{ module: null, touched: [], ignored: [], undone: [], statesReset: false, notInitialised: false },
  ...{ testsFailed: false, error: null, errors: 0, raised: null, stray: null, lastWords: null },
  warnings: { count: 0, first: [] },
}

/** Folds the next record in. */
export function readRecord(reading: RunReading, record: LogRecord): RunReading {
  const located = locate(reading, record)
  switch (record.level) {
    case 'DEBUG':
    case 'INFO':
      return readUnlogged(readFact(located, record), record)
    case 'WARNING':
      return readUnlogged(readFact(warned(located, record), record), record)
    case 'ERROR':
    case 'CRITICAL':
      return failed(readFact(located, record), record)
  }
}

/** Follows which module is being loaded. */
function locate(reading: RunReading, { logger, message }: LogRecord): RunReading {
  if (!/^(odoo|openerp)\.modules/.test(logger)) return reading
  const begun =
    /^loading module (\w+) \(\d+\/\d+\)$/i.exec(message) ??
    /^module (\w+): creating or updating database table/i.exec(message) ??
    /^loading (\w+)\//.exec(message)
  if (begun?.[1]) return touch(reading, begun[1], begun[1])
  const ended = /^module (\w+) loaded in /i.exec(message)
  if (ended?.[1]) return touch(reading, ended[1], null)
  if (/^\d+ modules loaded in |^modules loaded\.$/i.test(message)) return { ...reading, module: null }
  return reading
}

function touch(reading: RunReading, name: string, module: string | null): RunReading {
  const known = reading.touched.at(-1) === name || reading.touched.includes(name)
  return { ...reading, module, touched: known ? reading.touched : [...reading.touched, name] }
}

/** What Odoo says in passing although it decides the run. */
function readFact(reading: RunReading, { message, level }: LogRecord): RunReading {
  if (message.startsWith('Transient module states were reset')) return { ...reading, statesReset: true }
  if (message.startsWith('At least one test failed')) return { ...reading, testsFailed: true }
  if (/^Database \S+ not initialized/.test(message)) return { ...reading, notInitialised: true }
  const ignored = /^invalid module names, ignored: (.+)$/.exec(message)
  if (ignored?.[1]) return { ...reading, ignored: [...reading.ignored, ...ignored[1].split(/,\s*/)] }
  const listed = /^Some modules (?:have inconsistent states|are not loaded), .*: \[(.*)\]$/.exec(message)
  if (listed?.[1]) return undone(reading, quotedNames(listed[1]), message)
  const one =
    /^module (\w+): (?:Unmet dependenc\w+: .+|some depends are not loaded, skipped|not installable, skipped|in a dependency loop, skipped)$/i.exec(
      message,
    ) ?? (level === 'WARNING' ? /^The module (\w+) has an incompatible version, /.exec(message) : null)
  return one?.[1] ? undone(reading, [one[1]], message) : reading
}

function undone(reading: RunReading, modules: readonly string[], text: string): RunReading {
  // The first reason is the closer one: the list at the end only repeats the names.
  const fresh = modules.filter((name) => !reading.undone.some(({ module }) => module === name))
  return { ...reading, undone: [...reading.undone, ...fresh.map((module) => ({ module, text }))] }
}

function quotedNames(list: string): string[] {
  return [...list.matchAll(/['"](\w+)['"]/g)].map(([, name = '']) => name)
}

function warned(reading: RunReading, { message }: LogRecord): RunReading {
  const { count, first } = reading.warnings
  const kept = first.length < KEPT ? [...first, message.slice(0, LINE_LENGTH)] : first
  return { ...reading, warnings: { count: count + 1, first: kept } }
}

function failed(reading: RunReading, { message, more, logger }: LogRecord): RunReading {
  const module = reading.module ?? /^odoo\.addons\.(\w+)/.exec(logger)?.[1] ?? null
  const cause = causeOf(more)
  return {
    ...reading,
    errors: reading.errors + 1,
    error: reading.error ?? { module, text: (cause ? `${message}: ${cause}` : message).slice(0, LINE_LENGTH) },
    raised: cause === null ? reading.raised : { module: reading.raised?.module ?? module, text: cause },
  }
}

function readUnlogged(reading: RunReading, { more }: LogRecord): RunReading {
  if (more.length === 0) return reading
  const cause = causeOf(more)
  const lastWords = more.findLast((line) => line.trim() !== '')?.slice(0, LINE_LENGTH) ?? reading.lastWords
  return { ...reading, lastWords, stray: cause === null ? reading.stray : { module: reading.module, text: cause } }
}
