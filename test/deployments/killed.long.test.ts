import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient } from '@git-connections/client'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runProgram } from '../../server/database/run-program.ts'
import { createServerProcess, type ServerProcess } from '../faults/server-process.ts'
import { signUp } from '../faults/server-world.ts'
import { openWorkbench } from '../odoo/workbench.ts'
import { type GitHubSimulator, startGitHub } from '../simulators/github.ts'
import { moduleFiles } from './deployment-world.ts'

const SOON = { timeout: 150_000, interval: 200 }
/** Names the module's process among all of the machine's. */
const MARK = 'a_module_that_takes_its_time'

const closers: (() => PromiseLike<unknown>)[] = []
let github: GitHubSimulator
let server: ServerProcess
let client: Client
let bench: Awaited<ReturnType<typeof openWorkbench>>

beforeAll(async () => {
  const base = await mkdtemp(join(tmpdir(), 'killed-deployments-'))
  closers.push(() => rm(base, { recursive: true, force: true }))
  await chmod(base, 0o755)
  github = await startGitHub()
  closers.push(() => github[Symbol.asyncDispose]())
  const database = await createTestDatabase()
  closers.push(() => database[Symbol.asyncDispose]())
  bench = await openWorkbench()
  closers.push(() => bench[Symbol.asyncDispose]())
  const config = join(bench.base, 'odoo.conf')
  await writeFile(config, '[options]\nseries = 17.0\n')
  server = await createServerProcess({
    ...{ GITHUB_URL: github.url, GITHUB_API_URL: github.apiUrl, DATABASE_URL: database.connectionString },
    TRUSTED_HOSTS: [github.url, github.apiUrl].map((address) => new URL(address).host).join(','),
    ...{ DATA_DIR: join(base, 'data'), DEPLOY_DIR: join(base, 'releases'), HOME: base, LOG_LEVEL: 'warn' },
    ODOO_COMMAND: `python3 ${join(bench.base, 'odoo-bin')} -c ${config}`,
    ...{ ODOO_DATABASE_URL: bench.databaseUrl, ODOO_SAME_USER: 'allow' },
  })
  closers.push(() => server.stop())
  await server.start()
  const { apiKey } = await signUp(await server.address())
  client = createClient({ url: await server.address(), apiKey })
})
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

/** An environment of a repository of its own. */
async function shop(login: string, files: Record<string, string>): Promise<string> {
  github.user({ login })
  github.repository({ fullName: `${login}/shop`, visibility: 'private', defaultBranch: '17.0', files })
  const token = String(await github.token({ kind: 'classic', user: login, scopes: ['repo', 'read:org'] }))
  const { id: connectionId } = await client.connections.create.mutate({
    ...{ provider: 'github', name: login, credential: { kind: 'token', token } },
  })
  const repositoryId = await vi.waitFor(async () => {
    const { repositories } = await client.repositories.list.query({ connectionId })
    const [first] = repositories
    if (!first) throw new Error('not listed yet')
    return first.id
  }, SOON)
  const repository = { connectionId, repositoryId, branch: '17.0' }
  const { id: projectId } = await client.projects.create.mutate({ name: login, repository })
  const { id } = await client.environments.create.mutate({
    ...{ projectId, name: 'Live', kind: 'production', odooVersion: '17.0', modules: 'all' },
    database: bench.freshDatabase(),
  })
  return id
}
const seen = (deploymentId: string) => client.deployments.get.query({ deploymentId })
const over = (deploymentId: string) =>
  vi.waitFor(async () => {
    const now = await seen(deploymentId)
    if (now.endedAt === null) throw new Error(`still ${now.status}: ${JSON.stringify(now.steps)}`)
    return now
  }, SOON)
/** Waits until Odoo is at the module that takes its time. */
const loading = (deploymentId: string) =>
  vi.waitFor(async () => {
    const { lines } = await client.deployments.log.query({ deploymentId, search: `Loading module ${MARK}` })
    expect(lines).toHaveLength(1)
  }, SOON)
async function running(): Promise<string[]> {
  const { output } = await runProgram('sh', [
    '-c',
    `grep -lsF odoo-bin /proc/[0-9]*/cmdline | while read f; do tr '\\0' ' ' < $f; echo; done`,
  ])
  return output.split('\n').filter((line) => line.includes(bench.base))
}
const slow = {
  ...moduleFiles('web_notify'),
  ...moduleFiles(MARK, `{'name': 'Slow', 'version': '17.0.1.0.0', 'depends': ['web_notify']}`),
  [`${MARK}/slow`]: '3600',
}

describe('a deployment whose server is killed', () => {
  test('while it fetches is carried out by the next one', async () => {
    const environmentId = await shop('fetching', moduleFiles('web_notify'))
    const hung = github.fault({ kind: 'hang', area: 'git', times: 1 })
    const { id } = await client.deployments.start.mutate({ environmentId })
    await vi.waitFor(() => expect(hung.hits).toBe(1), SOON)
    await server.kill()
    hung.lift()
    await server.start()
    expect(await over(id)).toMatchObject({ status: 'succeeded', message: 'Odoo installed 2 modules and updated 0.' })
  })

  test('while Odoo works is told to have failed, with nothing of Odoo left, and can be retried', async () => {
    const environmentId = await shop('installing', slow)
    const { id } = await client.deployments.start.mutate({ environmentId })
    await loading(id)
    await server.kill()
    await vi.waitFor(async () => expect(await running()).toEqual([]), SOON)
    await server.start()
    const failed = await over(id)
    expect(failed).toMatchObject({ status: 'failed', failure: { step: 'install', reason: 'interrupted' } })
    await github.commit({ fullName: 'installing/shop', files: { [`${MARK}/slow`]: '0' } })
    const { id: next } = await client.deployments.start.mutate({ environmentId })
    expect(await over(next)).toMatchObject({ status: 'succeeded' })
  })

  test('is taken up again when its server was stopped as an operator does it', async () => {
    const environmentId = await shop('stopping', slow)
    const { id } = await client.deployments.start.mutate({ environmentId })
    await loading(id)
    await server.stop()
    expect(await running()).toEqual([])
    await server.start()
    await vi.waitFor(async () => {
      const { lines } = await client.deployments.log.query({ deploymentId: id, search: `Loading module ${MARK}` })
      expect(lines).toHaveLength(2)
    }, SOON)
    await client.deployments.cancel.mutate({ deploymentId: id })
    expect(await over(id)).toMatchObject({ status: 'cancelled' })
  })
})
