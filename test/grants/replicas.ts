import { utimesSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@git-connections/client'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { z } from 'zod'
import { createServerProcess, lastingPort } from '../faults/server-process.ts'
import { signUp } from '../faults/server-world.ts'
import { startGitLab } from '../simulators/gitlab.ts'
import { pressConsent } from '../simulators/press-consent.ts'

/** The product's own program, or one that goes by the test's clock. */
type Program = 'server/main.ts' | 'test/grants/replica.ts'

/**
 * Servers in processes of their own on one database, at a GitLab that ends each pair of tokens with the next. Those of
 * the test's program go by one clock, as GitLab does, which only the test moves.
 */
export async function startReplicas(count: number, program: Program) {
  const [database, folder, ...ports] = await Promise.all([
    createTestDatabase(),
    mkdtemp(join(tmpdir(), 'replicas-')),
    ...Array.from({ length: count }, lastingPort),
  ])
  const clock = createSharedClock(join(folder, 'clock'))
  const gitlab = await startGitLab(program === 'server/main.ts' ? {} : { now: clock.now })
  // Without a project there is nothing for git to try, which would take most of the time.
  gitlab.user({ username: 'lab-bot' })
  const addresses = ports.map((port) => `http://127.0.0.1:${port}`)
  const [publicUrl = ''] = addresses
  const { host } = new URL(gitlab.url)
  const application = gitlab.application({
    redirectUris: [`${publicUrl}/oauth/callback/gitlab-${host.replace(':', '_')}`],
    scopes: ['read_api', 'read_repository'],
  })
  const env = {
    ...{ PUBLIC_URL: publicUrl, DATABASE_URL: database.connectionString, DATA_DIR: join(folder, 'data') },
    ...{ GITLAB_URL: gitlab.url, GITLAB_CLIENT_ID: application.uid, GITLAB_CLIENT_SECRET: application.secret },
    ...{ TRUSTED_HOSTS: host, HOME: folder, LOG_LEVEL: 'warn', CLOCK_FILE: clock.file },
  }
  const servers = await Promise.all(ports.map((port) => createServerProcess({ ...env, PORT: String(port) }, program)))
  // The first one makes the master key and the tables.
  for (const server of servers) await server.start()
  const { cookie, apiKey, organizationId } = await signUp(publicUrl)

  return {
    ...{ clock, gitlab, servers, organizationId, connectionString: database.connectionString },
    /** A program that talks to one of the servers. */
    client: (server: number): Client => createClient({ url: addresses[server] ?? '', apiKey }),
    /** Calls of the token endpoint that asked for a refresh. */
    refreshes: () => gitlab.requests.filter(({ body }) => body?.grant_type === 'refresh_token'),
    /** Signs in at GitLab as a person does, and gives the connection's id. */
    async link(name: string): Promise<string> {
      const session = { 'content-type': 'application/json', cookie }
      const asked = await fetch(`${publicUrl}/trpc/connections.authorize`, {
        ...{ method: 'POST', headers: session, body: JSON.stringify({ provider: 'gitlab', name }) },
      })
      const { url } = signIn.parse(await asked.json()).result.data
      await fetch(await pressConsent(url), { headers: { cookie }, redirect: 'manual' })
      const connections = await createClient({ url: publicUrl, apiKey }).connections.list.query()
      const linked = connections.find((connection) => connection.name === name)
      if (!linked) throw new Error(`${name} was not linked.`)
      return linked.id
    },
    async close() {
      await Promise.all(servers.map((server) => server.stop()))
      await gitlab[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
export type Replicas = Awaited<ReturnType<typeof startReplicas>>

const signIn = z.object({ result: z.object({ data: z.object({ url: z.string() }) }) })

/** A time that other processes read too: it is when the file was changed. */
function createSharedClock(file: string) {
  writeFileSync(file, '')
  let now = new Date(Math.floor(Date.now() / 1000) * 1000)
  const pass = (ms: number) => {
    now = new Date(now.getTime() + ms)
    utimesSync(file, now, now)
  }
  pass(0)
  return { file, now: () => now, pass }
}
