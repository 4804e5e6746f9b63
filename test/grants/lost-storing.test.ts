import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LosingLine, openLosingLine } from '../faults/losing-line.ts'
import { type GrantWorld, startGrantWorld } from './grant-world.ts'

/** Tells the statement that stores a new pair from all others. */
const STORING = 'append:+connection_status,+credential,-credential'

let line: LosingLine
let world: GrantWorld
beforeAll(async () => {
  world = await startGrantWorld({
    async line(databaseUrl) {
      const url = new URL(databaseUrl)
      line = await openLosingLine(Number(url.port))
      url.host = `127.0.0.1:${line.port}`
      return url.href
    },
  })
})
afterAll(async () => {
  await world.close()
  await line[Symbol.asyncDispose]()
})

describe('a new pair of tokens, when the line to the database breaks', () => {
  test.each([
    { when: 'before the pair is stored', lost: 'question' as const },
    { when: 'after it was stored, unheard', lost: 'answer' as const },
  ])('$when, is kept and works', async ({ when, lost }) => {
    const { id } = await world.link({ provider: 'gitlab', name: when })
    const before = world.gitlab.requests.length
    line.lose(lost, STORING)
    await world.call('connections.refresh', { connectionId: id })
    expect(await world.get(id)).toMatchObject({ status: 'active', credentialVersion: 2 })
    const calls = world.gitlab.requests.slice(before).map(({ path }) => path)
    expect(calls.filter((path) => path === '/oauth/token')).toHaveLength(1)
    expect(calls).not.toContain('/oauth/revoke')
    expect((await world.eventsOf(id)).filter(({ type }) => type === 'TokenRefreshed')).toHaveLength(1)
    await world.call('connections.validate', { connectionId: id })
    expect(await world.get(id)).toMatchObject({ status: 'active', credentialVersion: 2 })
  })
})
