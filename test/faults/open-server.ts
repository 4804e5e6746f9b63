import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPool } from '@git-connections/events/store'
import { createTestDatabase } from '@git-connections/events/store/testing'
import type pg from 'pg'
import { readConfig } from '../../server/config.ts'
import { createLog, type Log } from '../../server/log.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { freePort } from '../free-port.ts'

export const owner = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }

/** A server in this process, with its first account. */
export interface OpenServer {
  readonly server: RunningServer
  readonly url: string
  /** What a browser on the server's own page sends as Origin. */
  readonly origin: string
  /** The session of the first account. */
  readonly cookie: string
  readonly pool: pg.Pool
  readonly close: () => Promise<void>
}

/** Starts it with these settings beside its own. */
export async function openServer(
  log: Log = createLog('silent'),
  env: Record<string, string> = {},
  world: { clock?: () => Date } = {},
): Promise<OpenServer> {
  const [database, port, dataDir] = await Promise.all([
    createTestDatabase(),
    freePort(),
    mkdtemp(join(tmpdir(), 'faults-')),
  ])
  const { connectionString } = database
  const server = await startServer(
    readConfig({ PORT: String(port), DATABASE_URL: connectionString, DATA_DIR: dataDir, ...env }),
    log,
    world,
  )
  const pool = openPool(connectionString)
  const url = `http://127.0.0.1:${port}`
  const signedUp = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(owner),
  })
  if (!signedUp.ok) throw new Error(`The first account was answered ${signedUp.status}.`)
  return {
    ...{ server, url, pool, origin: `http://localhost:${port}` },
    cookie: cookieOf(signedUp),
    async close() {
      await server.stop()
      await pool.end()
      await database[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true })
    },
  }
}

/** What a browser sends back of the cookies that an answer sets. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
}
