import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Cause } from '../../server/commands/cause.ts'
import { createConnection } from '../../server/commands/create-connection.ts'
import { validateConnection } from '../../server/commands/validate-connection.ts'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'

let gitlab: GitLabSimulator
let server: RunningServer
let closers: (() => PromiseLike<unknown>)[] = []
let now = Date.now()

beforeAll(async () => {
  gitlab = await startGitLab()
  const database = await createTestDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'refusals-'))
  closers = [
    () => gitlab[Symbol.asyncDispose](),
    () => rm(dataDir, { recursive: true }),
    () => database[Symbol.asyncDispose](),
  ]
  const config = readConfig({
    ...{ PORT: '0', DATABASE_URL: database.connectionString, DATA_DIR: dataDir },
    ...{ GITLAB_URL: gitlab.url, TRUSTED_HOSTS: new URL(gitlab.url).host },
  })
  server = await startServer(config, createLog('silent'), { clock: () => new Date(now), sleep: async () => {} })
  closers.push(() => server.stop())
  gitlab.user({ username: 'ada' })
})
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

/** An organization with so many connections that worked, whose tokens GitLab then lost. */
async function organizationWithLostTokens(count: number) {
  const organizationId = randomUUID()
  const by = (): Cause => {
    const id = randomUUID()
    return {
      actor: { kind: 'person', id: 'ada', name: 'Ada' },
      organizationId,
      commandId: id,
      correlationId: id,
      causationId: null,
    }
  }
  const connections: { id: string; token: string }[] = []
  for (let n = 0; n < count; n++) {
    const token = gitlab.token({ user: 'ada', scopes: ['api'] })
    const asked = { provider: 'gitlab', name: `${n}`, certificateAuthority: null } as const
    const { id } = await createConnection(server.shell, { ...asked, credential: { kind: 'token', token } }, by())
    connections.push({ id, token })
  }
  const statuses = async () => {
    const rows = await server.shell.db
      .selectFrom('connection_status')
      .select(['status', 'confirming'])
      .where('organization_id', '=', organizationId)
      .execute()
    return [...new Set(rows.map(({ status, confirming }) => (confirming ? `${status}, in doubt` : status)))]
  }
  // Each is checked by a job of its own; a later one must not meet a token that is gone already.
  await expect.poll(statuses, { timeout: 15_000 }).toEqual(['active'])
  for (const { token } of connections) gitlab.forget({ token })
  return {
    statuses,
    async validate() {
      for (const { id } of connections) await validateConnection(server.shell, id, by())
    },
  }
}

const pass = (seconds: number) => {
  now += seconds * 1000
}

describe('a token that GitLab knows no more', () => {
  test('is Revoked when it is refused again half a minute later', async () => {
    const { validate, statuses } = await organizationWithLostTokens(1)
    expect(await statuses()).toEqual(['active'])
    await validate()
    await validate()
    expect(await statuses()).toEqual(['active, in doubt'])
    pass(31)
    await validate()
    expect(await statuses()).toEqual(['revoked'])
  })

  test('is held for ten minutes when others of the instance are refused too, and not for ever', async () => {
    const { validate, statuses } = await organizationWithLostTokens(5)
    await validate()
    pass(31)
    await validate()
    expect(await statuses()).toEqual(['active, in doubt'])
    pass(540)
    await validate()
    expect(await statuses()).toEqual(['active, in doubt'])
    pass(60)
    await validate()
    expect(await statuses()).toEqual(['revoked'])
  })
})
