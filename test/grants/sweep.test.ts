import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Cause } from '../../server/commands/cause.ts'
import { keepAlive } from '../../server/commands/refresh-token.ts'
import type { Job } from '../../server/jobs/jobs.ts'
import { sweep } from '../../server/jobs/sweep.ts'
import { pressConsent } from '../simulators/press-consent.ts'
import { type GrantWorld, startGrantWorld } from './grant-world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let world: GrantWorld
beforeAll(async () => {
  world = await startGrantWorld()
})
afterAll(() => world.close())

/** Links a token that ends after so many days, and waits until the provider has told so. */
async function linkEnding(name: string, days: number | null): Promise<string> {
  const expiresAt = days === null ? null : new Date(world.clock.now().getTime() + days * DAY_MS)
  const token = world.github.token({ kind: 'classic', user: 'acme-bot', scopes: ['repo', 'read:org'], expiresAt })
  const made = await world.call('connections.create', {
    ...{ provider: 'github', name, credential: { kind: 'token', token } },
  })
  const id = (await world.list()).find((connection) => connection.name === name)?.id
  if (id === undefined) throw new Error(`nothing was made: ${JSON.stringify(made)}`)
  await vi.waitFor(async () => expect(await world.get(id)).toMatchObject({ status: 'active' }), 20_000)
  return id
}

/** Looks for what is due, and gives the jobs that were put. */
async function look(): Promise<Job[]> {
  const jobs: Job[] = []
  await sweep(world.server.shell, async (job) => {
    jobs.push(job)
  })
  return jobs
}

const ofConnection = (jobs: Job[], id: string) =>
  jobs.filter(({ data }) => 'connectionId' in data && data.connectionId === id).map(({ name }) => name)

async function warningsOf(id: string): Promise<unknown[]> {
  const events = await world.eventsOf(id)
  return events.filter(({ type }) => type === 'ExpiryApproaching').map(({ data }) => data)
}

describe('what comes due, with nobody asking', () => {
  test('is a token whose end has come: it turns Expired at that time, and no sooner', async () => {
    const id = await linkEnding('short', 0.5)
    await look()
    expect(await world.get(id)).toMatchObject({ status: 'active' })
    world.clock.pass(0.5 * DAY_MS + 1_000)
    await look()
    expect(await world.get(id)).toMatchObject({ status: 'expired', advice: { action: 'validate' } })
    expect((await world.eventsOf(id)).map(({ type }) => type)).toContain('ConnectionExpired')
  })

  test('is an end that is near: it is told 30, 14, 7 and 1 days before, once each', async () => {
    const id = await linkEnding('long', 40)
    const told: unknown[] = []
    for (let day = 0; day < 40; day++) {
      await look()
      await look()
      const all = await warningsOf(id)
      if (all.length > told.length) told.push({ day, ...Object(all.at(-1)) })
      expect(all).toHaveLength(told.length)
      world.clock.pass(DAY_MS)
    }
    expect(told).toMatchObject([
      { day: 10, daysLeft: 30, what: 'credential' },
      { day: 26, daysLeft: 14 },
      { day: 33, daysLeft: 7 },
      { day: 39, daysLeft: 1 },
    ])
  })

  test('is the daily check of each connection that is enabled', async () => {
    const watched = await linkEnding('watched', null)
    const rested = await linkEnding('rested', null)
    await world.call('connections.disable', { connectionId: rested })
    world.clock.pass(21 * HOUR_MS)
    expect(ofConnection(await look(), watched)).toEqual([])
    world.clock.pass(5 * HOUR_MS)
    const jobs = await look()
    expect(ofConnection(jobs, watched)).toEqual(['validate-connection'])
    expect(ofConnection(jobs, rested)).toEqual([])
  })

  test('is a grant that nobody uses, long before its refresh token ends', async () => {
    const { id } = await world.link({ provider: 'github', name: 'idle' })
    const keepAlives = async () => (await look()).flatMap((job) => (job.name === 'keep-alive' ? [job] : []))
    world.clock.pass(59 * DAY_MS)
    expect((await keepAlives()).filter(({ data }) => data.connectionId === id)).toEqual([])
    world.clock.pass(32 * DAY_MS)
    const [job] = (await keepAlives()).filter(({ data }) => data.connectionId === id)
    if (!job) throw new Error('nothing is to be kept alive')
    const by: Cause = {
      actor: { kind: 'job', id: 'keep-alive', name: 'Token refresh' },
      organizationId: job.data.organizationId,
      ...{ commandId: job.data.eventId, correlationId: job.data.eventId, causationId: null },
    }
    await keepAlive(world.server.shell, job.data, by)
    // A second one of the same version, as after a crash, changes nothing.
    await keepAlive(world.server.shell, job.data, { ...by, commandId: crypto.randomUUID() })
    expect((await world.get(id)).credentialVersion).toBe(job.data.version + 1)
    expect((await keepAlives()).filter(({ data }) => data.connectionId === id)).toEqual([])
  })

  test('is the end of a sign-in that nobody settled: nothing of it is kept', async () => {
    const { id: connectionId } = await world.link({ provider: 'gitlab', name: 'kept' })
    const { authorizationId, url } = await world.authorize({ connectionId })
    await world.comeBack(await pressConsent(url, { user: 'mallory' }))
    expect(await world.told(authorizationId)).toMatchObject({ status: 'confirm' })
    const sealedOf = (id: string) =>
      world.server.shell.db.selectFrom('credential').select('field').where('connection_id', '=', id).execute()
    expect(await sealedOf(authorizationId)).toHaveLength(2)
    world.clock.pass(26 * HOUR_MS)
    await look()
    await expect(world.told(authorizationId)).rejects.toThrow()
    expect(await sealedOf(authorizationId)).toEqual([])
    expect(await sealedOf(connectionId)).toHaveLength(2)
  })

  test('takes nothing from the connection that a sign-in has made', async () => {
    const { id } = await world.link({ provider: 'gitlab', name: 'lasting' })
    world.clock.pass(26 * HOUR_MS)
    await look()
    await world.call('connections.validate', { connectionId: id })
    expect(await world.get(id)).toMatchObject({ status: 'active', credentialVersion: 2 })
  })
})
