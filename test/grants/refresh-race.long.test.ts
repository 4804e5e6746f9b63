import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Replicas, startReplicas } from './replicas.ts'

const SERVERS = 3
const CALLERS = 20
const ROUNDS = Number(process.env.ROUNDS) || 200
const LIFE_MS = 2 * 3_600_000
/** It takes four minutes on a quiet machine. */
vi.setConfig({ testTimeout: 1_200_000 })

describe('a token that ends, asked for by 20 callers of three servers at once,', () => {
  let world: Replicas
  beforeAll(async () => {
    world = await startReplicas(SERVERS, 'test/grants/replica.ts')
  }, 300_000)
  afterAll(() => world.close())

  test('is refreshed by one call of its provider each time, and nobody fails', async () => {
    const connectionId = await world.link('raced')
    const clients = Array.from({ length: SERVERS }, (_, server) => world.client(server))
    const calls: number[] = []
    const problems: string[] = []
    const begun = performance.now()

    for (let round = 1; round <= ROUNDS; round++) {
      world.clock.pass(LIFE_MS)
      const before = world.refreshes().length
      // Half of them use the credential, half press "Refresh" on the card that they all see.
      const callers = Array.from({ length: CALLERS }, async (_, n) => {
        const connections = clients[n % SERVERS]?.connections
        const asked = n < CALLERS / 2 ? { connectionId } : { connectionId, credentialVersion: round }
        const seen = await (n < CALLERS / 2 ? connections?.validate : connections?.refresh)?.mutate(asked)
        if (seen?.status !== 'active' || seen.deferred || seen.credentialVersion !== round + 1)
          problems.push(`round ${round}: ${seen?.status} at version ${seen?.credentialVersion}: ${seen?.message}`)
      })
      for (const caller of await Promise.allSettled(callers))
        if (caller.status === 'rejected') problems.push(`round ${round}: ${caller.reason}`)
      calls.push(world.refreshes().length - before)
    }

    const seconds = Math.round((performance.now() - begun) / 1000)
    const sum = calls.reduce((one, other) => one + other, 0)
    process.stdout.write(
      `${ROUNDS} rounds, ${ROUNDS * CALLERS} callers, ${sum} refreshes, ${problems.length} problems, ${seconds} s\n`,
    )
    expect(problems).toEqual([])
    expect(calls).toEqual(calls.map(() => 1))
    expect(world.refreshes().map(({ status }) => status)).toEqual(calls.map(() => 200))
    expect(
      world.servers.flatMap((server) =>
        server
          .output()
          .split('\n')
          .filter((line) => /"level":[56]0/.test(line)),
      ),
    ).toEqual([])
  })
})
