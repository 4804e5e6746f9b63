import type { AuditEntry } from '../api.ts'

/** What stands on one line of a timeline: one entry, or a run of checks that found the same. */
export interface Line {
  /** The newest first. */
  readonly entries: readonly AuditEntry[]
  /** The earliest and the latest of them. */
  readonly first: AuditEntry
  readonly last: AuditEntry
}

/** Fewer than these stand each for itself. */
const SHORTEST_RUN = 3

/** Folds runs of routine checks into one line each; takes and gives the newest first. */
export function foldTimeline(entries: readonly AuditEntry[]): Line[] {
  const runs: AuditEntry[][] = []
  for (const entry of entries) {
    const run = runs.at(-1)
    const before = run?.[0]
    const outcome = outcomeOf(entry)
    if (run && before?.type === entry.type && outcome !== null && outcomeOf(before) === outcome) run.push(entry)
    else runs.push([entry])
  }
  return runs.flatMap((run) => (run.length < SHORTEST_RUN ? run.flatMap((entry) => lineOf([entry])) : lineOf(run)))
}

/** A run of checks as "checked 12 times, always Active". */
export function runWords({ entries, last }: Line): string {
  const times = `${entries.length.toLocaleString('en')} times`
  if (last.type === 'ValidationDeferred') return `could not settle a check ${times}`
  const outcome = outcomeOf(last) ?? ''
  return `checked ${times}, always ${outcome.charAt(0).toUpperCase()}${outcome.slice(1)}`
}

function lineOf(entries: readonly AuditEntry[]): Line[] {
  const [last, first] = [entries[0], entries.at(-1)]
  return first && last ? [{ entries, first, last }] : []
}

/** What a check found, or why it found nothing; null for what is no check. */
function outcomeOf({ type, data }: AuditEntry): string | null {
  if (typeof data !== 'object' || data === null) return null
  if (type === 'ConnectionValidated' && 'outcome' in data) return String(data.outcome)
  if (type === 'ValidationDeferred' && 'reason' in data) return String(data.reason)
  return null
}
