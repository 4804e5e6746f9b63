import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { eventsByStream } from './all-events.ts'
import { connectionEvents } from './connection/events.ts'
import { createRegistry, defineEvent, readData, UnreadableEvent } from './event.ts'

const streams = Object.entries(eventsByStream).map(([stream, definitions]) => ({ stream, definitions }))

describe.each(streams)('stored events of the $stream stream', ({ stream, definitions }) => {
  const folder = new URL(`./${stream}/fixtures/`, import.meta.url)
  const registry = createRegistry(definitions)

  test.each(readdirSync(folder))('are read from %s', (file) => {
    const [type = '', version = ''] = file.split('.')
    const data: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'))
    const schemaVersion = Number(version.slice(1))
    const read = readData(registry, { type, schemaVersion, data })
    if (schemaVersion === registry.get(type)?.version) expect(read, 'nothing is dropped or changed').toEqual(data)
  })
})

describe('data of an older version', () => {
  const measured = defineEvent('Measured', {
    version: 3,
    data: z.object({ celsius: z.number(), where: z.string().nullable() }),
    upcast: {
      1: ({ temperature }: { temperature: string }) => ({ celsius: Number(temperature) }),
      2: (v2: { celsius: number }) => ({ ...v2, where: null }),
    },
  })
  const registry = createRegistry([measured])
  const read = (schemaVersion: number, data: unknown) => readData(registry, { type: 'Measured', schemaVersion, data })

  test('is lifted one version after the other', () => {
    expect(read(1, { temperature: '21.5' })).toEqual({ celsius: 21.5, where: null })
    expect(read(2, { celsius: 4 })).toEqual({ celsius: 4, where: null })
    expect(read(3, { celsius: 4, where: 'roof' })).toEqual({ celsius: 4, where: 'roof' })
  })

  test('is refused when what comes out does not fit, without being quoted', () => {
    const reading = () => read(1, { temperature: 'warm-secret' })
    expect(reading).toThrow(UnreadableEvent)
    expect(reading).toThrow(/^Measured version 1 does not fit its schema$/)
  })

  test('is refused when no upcaster begins at its version', () => {
    expect(() => read(0, {})).toThrow(/^Measured version 0 has no upcaster$/)
  })

  test('is refused at the declaration when a version has no upcaster', () => {
    const declaring = () => defineEvent('Measured', { version: 3, data: z.object({}), upcast: { 2: () => ({}) } })
    expect(declaring).toThrow('Measured has no upcaster from version 1')
  })
})

describe('an event that cannot be read', () => {
  const registry = createRegistry(connectionEvents)
  test.each([
    [
      'of an unknown type',
      { type: 'ConnectionPainted', schemaVersion: 1, data: {} },
      'No reader for ConnectionPainted',
    ],
    [
      'of a version from the future',
      { type: 'ConnectionRenamed', schemaVersion: 2, data: { name: 'acme' } },
      'ConnectionRenamed version 2 is newer than this program (1)',
    ],
    [
      'with broken data',
      { type: 'ConnectionRenamed', schemaVersion: 1, data: { name: 42 } },
      'ConnectionRenamed version 1 does not fit its schema',
    ],
    [
      'with no data at all',
      { type: 'ConnectionRenamed', schemaVersion: 1, data: null },
      'ConnectionRenamed version 1 does not fit its schema',
    ],
  ])('%s is told by type and version', (_, stored, message) => {
    const reading = () => readData(registry, stored)
    expect(reading).toThrow(UnreadableEvent)
    expect(reading).toThrow(message)
  })
})
