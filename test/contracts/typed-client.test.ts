import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Client, createClient } from '@git-connections/client'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { readConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { type RunningServer, startServer } from '../../server/start.ts'
import { startGitHub } from '../simulators/github.ts'
import { openLine } from './cuttable-line.ts'

const README = resolve(import.meta.dirname, '../../README.md')
const ADDRESS_IN_README = 'http://localhost:3000'

let closers: (() => PromiseLike<unknown>)[] = []
let server: RunningServer
let key: string
let client: Client

const url = () => `http://127.0.0.1:${server.port}`

async function post(path: string, cookie: string, body: object): Promise<Response> {
  const headers = { 'content-type': 'application/json', cookie }
  const response = await fetch(`${url()}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return response
}

/** A key as a person gets one. */
async function makeKey(): Promise<string> {
  const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }
  const signedUp = await post('/api/auth/sign-up/email', '', person)
  const cookie = signedUp.headers.getSetCookie().map((line) => line.split(';')[0])
  const made = await post('/trpc/organization.createKey', cookie.join('; '), {
    name: 'deploy bot',
    rights: ['see', 'use', 'manage'],
  })
  return z.object({ result: z.object({ data: z.object({ key: z.string() }) }) }).parse(await made.json()).result.data
    .key
}

async function link(name: string, token: string): Promise<string> {
  const { id } = await client.connections.create.mutate({
    provider: 'github',
    name,
    credential: { kind: 'token', token },
  })
  await vi.waitFor(
    async () => expect((await client.connections.get.query({ connectionId: id })).status).not.toBe('pending'),
    { timeout: 15_000 },
  )
  return id
}

let dead: string

beforeAll(async () => {
  const [database, github] = await Promise.all([createTestDatabase(), startGitHub()])
  const dataDir = await mkdtemp(join(tmpdir(), 'typed-client-'))
  closers = [
    () => rm(dataDir, { recursive: true }),
    () => database[Symbol.asyncDispose](),
    () => github[Symbol.asyncDispose](),
  ]
  const env = {
    ...{ PORT: '0', DATABASE_URL: database.connectionString, DATA_DIR: dataDir },
    ...{ GITHUB_URL: github.url, GITHUB_API_URL: github.apiUrl },
    TRUSTED_HOSTS: [github.url, github.apiUrl].map((address) => new URL(address).host).join(','),
  }
  server = await startServer(readConfig(env), createLog('silent'))
  closers.push(() => server.stop())
  key = await makeKey()
  client = createClient({ url: url(), apiKey: key })
  github.user({ login: 'acme-bot' })
  github.repository({ fullName: 'acme-bot/shop', visibility: 'private', files: { 'README.md': 'shop' } })
  await link('works', github.token({ kind: 'classic', user: 'acme-bot', scopes: ['repo', 'read:org'] }))
  dead = await link('dead', `ghp_${'a'.repeat(36)}`)
})
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

/** Runs a program that stands beside an installed client. */
async function run(program: string): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    cwd: resolve(import.meta.dirname, '..'),
    env: { PATH: process.env.PATH, GIT_CONNECTIONS_KEY: key },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, errors] = ['', '']
  child.stdout.on('data', (part: Buffer) => {
    output += part.toString('utf8')
  })
  child.stderr.on('data', (part: Buffer) => {
    errors += part.toString('utf8')
  })
  const code = await new Promise<number | null>((ended) => child.once('close', ended))
  return { code, output, errors }
}

describe('the example in README.md (P31)', () => {
  test('prints each connection, and validates the one that does not work', async () => {
    const text = await readFile(README, 'utf8')
    const example = /^## From a program$[\s\S]*?^```ts\n([\s\S]*?)^```$/m.exec(text)?.[1]
    expect(example).toContain(ADDRESS_IN_README)
    const before = await client.audit.list.query({ limit: 200 })

    const { code, output, errors } = await run(example?.replace(ADDRESS_IN_README, url()) ?? '')

    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    const connections = await client.connections.list.query()
    expect(output.trimEnd().split('\n')).toEqual(
      connections.map(({ name, status, message }) => `${name} ${status} ${message}`),
    )
    expect(connections.map(({ name, status }) => [name, status])).toEqual([
      ['dead', 'invalid'],
      ['works', 'active'],
    ])
    const since = before.entries[0]?.position ?? 0
    const { entries } = await client.audit.list.query({ limit: 200 })
    expect(entries.filter(({ position }) => position > since)).toMatchObject([
      { type: 'ConnectionValidated', streamId: dead, actor: { kind: 'key', name: 'deploy bot' } },
    ])
  })
})

describe('the subscription of the typed client (P31)', () => {
  test('takes up where its line was cut: no event is missed, none comes twice', async () => {
    const line = await openLine(server.port)
    const far = createClient({ url: line.url, apiKey: key })
    const heard: number[] = []
    let live = 0
    const subscription = far.live.events.subscribe(undefined, {
      onConnectionStateChange: ({ state }) => {
        if (state === 'pending') live += 1
      },
      onData: ({ data }) => heard.push(data.position),
      onError: (error) => expect.fail(`the subscription ended: ${error.message}`),
    })
    const rename = (name: string) => client.connections.rename.mutate({ connectionId: dead, name })
    await vi.waitUntil(() => live === 1, { timeout: 15_000 })
    const [last] = (await client.audit.list.query({ limit: 1 })).entries
    const before = last?.position ?? 0

    await rename('heard at once')
    await vi.waitFor(() => expect(heard).toEqual([before + 1]), { timeout: 15_000 })
    line.cut()
    for (const name of ['while', 'it', 'was', 'cut']) await rename(name)
    await vi.waitUntil(() => line.refused() > 0, { timeout: 15_000 })
    line.mend()
    await rename('mended')
    await vi.waitUntil(() => heard.includes(before + 6), { timeout: 15_000 })
    await rename('the last')
    await vi.waitUntil(() => heard.includes(before + 7), { timeout: 15_000 })

    expect(heard).toEqual([1, 2, 3, 4, 5, 6, 7].map((step) => before + step))
    subscription.unsubscribe()
    await line.close()
  })

  test('begins after a position that the program kept', async () => {
    const [newest, , third] = (await client.audit.list.query({ limit: 3 })).entries
    const heard: number[] = []
    const subscription = client.live.events.subscribe(
      { lastEventId: third?.position },
      { onData: ({ data }) => heard.push(data.position) },
    )
    await vi.waitUntil(() => heard.includes(newest?.position ?? 0), { timeout: 15_000 })
    expect(heard).toEqual([(third?.position ?? 0) + 1, newest?.position])
    subscription.unsubscribe()
  })
})
