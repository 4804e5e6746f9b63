import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commitsBetween, describeCommit } from '../../server/git/describe-commit.ts'
import { createFetchCommit } from '../../server/git/fetch-commit.ts'
import { discardMirror } from '../../server/git/keep-release.ts'
import { hasCommit, sizeOf } from '../../server/git/mirror.ts'
import { readTexts } from '../../server/git/read-texts.ts'
import { readTree } from '../../server/git/read-tree.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import { type GitHost, startGitHost } from './git-host.ts'
import { RawRepository } from './raw-repository.ts'

const password = 'canary-token-4711'
const username = 'x-access-token'
const fetchCommit = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1') })
let host: GitHost
let folder: string
let names = 0

beforeAll(async () => {
  host = await startGitHost(password)
  folder = await mkdtemp(join(tmpdir(), 'mirrors-'))
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => host.forgetRequests())

/** A repository that is served, and an empty place for its mirror. */
async function served(how: { old?: boolean } = {}) {
  names += 1
  const repository = await RawRepository.create()
  const url = host.serve(`acme/r${names}`, { path: repository.path, ...how })
  const asked = { url, username, password, mirror: join(folder, `m${names}`) }
  return { repository, asked, [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose]() }
}

const withCredential = () => host.requests.filter(({ authorization }) => authorization !== null).length

describe('fetching a branch', () => {
  test('brings its head, and the files that it holds', async () => {
    await using scene = await served()
    const commit = await scene.repository.put({
      'README.md': 'hello',
      'bin/run': { run: '#!' },
      l: { link: 'README.md' },
    })
    const outcome = await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    expect(outcome).toEqual({ kind: 'fetched', commit, transferred: true })
    const tree = await readTree(scene.asked.mirror, commit)
    if (tree.is !== 'tree') throw new Error(tree.is)
    expect(tree.entries).toMatchObject([
      { path: 'README.md', kind: 'file', executable: false, size: 5 },
      { path: 'bin/run', kind: 'file', executable: true },
      { path: 'l', kind: 'symlink', target: 'README.md' },
    ])
    const [readme] = tree.entries
    const texts = await readTexts(scene.asked.mirror, [readme?.object ?? ''], { mostBytes: 10 })
    expect([...texts.values()]).toEqual(['hello'])
  })

  test('that has not moved costs one request with the credential, and brings nothing', async () => {
    await using scene = await served()
    const commit = await scene.repository.put({ a: '1' })
    await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    host.forgetRequests()
    const again = await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    expect(again).toEqual({ kind: 'fetched', commit, transferred: false })
    expect(host.requests).toHaveLength(1)
    expect(withCredential()).toBe(1)
  })

  test('works with a server that knows only the old protocol', async () => {
    await using scene = await served({ old: true })
    const first = await scene.repository.put({ a: '1' })
    expect(await fetchCommit({ ...scene.asked, want: { branch: 'main' } })).toMatchObject({ commit: first })
    const second = await scene.repository.put({ a: '2' }, { parents: [first] })
    expect(await fetchCommit({ ...scene.asked, want: { branch: 'main' } })).toMatchObject({ commit: second })
  })

  test('tells its progress, without the secret', async () => {
    await using scene = await served()
    await scene.repository.put({ a: '1' })
    const lines: string[] = []
    await fetchCommit({ ...scene.asked, want: { branch: 'main' }, onProgress: (line) => lines.push(line) })
    expect(lines.join('\n')).toContain('objects')
    expect(lines.join('\n')).not.toContain(password)
  })

  test.each([
    ['wrong', 'main', { kind: 'refused', reason: 'credential' }],
    [password, 'gone', { kind: 'refused', reason: 'no-branch' }],
    [password, 'a:b', { kind: 'refused', reason: 'no-branch' }],
    [password, 'mai*', { kind: 'refused', reason: 'no-branch' }],
  ])('with password %s and branch %s is refused', async (secret, branch, told) => {
    await using scene = await served()
    await scene.repository.put({ a: '1' })
    expect(await fetchCommit({ ...scene.asked, password: secret, want: { branch } })).toMatchObject(told)
  })

  test('of a repository that is not there is refused', async () => {
    const asked = { url: `${host.url}/acme/nothing.git`, username, password, mirror: join(folder, 'nothing') }
    expect(await fetchCommit({ ...asked, want: { branch: 'main' } })).toMatchObject({ reason: 'not-found' })
  })

  test('is stopped by a signal, and tells a machine without git', async () => {
    await using scene = await served()
    await scene.repository.put({ a: '1' })
    const request = { ...scene.asked, want: { branch: 'main' } }
    expect(await fetchCommit({ ...request, signal: AbortSignal.abort() })).toEqual({ kind: 'stopped' })
    const without = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1'), path: '/nonexistent' })
    expect(await without(request)).toMatchObject({ kind: 'no-git' })
  })
})

describe('fetching a commit by its id', () => {
  test('that is in the mirror asks nobody, also when the branch went on', async () => {
    await using scene = await served()
    const first = await scene.repository.put({ a: '1' })
    await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    await scene.repository.put({ a: '2' }, { parents: [first] })
    await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    host.forgetRequests()
    const back = await fetchCommit({ ...scene.asked, want: { commit: first } })
    expect(back).toEqual({ kind: 'fetched', commit: first, transferred: false })
    expect(host.requests).toHaveLength(0)
  })

  test('takes it from a server that gives it', async () => {
    await using scene = await served()
    const first = await scene.repository.put({ a: '1' })
    await scene.repository.put({ a: '2' }, { parents: [first] })
    const outcome = await fetchCommit({ ...scene.asked, want: { commit: first } })
    expect(outcome).toEqual({ kind: 'fetched', commit: first, transferred: true })
  })

  test('looks into the branch, all of it at last, where the server gives no commit by its id', async () => {
    await using scene = await served({ old: true })
    const first = await scene.repository.put({ a: '0' })
    let last = first
    for (let at = 1; at <= 120; at++) last = await scene.repository.put({ a: String(at) }, { parents: [last] })
    expect(await fetchCommit({ ...scene.asked, want: { commit: first } })).toMatchObject({ reason: 'no-commit' })
    const outcome = await fetchCommit({ ...scene.asked, want: { commit: first, branch: 'main' } })
    expect(outcome).toEqual({ kind: 'fetched', commit: first, transferred: true })
  })

  test('is refused where there is none, or it is no id', async () => {
    await using scene = await served()
    await scene.repository.put({ a: '1' })
    for (const commit of ['0123456789'.repeat(4), 'main', '--all', 'abc']) {
      const outcome = await fetchCommit({ ...scene.asked, want: { commit, branch: 'main' } })
      expect(outcome).toMatchObject({ kind: 'refused', reason: 'no-commit' })
    }
  })
})

describe('a mirror', () => {
  test('is not broken by two fetches at once', async () => {
    await using scene = await served()
    await scene.repository.put({ a: '1' })
    await scene.repository.put({ b: '1' }, { branch: 'other' })
    const branches = ['main', 'other', 'main', 'other']
    const outcomes = await Promise.all(branches.map((branch) => fetchCommit({ ...scene.asked, want: { branch } })))
    expect(outcomes.map(({ kind }) => kind)).toEqual(branches.map(() => 'fetched'))
    expect(outcomes.filter((outcome) => outcome.kind === 'fetched' && outcome.transferred)).toHaveLength(2)
  })

  test('is taken over from a process that died in the middle', async () => {
    await using scene = await served()
    const commit = await scene.repository.put({ a: '1' })
    await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    const { mirror } = scene.asked
    await writeFile(join(mirror, 'turn.4194303.dead12345.aaaaaaaa'), '')
    await writeFile(join(mirror, 'shallow.lock'), '')
    await writeFile(join(mirror, 'packed-refs.lock'), '')
    await mkdir(join(mirror, 'objects/pack'), { recursive: true })
    await writeFile(join(mirror, 'objects/pack/tmp_pack_abc'), 'x')
    const next = await scene.repository.put({ a: '2' }, { parents: [commit] })
    expect(await fetchCommit({ ...scene.asked, want: { branch: 'main' } })).toMatchObject({ commit: next })
    const left = (await readdir(mirror, { recursive: true })).filter((name) => /turn\.|\.lock$|tmp_/.test(name))
    expect(left).toEqual([])
  })

  test('that lost objects is filled again, by itself or when it is discarded', async () => {
    await using scene = await served()
    const first = await scene.repository.put({ a: '1' })
    const { mirror } = scene.asked
    await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    const packs = join(mirror, 'objects/pack')
    for (const name of await readdir(packs)) await rm(join(packs, name))
    const second = await scene.repository.put({ a: '2' }, { parents: [first] })
    expect(await fetchCommit({ ...scene.asked, want: { branch: 'main' } })).toMatchObject({ commit: second })
    expect(await readTree(mirror, second)).toMatchObject({ is: 'tree' })
    expect(await discardMirror(mirror)).toBe('done')
    expect(await readdir(mirror)).toEqual([])
    expect(await fetchCommit({ ...scene.asked, want: { branch: 'main' } })).toMatchObject({ transferred: true })
  })

  test('is written to by no git that outlives its process', async () => {
    await using scene = await served()
    await scene.repository.put({ a: '1' })
    let arrived = () => {}
    const waiting = new Promise<void>((tell) => {
      arrived = tell
    })
    const url = host.serve('acme/hangs', {
      path: scene.repository.path,
      answer: ({ incoming }) => {
        if (incoming.method === 'POST') return new Response('', { status: 400 })
        arrived()
        return new Promise<Response>(() => {})
      },
    })
    const source = fileURLToPath(new URL('../../server', import.meta.url))
    const program = `
      import { createFetchCommit } from '${source}/git/fetch-commit.ts'
      import { parseTrustedHosts } from '${source}/providers/transport/trusted-hosts.ts'
      const fetchCommit = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1') })
      await fetchCommit(${JSON.stringify({ ...scene.asked, url, want: { branch: 'main' } })})`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' })
    await waiting
    const running = async () => {
      const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
      const lines = ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => ''))
      return (await Promise.all(lines)).filter(
        (line) => line.includes('hangs.git') && line.includes('fetch\0--progress'),
      )
    }
    expect(await running()).not.toEqual([])
    child.kill('SIGKILL')
    await expect.poll(running, { timeout: 5_000 }).toEqual([])
  })

  test('tells what lies between two commits, cleaned', async () => {
    await using scene = await served()
    const author = 'Ada \u001b[31mRed <a@example.com> 1700000000 +0000'
    const first = await scene.repository.put({ a: '1' }, { message: 'First\n' })
    const second = await scene.repository.put({ a: '2' }, { parents: [first], author, message: 'Sec\u001b[2Jond\n' })
    await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    const { mirror } = scene.asked
    const between = await commitsBetween(mirror, { from: first, to: second, most: 10 })
    expect(between).toMatchObject({ complete: true, commits: [{ commit: second, subject: 'Sec [2Jond' }] })
    expect(await describeCommit(mirror, second)).toMatchObject({
      ...{ author: 'Ada [31mRed', authoredAt: new Date(1_700_000_000_000) },
    })
    expect(await describeCommit(mirror, 'f'.repeat(40))).toBe(null)
  })

  test('that would grow over its quota keeps nothing of what came', async () => {
    await using scene = await served()
    const first = await scene.repository.put({ a: '1' })
    await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    const noise = Array.from({ length: 40 }, () => crypto.getRandomValues(new Uint8Array(60_000)))
    const files = Object.fromEntries(noise.map((bytes, at) => [`n${at}`, Buffer.from(bytes).toString('latin1')]))
    await scene.repository.put(files, { parents: [first] })
    const outcome = await fetchCommit({ ...scene.asked, want: { branch: 'main' }, limits: { mostBytes: 1_000_000 } })
    expect(outcome.kind).toBe('too-large')
    expect(await sizeOf(scene.asked.mirror)).toBeLessThan(200_000)
    expect(await hasCommit(scene.asked.mirror, first)).toBe(true)
    expect(await fetchCommit({ ...scene.asked, want: { branch: 'main' } })).toMatchObject({ kind: 'fetched' })
  })
})
