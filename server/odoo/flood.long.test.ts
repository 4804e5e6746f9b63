import { expect, test } from 'vitest'
import { readOdooLog } from './odoo-log.ts'
import { runConfined } from './run-confined.ts'
import { NOTHING_READ, readRecord } from './run-reading.ts'

const MEGABYTE = 1024 * 1024

/** Runs a script as ourselves, reads what it writes as Odoo's log, and measures what of it stays in memory. */
async function flood(script: string) {
  const reader = readOdooLog()
  let [reading, lines, most] = [NOTHING_READ, 0, 0]
  const before = process.memoryUsage().rss
  const outcome = await runConfined({
    ...{ account: { is: 'same' }, command: ['sh', '-c', script], environment: {}, deadlineMs: 500_000 },
    signal: new AbortController().signal,
    onLine: (_, text) => {
      const record = reader.push(text)
      if (record) reading = readRecord(reading, record)
      if (++lines % 10_000 === 0 || text.length > 10_000) most = Math.max(most, process.memoryUsage().rss - before)
    },
  })
  return { ...outcome, lines, reading, megabytes: most / MEGABYTE }
}

test('a million lines of a log are taken, the rest is counted, and the memory stays', async () => {
  const line =
    '2026-11-28 01:02:03,456 123 WARNING shop odoo.addons.floods: %.0fand more of the same and more of the same'
  const { end, lines, linesLeftOut, reading, megabytes } = await flood(`seq -f '${line}' 1 1200000`)
  expect(end).toEqual({ is: 'exited', code: 0 })
  expect([lines, linesLeftOut]).toEqual([1_000_000, 200_000])
  expect(reading.warnings.count).toBe(999_999)
  expect(megabytes).toBeLessThan(300)
})

test('a gigabyte without a line end is one cut line, and the memory stays', async () => {
  const { end, lines, megabytes } = await flood('head -c 1073741824 /dev/zero')
  expect(end).toEqual({ is: 'exited', code: 0 })
  expect(lines).toBe(1)
  expect(megabytes).toBeLessThan(300)
})
