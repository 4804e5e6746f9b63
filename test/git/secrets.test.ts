import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFetchCommit } from '../../server/git/fetch-commit.ts'
import { readSources } from '../../server/git/read-sources.ts'
import { writeRelease } from '../../server/git/write-release.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import { type GitHost, startGitHost } from './git-host.ts'
import { RawRepository } from './raw-repository.ts'

const password = 'canary-token-of-secrets'
const fetchCommit = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1') })
const encoded = [password, Buffer.from(`x:${password}`).toString('base64'), encodeURIComponent(`${password}@`)]
let host: GitHost
let repository: RawRepository
let folder: string

beforeAll(async () => {
  host = await startGitHost(password)
  repository = await RawRepository.create()
  folder = await mkdtemp(join(tmpdir(), 'secrets-'))
})
afterAll(async () => {
  await Promise.all([host, repository].map((part) => part[Symbol.asyncDispose]()))
  await rm(folder, { recursive: true, force: true })
})

const LEAST_FETCHES = 8
const MOST_FETCHES = 80

/** Looks at the command lines and environments of all processes until what runs is over; gives those that are new. */
async function watchedDuring(running: Promise<unknown>): Promise<string[]> {
  const old = new Set(await readdir('/proc'))
  const seen = new Set<string>()
  const read = (path: string) => readFile(path, 'utf8').catch(() => '')
  let over = false
  const ended = running.finally(() => {
    over = true
  })
  while (!over) {
    for (const id of await readdir('/proc')) {
      if (!/^\d+$/.test(id) || old.has(id)) continue
      seen.add((await read(`/proc/${id}/cmdline`)) + (await read(`/proc/${id}/environ`)))
    }
  }
  await ended
  return [...seen]
}

const leaks = (seen: readonly string[]) => seen.filter((line) => encoded.some((form) => line.includes(form)))

describe('the credential of a fetch', () => {
  test('is in no command line and no environment, and in no file afterwards', async () => {
    const url = host.serve('acme/shop', { path: repository.path })
    const mirror = join(folder, 'mirror')
    const seen: string[] = []
    let commit = ''
    const parts = ['git-remote-http', 'index-pack', 'GC_ORIGIN']
    const isSeen = (part: string) => seen.some((line) => line.includes(part))
    // Some of them live so briefly that not every fetch shows them.
    for (let run = 0; run < LEAST_FETCHES || (run < MOST_FETCHES && !parts.every(isSeen)); run++) {
      commit = await repository.put({ a: String(run) }, commit === '' ? {} : { parents: [commit] })
      const fetching = fetchCommit({ url, username: 'x', password, mirror, want: { branch: 'main' } })
      seen.push(...(await watchedDuring(fetching)))
      expect(await fetching).toMatchObject({ kind: 'fetched', transferred: true })
    }
    expect(parts.filter((part) => !isSeen(part))).toEqual([])
    expect(leaks(seen)).toEqual([])
    const sources = await readSources({ mirror, commit, url, mirrorOf: async () => ({ is: 'left', why: '' }) })
    if (sources.is !== 'sources') throw new Error(sources.is)
    await writeRelease({ sources, into: join(folder, 'release') })
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    const holding = files.map(async ({ parentPath, name }) => leaks([await readFile(join(parentPath, name), 'latin1')]))
    expect(files.length).toBeGreaterThan(10)
    expect((await Promise.all(holding)).flat()).toEqual([])
    process.stdout.write(`the credential in ${seen.length} command lines and environments: 0 times\n`)
  })

  test('would be seen where git has it in its address', async () => {
    const url = host.serve('acme/planted', { path: repository.path }).replace('://', `://x:${password}@`)
    const waits = new Promise((ended) => spawn('git', ['ls-remote', url], { stdio: 'ignore' }).once('close', ended))
    expect(leaks(await watchedDuring(waits)).length).toBeGreaterThan(0)
  })
})

describe('the answer to a question of git', () => {
  const askpass = resolve(import.meta.dirname, '../../server/git/git-askpass')

  /** Asks as git would while it speaks to one origin; gives what was answered. */
  async function ask(question: string): Promise<string> {
    const child = spawn(askpass, [question], {
      stdio: ['ignore', 'pipe', 'ignore', 'pipe', 'pipe', 'pipe'],
      env: {
        ...{ PATH: process.env.PATH, GC_ORIGIN: 'https://git.test', GC_ORIGIN_WITH_USER: 'https://x@git.test' },
        GC_PROXY: 'none',
      },
    })
    const pipes: readonly unknown[] = child.stdio
    for (const [at, said] of [
      [3, `${password}\n${password}\n`],
      [5, `${password}\n`],
    ] as const) {
      const pipe = pipes[at]
      if (!(pipe instanceof Writable)) throw new Error('no pipe')
      pipe.on('error', () => {})
      pipe.end(said)
    }
    if (!child.stdout) throw new Error('no output')
    return (await text(child.stdout)).trim()
  }

  test('is given for its own origin', async () => {
    expect(await ask("Password for 'https://x@git.test': ")).toBe(password)
    expect(await ask("Username for 'https://git.test': ")).toBe(password)
  })

  test.each([
    "Password for 'https://x@other.test': ",
    "Password for 'https://x@git.test.other.test': ",
    "Password for 'http://x@git.test': ",
    "Password for 'https://x@git.test:8443': ",
    "Password for 'https://git.test': ",
    "Password for 'https://y@git.test': ",
    "Username for 'https://other.test': ",
    "Username for 'https://git.test.other.test': ",
    "Password for 'https://x@other.test/https://x@git.test': ",
    "Enter passphrase for key '/root/.ssh/id_rsa': ",
    'Are you sure you want to continue connecting (yes/no)? ',
    '',
  ])('%j gets nothing', async (question) => expect(await ask(question)).toBe(''))
})
