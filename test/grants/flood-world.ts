import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProviderName } from '@git-connections/events'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { type Kysely, sql } from 'kysely'
import { answered } from '../../events/connection/examples.ts'
import type { Cause } from '../../server/commands/cause.ts'
import { executeOnConnection } from '../../server/commands/connection.ts'
import { readConfig } from '../../server/config.ts'
import type { Tables } from '../../server/database/tables.ts'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { createClock } from './grant-world.ts'
import { startTokenEndpoint } from './token-endpoint.ts'

const LINKED_AT_ONCE = 50
/** An access token's life; the refresh token lives twice as long, and is to be used after half of that. */
export const LIFE_MS = 4 * 3_600_000

/** A server with very many grants at two hosts that have a token endpoint and nothing else. */
export async function startFloodWorld() {
  const clock = createClock()
  const [crowded, quiet, database, dataDir] = await Promise.all([
    startTokenEndpoint({ now: clock.now, lifeMs: LIFE_MS }),
    startTokenEndpoint({ now: clock.now, lifeMs: LIFE_MS }),
    createTestDatabase(),
    mkdtemp(join(tmpdir(), 'flood-')),
  ])
  const hosts = { github: crowded, gitlab: quiet }
  const config = readConfig({
    ...{ PORT: '0', DATABASE_URL: database.connectionString, DATA_DIR: dataDir },
    ...{ GITHUB_URL: crowded.url, GITHUB_CLIENT_ID: 'hub', GITHUB_CLIENT_SECRET: 'secret of hub' },
    ...{ GITLAB_URL: quiet.url, GITLAB_CLIENT_ID: 'lab', GITLAB_CLIENT_SECRET: 'secret of lab' },
    TRUSTED_HOSTS: [crowded, quiet].map(({ url }) => new URL(url).host).join(','),
  })
  const server = await startServer(config, createLog('silent'), { clock: clock.now, sleep: async () => {} })
  const { shell } = server
  await takeNoJobs(shell.db)
  const organizationId = randomUUID()
  const by = (kind: 'person' | 'job'): Cause => {
    const commandId = randomUUID()
    return {
      actor: { kind, id: kind, name: kind },
      ...{ organizationId, commandId, correlationId: commandId, causationId: null },
    }
  }

  async function link(provider: ProviderName): Promise<string> {
    const connectionId = randomUUID()
    const { url, grant } = hosts[provider]
    const { accessToken, refreshToken, endsAt } = grant()
    const place = { organizationId, connectionId, version: 1 }
    const now = clock.now()
    const credential = {
      ...{ kind: 'oauth' as const, clientId: provider === 'github' ? 'hub' : 'lab', scopes: null, refreshable: true },
      ...{ accessExpiresAt: endsAt.toISOString() },
      refreshExpiresAt: new Date(now.getTime() + 2 * LIFE_MS).toISOString(),
    }
    const fingerprint = shell.vault.fingerprint(accessToken)
    await executeOnConnection(
      shell,
      connectionId,
      {
        ...{ type: 'CreateConnection', name: connectionId, provider, method: 'oauth', baseUrl: url, fingerprint },
        ...{
          credential,
          certificateAuthority: null,
          checked: { verdict: answered('active', now), at: now, jitter: 0 },
        },
      },
      by('person'),
      {
        rows: () => [
          shell.vault.seal({ ...place, field: 'accessToken' }, accessToken, now),
          shell.vault.seal({ ...place, field: 'refreshToken' }, refreshToken, now),
        ],
      },
    )
    return connectionId
  }

  return {
    ...{ clock, crowded, quiet, shell, organizationId, by },
    /** Grants that all begin, and end, at this moment. */
    async linkMany(provider: ProviderName, count: number): Promise<string[]> {
      const ids: string[] = []
      await inParallel(LINKED_AT_ONCE, Array.from({ length: count }), async () => {
        ids.push(await link(provider))
      })
      return ids
    },
    /** Uses a grant as a listing does, and tells whether its token was good at that moment. */
    use: (provider: ProviderName, connectionId: string, actor: 'person' | 'job' = 'person') =>
      shell.credentials.useToken(
        { organizationId, connectionId, by: by(actor), purpose: 'list', needMs: 60_000 },
        async ({ token }) => hosts[provider].isAlive(token),
      ),
    async close() {
      await server.stop()
      await Promise.all([crowded, quiet, database].map((each) => each[Symbol.asyncDispose]()))
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
export type FloodWorld = Awaited<ReturnType<typeof startFloodWorld>>

/** The server's own workers would deal with the flood beside the test, by a clock that passes while this one stands. */
async function takeNoJobs(db: Kysely<Tables>): Promise<void> {
  await sql`create function take_no_job() returns trigger language plpgsql as 'begin return null; end'`.execute(db)
  await sql`
    create trigger take_no_job before insert on pgboss.job for each row execute function take_no_job()`.execute(db)
}

/** Does the work for each thing, so many at once. */
export async function inParallel<Thing>(
  atOnce: number,
  things: readonly Thing[],
  work: (thing: Thing) => Promise<void>,
): Promise<void> {
  const left = [...things].reverse()
  const worker = async () => {
    while (left.length > 0) {
      const next = left.splice(-1)
      for (const thing of next) await work(thing)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
