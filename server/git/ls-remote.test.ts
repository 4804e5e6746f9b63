import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GitServer, startGitServer } from '../../test/simulators/git-server.ts'
import { parseTrustedHosts } from '../providers/transport/trusted-hosts.ts'
import { createLsRemote } from './ls-remote.ts'

const password = 'canary-token-0815'
const username = 'oauth2'
const trustedHosts = parseTrustedHosts('127.0.0.1')
const lsRemote = createLsRemote({ trustedHosts })
let server: GitServer
let closed: string

beforeAll(async () => {
  server = await startGitServer({ passwords: [password] })
  closed = await server.createRepository({ fullName: 'acme/shop' })
})
afterAll(() => server[Symbol.asyncDispose]())

describe('asking a repository for its heads', () => {
  test('succeeds with the credential that opens it', async () => {
    expect(await lsRemote({ url: closed, username, password })).toEqual({ kind: 'ok', authenticated: true })
  })

  test('tells when nobody asked for the credential', async () => {
    const url = await server.createRepository({ fullName: 'acme/open', open: true })
    expect(await lsRemote({ url, username, password: 'dead' })).toEqual({ kind: 'ok', authenticated: false })
  })

  test('of one branch succeeds where it is there, and tells where it is not', async () => {
    const asked = { url: closed, username, password }
    expect(await lsRemote({ ...asked, branch: 'main' })).toEqual({ kind: 'ok', authenticated: true })
    const gone = await lsRemote({ ...asked, branch: 'mai' })
    expect(gone).toMatchObject({ kind: 'refused', reason: 'no-branch' })
  })

  test('is refused with a wrong credential', async () => {
    const outcome = await lsRemote({ url: closed, username, password: 'wrong' })
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'credential' })
  })

  test('tells a missing repository', async () => {
    const url = `${server.url}/acme/nothing.git`
    expect(await lsRemote({ url, username, password })).toMatchObject({ kind: 'refused', reason: 'not-found' })
  })

  test('tells a machine without git', async () => {
    const without = createLsRemote({ trustedHosts, path: '/nonexistent' })
    expect(await without({ url: closed, username, password })).toMatchObject({ kind: 'no-git' })
  })

  test('tells a host whose name is not known', async () => {
    const resolve = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
    const outcome = await createLsRemote({ trustedHosts, resolve })({
      url: 'https://no.test/a.git',
      username,
      password,
    })
    expect(outcome.kind).toBe('unreachable')
  })

  test('goes to the address that was checked', async () => {
    const named = parseTrustedHosts('pinned.test')
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }]
    const url = closed.replace('127.0.0.1', 'pinned.test')
    expect(await createLsRemote({ trustedHosts: named, resolve })({ url, username, password })).toMatchObject({
      kind: 'ok',
    })
  })

  test('never follows a redirect with the credential', async () => {
    const before = server.requests.length
    const front = createServer((request, response) => {
      response.writeHead(302, { location: `${server.url}${request.url}` }).end()
    })
    await new Promise<void>((listening) => front.listen(0, '127.0.0.1', listening))
    const address = front.address()
    if (!address || typeof address === 'string') throw new Error('the test server has no port')
    const url = `http://127.0.0.1:${address.port}/acme/shop.git`
    expect((await lsRemote({ url, username, password })).kind).not.toBe('ok')
    expect(server.requests.length).toBe(before)
    front.close()
  })

  test('ends with every process that it started when its time is up', async () => {
    const silent = createServer(() => {})
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening))
    const address = silent.address()
    if (!address || typeof address === 'string') throw new Error('the test server has no port')
    const url = `http://127.0.0.1:${address.port}/slow.git`
    const before = await processIds()
    const outcome = await createLsRemote({ trustedHosts, deadlineMs: 500 })({ url, username, password })
    expect(outcome.kind).toBe('unreachable')
    await expect.poll(async () => (await processesSince(before)).filter((text) => text.includes(url))).toEqual([])
    silent.closeAllConnections()
    silent.close()
  })

  test('shows the credential in no command line and no environment while git has it', async () => {
    const before = await processIds()
    const waiting = server.fault({ kind: 'hang', token: password })
    const asking = lsRemote({ url: closed, username, password })
    await expect.poll(() => waiting.hits, { timeout: 15_000 }).toBe(1)
    const seen = await processesSince(before)
    waiting.lift()
    expect(await asking).toEqual({ kind: 'ok', authenticated: true })
    expect(seen.some((text) => text.includes('git-remote-http'))).toBe(true)
    expect(seen.filter((text) => text.includes(password))).toEqual([])
  })

  test('shows it in none while git asks for it, which is soon over', async () => {
    let looks = 0
    for (let run = 0; run < 60 && looks < 5; run++) {
      let running = true
      const before = await processIds()
      const asking = lsRemote({ url: closed, username, password }).finally(() => {
        running = false
      })
      while (running) {
        const seen = await processesSince(before)
        looks += seen.filter((text) => /git-askpass\0(Username|Password) for /.test(text)).length
        expect(seen.filter((text) => text.includes(password))).toEqual([])
      }
      expect(await asking).toMatchObject({ kind: 'ok' })
    }
    expect(looks).toBeGreaterThanOrEqual(5)
  }, 120_000)
})

async function processIds(): Promise<Set<string>> {
  return new Set((await readdir('/proc')).filter((name) => /^\d+$/.test(name)))
}

/** Command line and environment of each process that was not there before. */
async function processesSince(before: ReadonlySet<string>): Promise<string[]> {
  const ids = [...(await processIds())].filter((id) => !before.has(id))
  const read = (path: string) => readFile(path, 'utf8').catch(() => '')
  return Promise.all(ids.map(async (id) => (await read(`/proc/${id}/cmdline`)) + (await read(`/proc/${id}/environ`))))
}
