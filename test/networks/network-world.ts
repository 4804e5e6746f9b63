import { vi } from 'vitest'
import { z } from 'zod'
import { createLog, type Log } from '../../server/log.ts'
import { createCaller, dataOf } from '../faults/canary/caller.ts'
import { type OpenServer, openServer } from '../faults/open-server.ts'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'

const WAIT = { timeout: 15_000, interval: 100 }

const connection = z.object({
  ...{ id: z.string(), status: z.string(), message: z.string(), version: z.number() },
  ...{ method: z.string(), credentialVersion: z.number() },
  account: z.object({ login: z.string() }).nullable(),
  canClone: z.object({ is: z.string(), detail: z.string() }),
  deferred: z.object({ reason: z.string(), message: z.string() }).nullable(),
  certificateAuthority: z
    .object({ subject: z.string(), expiresAt: z.string(), warning: z.number().nullable() })
    .nullable(),
})

const listing = z.object({ asOf: z.string().nullable() })

/** A server whose first account is signed in, and a GitLab that it knows nothing of. */
export interface NetworkWorld extends AsyncDisposable {
  readonly gitlab: GitLabSimulator
  readonly opened: OpenServer
  readonly token: string
  readonly caller: ReturnType<typeof createCaller>
  /** Links the account at an address, and gives the connection once its first check has come to an end. */
  link(baseUrl: string, more?: { certificateAuthority?: string }): Promise<z.infer<typeof connection>>
  get(connectionId: string): Promise<z.infer<typeof connection>>
}

/** Starts both; loopback is trusted under its address and its name. */
export async function openNetworkWorld(
  env: Record<string, string> = {},
  log: Log = createLog('silent'),
  clock: () => Date = () => new Date(),
): Promise<NetworkWorld> {
  const gitlab = await startGitLab()
  gitlab.user({ username: 'ada' })
  gitlab.project({ path: 'ada/shop', visibility: 'private', files: { 'README.md': 'shop' } })
  const token = gitlab.token({ user: 'ada', scopes: ['api'] })
  const opened = await openServer(log, { TRUSTED_HOSTS: '127.0.0.1,localhost', ...env }, { clock })
  const caller = createCaller(opened.url, opened.origin)
  caller.become(opened.cookie)
  const get = async (connectionId: string) =>
    dataOf(await caller.query('connections.get', { connectionId }), connection)
  const untilListed = async (connectionId: string) => {
    const { asOf } = dataOf(await caller.query('repositories.list', { connectionId }), listing)
    if (asOf === null) throw new Error('not listed yet')
  }
  let linked = 0
  return {
    ...{ gitlab, opened, token, caller, get },
    async link(baseUrl, more = {}) {
      linked += 1
      const named = { provider: 'gitlab', name: `Nr ${linked}`, baseUrl, ...more }
      const input = { ...named, credential: { kind: 'token', token } }
      const { id } = dataOf(await caller.mutate('connections.create', input), z.object({ id: z.string() }))
      // The first check is a job of its own; another one beside it would race it.
      const checked = await vi.waitFor(async () => {
        const seen = await get(id)
        if (seen.status === 'pending' && !seen.deferred) throw new Error('not checked yet')
        return seen
      }, WAIT)
      // What works is listed next; that, too, goes over the way that a test watches.
      if (checked.status === 'active') await vi.waitFor(() => untilListed(id), WAIT)
      return checked
    },
    async [Symbol.asyncDispose]() {
      await opened.close()
      await gitlab[Symbol.asyncDispose]()
    },
  }
}
