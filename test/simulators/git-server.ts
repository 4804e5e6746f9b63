import { z } from 'zod'
import { createClock } from './clock.ts'
import { action } from './control.ts'
import type { Dialect } from './faults/perform.ts'
import { gitAddress, gitRefusal } from './git/address.ts'
import { gitHttpBackend } from './git/http-backend.ts'
import { GitStore, type StoredRepository } from './git/store.ts'
import type { Arrival } from './origin.ts'
import type { RecordedRequest } from './recording.ts'
import { common, RequestDesk, type Served, type Simulator } from './simulator.ts'

/** How a git server of its own is started. */
export type GitServerOptions = {
  /** The passwords that open its closed repositories, such as live tokens; any user name goes with them. */
  passwords?: readonly string[]
  /** 0 for any. */
  port?: number
}

/** A plain git server: a host beside the providers, such as one that a submodule or a redirect leads to. */
export type GitServer = Awaited<ReturnType<typeof startGitServer>>

/** Starts a git server on loopback that demands a password for all but its open repositories. */
export async function startGitServer({ passwords = [], port = 0 }: GitServerOptions = {}) {
  const clock = createClock()
  const store = new GitStore()
  const repositories = new Map<string, StoredRepository & { open: boolean }>()
  const accepted = new Set(passwords)

  const create = z.object({
    fullName: z.string(),
    files: z.record(z.string(), z.string()).default({ 'README.md': 'Hello\n' }),
    open: z.boolean().default(false),
  })
  const actions = {
    /** Makes a bare repository with one commit, and gives the address to clone it from. */
    createRepository: action(create, async ({ fullName, files, open }) => {
      const id = repositories.size + 1
      const repository = { id, files, open, defaultBranch: 'main', empty: false, createdAt: clock.now() }
      repositories.set(fullName, repository)
      await store.ensure(repository)
      return `${origin.url}/${fullName}.git`
    }),
    accept: action(z.object({ password: z.string() }), ({ password }) => void accepted.add(password)),
    refuse: action(z.object({ password: z.string() }), ({ password }) => void accepted.delete(password)),
  }
  const desk = new RequestDesk({
    name: 'The git server',
    clock,
    dialect: DIALECT,
    actions,
    forget: () => {
      repositories.clear()
      void store.clear()
    },
    close: () => store.clear(),
  })

  async function answer(arrival: Arrival, record: RecordedRequest): Promise<Response> {
    const address = gitAddress(record.path, record.method, record.query.service)
    if (!address) return gitRefusal(404, 'Not Found')
    record.route = `${record.method} /{name}.git/${address.service}`
    const repository = repositories.get(address.fullName)
    const known = record.credential?.scheme === 'basic' && accepted.has(record.credential.secret)
    if (!repository?.open && !known) return gitRefusal(401, 'Unauthorized', { 'www-authenticate': 'Basic realm="git"' })
    if (!repository) return gitRefusal(404, 'Repository not found.')
    return gitHttpBackend(await store.ensure(repository), address.service, arrival)
  }
  const served: Served = { name: 'git', root: '', answer }
  const origin = await desk.open(port, () => served)
  const routes = new Set(['GET /{name}.git/info/refs', 'POST /{name}.git/git-upload-pack'])
  return { url: origin.url, apiUrl: origin.url, routes, ...common(desk, clock), ...actions } satisfies Simulator
}

const DIALECT: Dialect = {
  requestIdHeaders: [],
  htmlPage: (status) => `<!DOCTYPE html><title>${status}</title>`,
  rateLimited: () => gitRefusal(429, 'Too many requests'),
}
