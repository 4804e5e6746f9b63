import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import { readConfig } from '../../server/config.ts'
import type { Tables } from '../../server/database/tables.ts'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { startGitHub } from '../simulators/github.ts'
import { startGitLab } from '../simulators/gitlab.ts'
import { type Press, pressConsent } from '../simulators/press-consent.ts'

const answer = z.object({
  result: z.object({ data: z.unknown() }).optional(),
  error: z.object({ message: z.string(), data: z.object({ domainCode: z.string().nullable() }) }).optional(),
})
const connection = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  message: z.string(),
  reason: z.string(),
  credentialVersion: z.number(),
  account: z.looseObject({ login: z.string() }).nullable(),
  expiresAt: z.string().nullable(),
  accessExpiresAt: z.string().nullable(),
  refreshable: z.boolean(),
  advice: z.object({ action: z.string(), text: z.string() }),
  deferred: z.looseObject({ reason: z.string(), retryAt: z.string() }).nullable(),
})
const signIn = z.object({ authorizationId: z.string(), url: z.string() })
const outcome = z.object({
  status: z.string(),
  message: z.string(),
  connectionId: z.string().nullable(),
  account: z.string().nullable(),
})
const log = z.object({ entries: z.array(z.object({ type: z.string(), data: z.unknown() })) })

/** A refusal of the server, as a program sees it. */
export class Refused extends Error {
  readonly code: string | null
  constructor(message: string, code: string | null) {
    super(message)
    this.code = code
  }
}

/**
 * A time that tests set; the server and both providers go by it. It begins now: the job queue goes by real time, and
 * what is tried again later would be tried at once, and for ever, by a clock that is behind.
 */
export function createClock(start = new Date()) {
  let now = start.getTime()
  return {
    now: () => new Date(now),
    pass: (ms: number) => {
      now += ms
    },
  }
}

/**
 * A server with an OAuth application at each of two simulated providers, and somebody who is signed in. The server goes
 * to its database by the `line` that is laid there, and takes these settings beside those of the world.
 */
export async function startGrantWorld({
  settings = {},
  line = async (databaseUrl) => databaseUrl,
}: {
  settings?: Readonly<Record<string, string>>
  line?: (databaseUrl: string) => Promise<string>
} = {}) {
  const clock = createClock()
  const [github, gitlab, database, dataDir] = await Promise.all([
    startGitHub({ now: clock.now }),
    startGitLab({ now: clock.now }),
    createTestDatabase(),
    mkdtemp(join(tmpdir(), 'grants-')),
  ])
  for (const login of ['acme-bot', 'eve']) github.user({ login })
  github.repository({ fullName: 'acme-bot/shop', visibility: 'private', files: { 'README.md': 'shop' } })
  for (const username of ['lab-bot', 'mallory']) gitlab.user({ username })
  gitlab.project({ path: 'lab-bot/erp', visibility: 'private', files: { 'README.md': 'erp' } })
  const trusted = [github.url, github.apiUrl, gitlab.url].map((address) => new URL(address).host).join(',')
  const publicUrl = 'http://connections.test'
  const callback = (provider: string, url: string) => `${publicUrl}/oauth/callback/${provider}-${instanceOf(url)}`
  const hub = github.app({ owner: 'acme-bot', callbackUrls: [callback('github', github.url)] })
  github.installation({ app: hub.id, account: 'acme-bot' })
  const lab = gitlab.application({
    redirectUris: [callback('gitlab', gitlab.url)],
    scopes: ['read_api', 'read_repository'],
  })
  const config = readConfig({
    ...{ PORT: '0', PUBLIC_URL: publicUrl, DATABASE_URL: await line(database.connectionString), DATA_DIR: dataDir },
    ...{ GITHUB_URL: github.url, GITHUB_API_URL: github.apiUrl, GITLAB_URL: gitlab.url, TRUSTED_HOSTS: trusted },
    ...{ GITHUB_CLIENT_ID: hub.clientId, GITHUB_CLIENT_SECRET: hub.clientSecret },
    ...{ GITLAB_CLIENT_ID: lab.uid, GITLAB_CLIENT_SECRET: lab.secret, REFRESH_LEASE_SECONDS: '2', ...settings },
  })
  const server = await startServer(config, createLog('silent'), { clock: clock.now, sleep: async () => {} })
  await keepSweepsOut(server.shell.db)
  const base = `http://127.0.0.1:${server.port}`

  async function signUp(name: string): Promise<string> {
    const response = await fetch(`${base}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, email: `${name}@example.com`, password: 'long enough 1' }),
    })
    if (!response.ok) throw new Error(await response.text())
    return response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
  }
  const owner = await signUp('ada')

  async function call(path: string, input: object = {}, as = owner): Promise<unknown> {
    const query = /\.(list|get|authorization|oauth\w+|history|members|deleted|branches|dependents|log|changes)$/.test(
      path,
    )
    const url = `${base}/trpc/${path}`
    const headers = { 'content-type': 'application/json', cookie: as }
    const response = query
      ? await fetch(`${url}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers })
      : await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })
    const { result, error } = answer.parse(await response.json())
    if (!result) throw new Refused(error?.message ?? 'no result', error?.data.domainCode ?? null)
    return result.data
  }
  const authorize = async (input: object, as = owner) => signIn.parse(await call('connections.authorize', input, as))
  /** Opens the address that a provider sends people back to. */
  const comeBack = (url: URL, as: string | null = owner) =>
    fetch(`${base}${url.pathname}${url.search}`, { redirect: 'manual', headers: as === null ? {} : { cookie: as } })
  const get = async (connectionId: string) => connection.parse(await call('connections.get', { connectionId }))
  const told = async (authorizationId: string, as = owner) =>
    outcome.parse(await call('connections.authorization', { authorizationId }, as))

  return {
    ...{ clock, github, gitlab, server, owner, hub, lab, signUp, call, authorize, comeBack, get, told },
    callbackOf: callback,
    list: async () => z.array(connection).parse(await call('connections.list')),
    /** Signs in at a provider as a person does, and gives the connection. */
    async link(input: object, press: Press = {}) {
      const { authorizationId, url } = await authorize(input)
      await comeBack(await pressConsent(url, press))
      const { connectionId, message } = await told(authorizationId)
      if (connectionId === null) throw new Error(message)
      return get(connectionId)
    },
    eventsOf: async (connectionId: string) => {
      const { entries } = log.parse(await call('connections.history', { connectionId, limit: 200 }))
      return entries.reverse()
    },
    async close() {
      await server.stop()
      await Promise.all([github[Symbol.asyncDispose](), gitlab[Symbol.asyncDispose](), database[Symbol.asyncDispose]()])
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
export type GrantWorld = Awaited<ReturnType<typeof startGrantWorld>>

function instanceOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname === '/' ? '' : pathname}`.replace(':', '_').replaceAll('/', '~')
}

/** The sweep comes by real time, and what it finds due by the world's clock would be asked for beside the test. */
async function keepSweepsOut(db: Kysely<Tables>): Promise<void> {
  await sql`create function no_sweep() returns trigger language plpgsql as 'begin return null; end'`.execute(db)
  await sql`
    create trigger no_sweep before insert on pgboss.job
      for each row when (new.name = 'sweep') execute function no_sweep()`.execute(db)
}
