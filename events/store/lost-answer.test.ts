import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type LosingLine, openLosingLine } from '../../test/faults/losing-line.ts'
import { append } from './append.ts'
import { openPool } from './database.ts'
import { type EventStore, openEventStore } from './event-store.ts'
import { note, notes, openNotes, positionsOf } from './notes.ts'

/** The append's statement has its name on the line. */
const SAID = 'append:'
const AT_ONCE = 5

let opened: Awaited<ReturnType<typeof openNotes>>
let line: LosingLine
let pool: pg.Pool
/** A store whose line to the database can break. */
let store: EventStore
let organizationId: string

beforeAll(async () => {
  opened = await openNotes()
  const url = new URL(opened.database.connectionString)
  line = await openLosingLine(Number(url.port))
  url.host = `127.0.0.1:${line.port}`
  pool = openPool(url.href, { max: 4 })
  store = await openEventStore({ pool, registry: notes, listen: false })
})
afterAll(async () => {
  await store.close()
  await pool.end()
  await line[Symbol.asyncDispose]()
  await opened.close()
})
beforeEach(() => {
  organizationId = randomUUID()
})

const newNote = () => note({ organizationId, streamId: randomUUID(), expectedVersion: 0, text: 'a' })
const positions = () => positionsOf(opened.store, organizationId)

describe('an append on a line that breaks', () => {
  test('before it was heard fails, and is carried out when it is tried again', async () => {
    const command = newNote()
    line.lose('question', SAID)
    await expect(append(store, command)).rejects.toThrow()
    expect(await positions()).toEqual([])
    expect(await append(store, command)).toMatchObject({ is: 'appended' })
    expect(await positions()).toEqual([1])
  })

  test('after it was carried out fails too, and is found to be done when it is tried again', async () => {
    const command = newNote()
    line.lose('answer', SAID)
    await expect(append(store, command)).rejects.toThrow()
    expect(await positions()).toEqual([1])
    expect(await append(store, command)).toEqual({ is: 'conflict' })
    expect(await positions()).toEqual([1])
  })
})

describe('appends of one moment on a line that breaks', () => {
  const appendAll = () => Promise.all(Array.from({ length: AT_ONCE }, () => append(store, newNote())))
  const all = Array.from({ length: AT_ONCE }, (_, index) => index + 1)

  test('before they were heard are carried out one by one', async () => {
    line.lose('question', SAID)
    expect((await appendAll()).map(({ is }) => is)).toEqual(all.map(() => 'appended'))
    expect(await positions()).toEqual(all)
  })

  test('after they were carried out are found to be done, each by its own receipt', async () => {
    line.lose('answer', SAID)
    expect((await appendAll()).map(({ is }) => is)).toEqual(all.map(() => 'conflict'))
    expect(await positions()).toEqual(all)
  })
})
