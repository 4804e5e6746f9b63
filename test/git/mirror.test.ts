import { spawn } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commitsBetween, describeCommit } from '../../server/git/describe-commit.ts'
import { createFetchCommit } from '../../server/git/fetch-commit.ts'
import { discardMirror } from '../../server/git/keep-release.ts'
import { hasCommit, sizeOf } from '../../server/git/mirror.ts'
import { readTree } from '../../server/git/read-tree.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import { type Scene, startScene } from './scene.ts'

const fetchCommit = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1') })
let git: Scene

beforeAll(async () => {
  git = await startScene('canary-token-4712')
})
afterAll(() => git[Symbol.asyncDispose]())

describe('a mirror', () => {
  test('is not broken by two fetches at once', async () => {
    await using scene = await git.served()
    await scene.repository.put({ a: '1' })
    await scene.repository.put({ b: '1' }, { branch: 'other' })
    const branches = ['main', 'other', 'main', 'other']
    const outcomes = await Promise.all(branches.map((branch) => fetchCommit({ ...scene.asked, want: { branch } })))
    expect(outcomes.map(({ kind }) => kind)).toEqual(branches.map(() => 'fetched'))
    expect(outcomes.filter((outcome) => outcome.kind === 'fetched' && outcome.transferred)).toHaveLength(2)
  })

  test('is taken over from a process that died in the middle', async () => {
    await using scene = await git.served()
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
    await using scene = await git.served()
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
    await using scene = await git.served()
    await scene.repository.put({ a: '1' })
    let arrived = () => {}
    const waiting = new Promise<void>((tell) => {
      arrived = tell
    })
    const url = git.host.serve('acme/hangs', {
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
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      // What it leaves goes with the rest.
      ...{ stdio: 'ignore', env: { ...process.env, TMPDIR: git.folder } },
    })
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
    await using scene = await git.served()
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
    await using scene = await git.served()
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
