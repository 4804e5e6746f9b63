import { randomUUID } from 'node:crypto'
import { openEventStore, openPool } from '@git-connections/events/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { command, create, openWorld, registry } from './history.ts'
import { againstLog, brokenOrder, newClaim } from './ledger.ts'
import { openLosingLine } from './losing-line.ts'

let world: Awaited<ReturnType<typeof openWorld>>

beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

describe('a command whose answer from the database was lost', () => {
  test('is carried out once, and says so when it is asked again', async () => {
    const url = new URL(world.connectionString)
    await using line = await openLosingLine(Number(url.port))
    url.host = `127.0.0.1:${line.port}`
    const pool = openPool(url.href, { max: 2 })
    const store = await openEventStore({ pool, registry, listen: false })
    const [organizationId, connectionId, commandId] = [randomUUID(), randomUUID(), randomUUID()]
    const at = { organizationId, connectionId, commandId }

    line.lose('answer', 'append:')
    await expect(command(store, at, create())).rejects.toThrow()
    expect(await command(store, at, create())).toMatchObject({ repeated: true, version: 1, events: [] })

    const claim = newClaim({ organizationId, streamId: connectionId, commandId, events: ['ConnectionCreated'] })
    expect(await againstLog(world.store.db, [{ ...claim, answer: 'acknowledged' }])).toEqual([])
    expect(await brokenOrder(world.store.db)).toEqual([])
    await store.close()
    await pool.end()
  })
})
