import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createTestDatabase } from '@git-connections/events/store/testing'
import type { Page } from 'playwright-core'
import { freePort } from '../free-port.ts'
import { startGitHub } from '../simulators/github.ts'
import { startGitLab } from '../simulators/gitlab.ts'
import { openBrowser } from './browser.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const READY_MS = 60_000
const MUTATIONS =
  /\.(create|authorize|validate|refresh|enable|disable|rename|replaceToken|delete|restore|update|invite|createKey|remove|revokeKey|setOauthApplication|start|cancel|retry|rollBack|stop|resume)$/

/** How long a journey waits for a fact. */
export const soon = { timeout: 20_000 }

export const owner = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }

/** A server as it is started for people, against simulated providers, with a browser to use it; `settings` are more. */
export async function startWorld(settings: Readonly<Record<string, string>> = {}) {
  const [github, gitlab, database, port] = await Promise.all([
    startGitHub(),
    startGitLab(),
    createTestDatabase(),
    freePort(),
  ])
  const dataDir = await mkdtemp(join(tmpdir(), 'journey-'))
  const url = `http://localhost:${port}`
  const trusted = [github.url, github.apiUrl, gitlab.url].map((address) => new URL(address).host).join(',')
  const env = {
    PATH: process.env.PATH,
    HOME: dataDir,
    ...{ PORT: String(port), DATA_DIR: dataDir, DATABASE_URL: database.connectionString, LOG_LEVEL: 'warn' },
    ...{ GITHUB_URL: github.url, GITHUB_API_URL: github.apiUrl, GITLAB_URL: gitlab.url, TRUSTED_HOSTS: trusted },
    ...settings,
  }
  let server = await startServer(env)
  const browser = await openBrowser()
  return {
    ...{ github, gitlab, url, browser, dataDir, env, connectionString: database.connectionString },
    /** Everything that the server printed. */
    output: () => server.output(),
    /** Ends the server without a chance to tidy up. */
    async kill() {
      server.child.kill('SIGKILL')
      await server.ended
    },
    /** Starts it again, on the same port and database. */
    async restart() {
      server = await startServer(env)
    },
    async close() {
      await browser.close()
      server.child.kill('SIGTERM')
      await server.ended
      await github[Symbol.asyncDispose]()
      await gitlab[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
export type World = Awaited<ReturnType<typeof startWorld>>

async function startServer(
  env: NodeJS.ProcessEnv,
): Promise<{ child: ChildProcess; ended: Promise<void>; output: () => string }> {
  const child = spawn(process.execPath, ['server/main.ts'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  await new Promise<void>((ready, failed) => {
    const late = setTimeout(() => failed(new Error(`The server did not start: ${output}`)), READY_MS)
    const read = (part: Buffer) => {
      output += part.toString('utf8')
      if (!output.includes('is ready at')) return
      clearTimeout(late)
      ready()
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', () => failed(new Error(`The server ended: ${output}`)))
  })
  return { child, ended, output: () => output }
}

/** A page in a browser of its own, which fails the test when the page's scripts do. */
export async function openPage(world: World, options: { width?: number; dark?: boolean } = {}): Promise<Page> {
  const context = await world.browser.newContext({
    viewport: { width: options.width ?? 1440, height: 900 },
    colorScheme: options.dark ? 'dark' : 'light',
    locale: 'en-GB',
  })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  page.on('pageerror', (error) => {
    throw error
  })
  return page
}

/** Signs the first account up through the page. */
export async function signUp(page: Page, world: World): Promise<void> {
  await page.goto(world.url)
  await page.getByLabel('Your name').fill(owner.name)
  await page.getByLabel('E-mail').fill(owner.email)
  await page.getByLabel('Password').fill(owner.password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('heading', { name: 'Git Connections' }).waitFor()
}

/** Calls a procedure as the person who is signed in on that page. */
export async function callAs<Result>(page: Page, path: string, input?: object): Promise<Result> {
  return page.evaluate<Result, { path: string; input: object | undefined; mutation: boolean }>(
    async ({ path, input, mutation }) => {
      const query = input && !mutation ? `?input=${encodeURIComponent(JSON.stringify(input))}` : ''
      const response = await fetch(`/trpc/${path}${query}`, {
        ...(mutation
          ? { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input) }
          : {}),
      })
      const body: { result?: { data: Result }; error?: { message: string } } = JSON.parse(await response.text())
      if (!body.result) throw new Error(body.error?.message ?? 'no result')
      return body.result.data
    },
    {
      path,
      input,
      mutation: MUTATIONS.test(path),
    },
  )
}

/** What the API says of the connections. */
export function connectionsOf(page: Page) {
  return callAs<{ id: string; name: string; status: string; enabled: boolean; message: string }[]>(
    page,
    'connections.list',
  )
}
