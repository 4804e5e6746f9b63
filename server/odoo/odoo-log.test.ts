import { describe, expect, test } from 'vitest'
import { type LogRecord, readOdooLog, withoutColours } from './odoo-log.ts'

function read(lines: readonly string[]): LogRecord[] {
  const reader = readOdooLog()
  return [...lines.map((line) => reader.push(line)), reader.end()].filter((record) => record !== null)
}

const at = '2026-11-28 01:02:03,456 123'

describe("Odoo's log", () => {
  test('is read record by record', () => {
    expect(read([`${at} INFO shop odoo.modules.loading: Loading module web_notify (3/12) `])).toEqual([
      {
        ...{ time: '2026-11-28 01:02:03,456', pid: 123, level: 'INFO', database: 'shop' },
        ...{ logger: 'odoo.modules.loading', message: 'Loading module web_notify (3/12)', more: [] },
      },
    ])
  })
  test('has no database where Odoo has none yet', () => {
    expect(read([`${at} INFO ? odoo: Odoo version 17.0 `])[0]).toMatchObject({
      database: null,
      message: 'Odoo version 17.0',
    })
  })
  test('joins what follows to its record', () => {
    const records = read([
      `${at} CRITICAL shop odoo.service.server: Failed to initialize database \`shop\`. `,
      'Traceback (most recent call last):',
      '  File "x.py", line 1, in <module>',
      '',
      'ValueError: no',
      `${at} INFO shop odoo.service.server: Initiating shutdown `,
    ])
    expect(records.map(({ level, more }) => [level, more.length])).toEqual([
      ['CRITICAL', 4],
      ['INFO', 0],
    ])
    expect(records[0]?.more.at(-1)).toBe('ValueError: no')
  })
  test('is understood in colours', () => {
    const line = `${at} \u001B[1;31m\u001B[1;49mERROR\u001B[0m shop \u001B[1;34modoo.x\u001B[0m: no `
    expect(read([line])[0]).toMatchObject({ level: 'ERROR', logger: 'odoo.x', message: 'no' })
    expect(withoutColours('\u001B[1;32mx\u001B[0m')).toBe('x')
  })
  test('keeps what a Python wrote that failed before it logged', () => {
    expect(read(['Traceback (most recent call last):', 'ImportError: x'])).toMatchObject([
      { level: 'INFO', logger: '', more: ['Traceback (most recent call last):', 'ImportError: x'] },
    ])
  })
  test('takes no line of a module for a record', () => {
    for (const line of ['2026-11-28 INFO x', `${at} LOUD shop x: y`, ` ${at} INFO shop x: y`, 'ERROR shop x: y']) {
      expect(read([`${at} INFO shop a: b`, line])).toMatchObject([{ message: 'b', more: [line] }])
    }
  })
  test('keeps the first and the last of a flood', () => {
    const flood = Array.from({ length: 200_000 }, (_, index) => `line ${index}`)
    const [record] = read([`${at} ERROR shop a: b`, ...flood])
    expect(record?.more[0]).toBe('line 0')
    expect(record?.more.at(-1)).toBe('line 199999')
    expect(record?.more.length).toBeLessThan(1_000)
  })
})
