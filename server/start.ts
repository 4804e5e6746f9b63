import { createServer, type Server } from 'node:http'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { allEvents, createRegistry } from '@git-connections/events'
import { openEventStore, openPool, queryBuilder } from '@git-connections/events/store'
import { startProjections } from '@git-connections/projections'
import { getRequestListener } from '@hono/node-server'
import { createPeople } from './auth/people.ts'
import { createBroker } from './broker/broker.ts'
import { createOAuthApplications } from './broker/oauth-applications.ts'
import { type Config, ConfigError } from './config.ts'
import { migrate } from './database/migrate.ts'
import { openDatabaseServer } from './database/server.ts'
import type { Tables } from './database/tables.ts'
import { createFetchCommit } from './git/fetch-commit.ts'
import { createLsRemote } from './git/ls-remote.ts'
import { createApp } from './http/app.ts'
import { ownOrigins } from './http/origin.ts'
import { openQueue } from './jobs/queue.ts'
import type { Log } from './log.ts'
import { createOAuth, createProviders } from './providers/index.ts'
import { createReach } from './providers/reach.ts'
import { createGuardedFetch } from './providers/transport/guarded-fetch.ts'
import { readProxies } from './providers/transport/proxies.ts'
import { parseTrustedHosts } from './providers/transport/trusted-hosts.ts'
import { startReactions } from './reactions.ts'
import type { Shell } from './shell.ts'
import { openVault } from './vault/vault.ts'

const USER_AGENT = 'git-connections'

/** A server that listens; `url` is where people open it. */
export interface RunningServer {
  readonly url: string
  readonly port: number
  readonly shell: Shell
  readonly stop: () => Promise<void>
}

/**
 * Puts the whole server together: database, store, projections, vault, providers, people, jobs, HTTP.
 * @throws {ConfigError | DatabaseStartError} when a setting or the database is at fault, in one line with the mend.
 */
export async function startServer(
  config: Config,
  log: Log,
  world: { clock?: () => Date; sleep?: (ms: number) => Promise<void> } = {},
): Promise<RunningServer> {
  const clock = world.clock ?? (() => new Date())
  const dataDir = resolve(config.dataDir)
  const database = await openDatabaseServer({
    databaseUrl: config.databaseUrl,
    dataDir,
    role: 'server',
    onTrouble: (line) => log.warn(line),
  })
  if (database.note) log.info(database.note)
  const closers: (() => Promise<unknown>)[] = [() => database.stop()]
  const stop = async () => {
    for (const close of closers.reverse()) {
      await close().catch((error: unknown) => log.error({ err: error }, 'something did not stop cleanly'))
    }
  }
  try {
    const { connectionString } = database
    await migrate(connectionString)
    const pool = openPool(connectionString, { max: config.databaseConnections })
    closers.push(() => pool.end())
    const db = queryBuilder<Tables>(pool)
    const registry = createRegistry(allEvents)
    const store = await openEventStore({ pool, registry })
    closers.push(() => store.close())
    const runner = startProjections(store, { log })
    closers.push(() => runner.stop())
    const { vault, open } = await openVault({ db, masterKeys: config.masterKeys, dataDir, clock })
    for (const line of vault.warnings) log.warn(line)
    const trusted = parseTrustedHosts(config.trustedHosts)
    const proxies = readProxies(config, trusted)
    if (proxies.shown) log.info(`Providers are asked through the proxy at ${proxies.shown}.`)
    const reach = createReach((authority) => {
      const guard = { trustedHosts: trusted, proxies, authority }
      const fetch = createGuardedFetch({ ...guard, userAgent: USER_AGENT })
      const lsRemote = createLsRemote(guard)
      const outside = { fetch, lsRemote, clock, config, trusted }
      const proxied = (url: URL) => proxies.for(url) !== null
      const fetchCommit = createFetchCommit(guard)
      return { providers: createProviders(outside), oauth: createOAuth(outside), lsRemote, fetchCommit, proxied }
    })
    const applications = createOAuthApplications({ config, store, open })
    const queue = await openQueue(connectionString, log)
    closers.push(() => queue.stop())
    const shell: Shell = {
      ...{ config, log, clock, store, db, runner, vault, reach, applications },
      enqueue: queue.put,
      sleep: world.sleep ?? ((ms) => sleep(ms)),
      providers: reach(null).providers,
      credentials: createBroker({
        ...{ store, db, clock, log, vault, open, applications, reach },
        leaseMs: config.refreshLeaseMs,
        pause: (ms) => sleep(ms),
      }),
      people: createPeople({
        db,
        baseURL: config.publicUrl,
        trustedOrigins: ownOrigins(config),
        secret: vault.purposeKey('sessions').toString('hex'),
        log,
      }),
    }
    await queue.work(shell)
    const reactions = startReactions({ ...shell, settleAfterMs: config.refreshLeaseMs }, queue.put)
    closers.push(() => reactions.stop())
    const app = createApp(shell, async () => ({ ready: vault.warnings.length === 0, reasons: vault.warnings }))
    const { server, port } = await listen(app.fetch, config.port)
    closers.push(() => close(server))
    return { url: config.publicUrlIsSet ? config.publicUrl : `http://localhost:${port}`, port, shell, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Handler = Parameters<typeof getRequestListener>[0]

function listen(fetch: Handler, port: number): Promise<{ server: Server; port: number }> {
  return new Promise((resolved, rejected) => {
    const server = createServer(getRequestListener(fetch))
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      rejected(taken ? new ConfigError(`PORT ${port} is taken by another program. Set PORT to a free one.`) : error)
    })
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolved({ server, port: address && typeof address === 'object' ? address.port : port })
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((closed) => {
    server.close(() => closed())
    // Event streams never end by themselves.
    server.closeAllConnections()
  })
}
