import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { LIMITS } from '../../server/broker/host-gate.ts'
import { keepAlive } from '../../server/commands/refresh-token.ts'
import { type Job, jobSchemas } from '../../server/jobs/jobs.ts'
import { sweep } from '../../server/jobs/sweep.ts'
import { type FloodWorld, inParallel, LIFE_MS, startFloodWorld } from './flood-world.ts'

/** Some minutes of what one host is asked at most; GRANTS=10000 takes a quarter of an hour. */
const GRANTS = Number(process.env.GRANTS) || 1_000
vi.setConfig({ testTimeout: 1_500_000 })
const OF_ANOTHER_HOST = 50
/** As in a server. */
const WORKERS = 4
const MINUTE_MS = 60_000
/** How many people come each minute while the flood is dealt with. */
const PEOPLE = 5

describe(`${GRANTS} grants of one host that all end in the same minute`, () => {
  let world: FloodWorld
  let ids: string[]
  let others: string[]
  /** What was used, and was dead. */
  const dead: string[] = []
  beforeAll(async () => {
    world = await startFloodWorld()
    ids = await world.linkMany('github', GRANTS)
    others = await world.linkMany('gitlab', OF_ANOTHER_HOST)
  }, 300_000)
  afterAll(() => world.close())

  const use = async (provider: 'github' | 'gitlab', id: string, actor: 'person' | 'job' = 'person') => {
    if (!(await world.use(provider, id, actor))) dead.push(id)
  }

  test('are all renewed, by turns, while people are served and another host is not delayed', async () => {
    const { clock, crowded, quiet, shell } = world
    clock.pass(LIFE_MS)
    const begun = performance.now()
    let minutes = 0
    let mostInAPass = 0
    for (let due = 1; due > 0; minutes++) {
      const jobs: Job[] = []
      await sweep(shell, async (job) => void jobs.push(job))
      const keepAlives = jobs.filter(({ name }) => name === 'keep-alive')
      due = keepAlives.length
      mostInAPass = Math.max(mostInAPass, due)
      const people = Array.from({ length: PEOPLE }, (_, n) => ids[(minutes * 997 + n * 1_999) % GRANTS] ?? '')
      await Promise.all([
        inParallel(WORKERS, keepAlives, async ({ data }) => {
          const { connectionId, version } = jobSchemas['keep-alive'].parse(data)
          await keepAlive(shell, { connectionId, version }, world.by('job'))
        }),
        inParallel(PEOPLE, people, (id) => use('github', id)),
      ])
      if (minutes === 0) expect(quiet.calls).toHaveLength(OF_ANOTHER_HOST)
      clock.pass(MINUTE_MS)
    }
    const seconds = Math.round((performance.now() - begun) / 1000)
    const told = [
      `${crowded.calls.length} refreshes of ${GRANTS} grants in ${minutes} minutes of the test's clock (${seconds} s)`,
      `${mostInAPass} in a pass, ${crowded.mostAtOnce()} at once and ${crowded.mostInAMinute()} a minute at most`,
    ]
    process.stdout.write(`${told.join('; ')}\n`)
    expect(crowded.calls).toHaveLength(GRANTS)
    expect(crowded.refused).toEqual([])
    expect(crowded.mostAtOnce()).toBeLessThanOrEqual(LIMITS.atOnce)
    expect(crowded.mostInAMinute()).toBeLessThanOrEqual(LIMITS.perMinute)
    expect(minutes).toBeLessThanOrEqual(Math.ceil(GRANTS / 100) + 2)
    expect(dead).toEqual([])
  }, 1_800_000)

  test('and are all asked for at once, are refreshed people first, and none is used after its end', async () => {
    const { clock, crowded, quiet } = world
    clock.pass(2 * LIFE_MS - MINUTE_MS * 200)
    const [forPeople, forJobs] = [60, 280]
    const before = { crowded: crowded.calls.length, quiet: quiet.calls.length }
    const order: ('person' | 'job')[] = []
    const asking = ids.slice(0, forJobs + forPeople).map(async (id, n) => {
      const actor = n < forJobs ? 'job' : 'person'
      await use('github', id, actor)
      order.push(actor)
    })
    const done = Promise.all(asking)
    const called = () => crowded.calls.length - before.crowded
    await vi.waitFor(() => expect(called()).toBe(LIMITS.perMinute), 60_000)
    // The host's minute is spent; another host's is not.
    await Promise.all(others.slice(0, 20).map((id) => use('gitlab', id)))
    expect(quiet.calls.length - before.quiet).toBe(20)
    await vi.waitFor(() => expect(order.length).toBe(LIMITS.perMinute), 60_000)
    expect(order.filter((actor) => actor === 'person')).toHaveLength(forPeople)
    for (const reached of [2 * LIMITS.perMinute, forJobs + forPeople]) {
      clock.pass(MINUTE_MS)
      await vi.waitFor(() => expect(called()).toBe(reached), 60_000)
    }
    await done
    expect(crowded.refused).toEqual([])
    expect(crowded.mostAtOnce()).toBeLessThanOrEqual(LIMITS.atOnce)
    expect(crowded.mostInAMinute()).toBeLessThanOrEqual(LIMITS.perMinute)
    expect(dead).toEqual([])
  })
})
