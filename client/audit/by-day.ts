import type { AuditEntry } from '../api.ts'

const dayWords = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' })

/** Entries, the newest first, under the reader's own calendar days. */
export function byDay(entries: readonly AuditEntry[]): { day: string; entries: AuditEntry[] }[] {
  const days: { day: string; entries: AuditEntry[] }[] = []
  for (const entry of entries) {
    const day = dayWords.format(new Date(entry.recordedAt))
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, entries: [entry] })
  }
  return days
}
