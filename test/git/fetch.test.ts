import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createFetchCommit } from '../../server/git/fetch-commit.ts'
import { readTexts } from '../../server/git/read-texts.ts'
import { readTree } from '../../server/git/read-tree.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import { type Scene, startScene } from './scene.ts'

const password = 'canary-token-4711'
const fetchCommit = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1') })
let git: Scene

beforeAll(async () => {
  git = await startScene(password)
})
afterAll(() => git[Symbol.asyncDispose]())
beforeEach(() => git.host.forgetRequests())

const withCredential = () => git.host.requests.filter(({ authorization }) => authorization !== null).length

describe('fetching a branch', () => {
  test('brings its head, and the files that it holds', async () => {
    await using scene = await git.served()
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
    await using scene = await git.served()
    const commit = await scene.repository.put({ a: '1' })
    await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    git.host.forgetRequests()
    const again = await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    expect(again).toEqual({ kind: 'fetched', commit, transferred: false })
    expect(git.host.requests).toHaveLength(1)
    expect(withCredential()).toBe(1)
  })

  test('works with a server that knows only the old protocol', async () => {
    await using scene = await git.served({ old: true })
    const first = await scene.repository.put({ a: '1' })
    expect(await fetchCommit({ ...scene.asked, want: { branch: 'main' } })).toMatchObject({ commit: first })
    const second = await scene.repository.put({ a: '2' }, { parents: [first] })
    expect(await fetchCommit({ ...scene.asked, want: { branch: 'main' } })).toMatchObject({ commit: second })
  })

  test('tells its progress, without the secret', async () => {
    await using scene = await git.served()
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
    await using scene = await git.served()
    await scene.repository.put({ a: '1' })
    expect(await fetchCommit({ ...scene.asked, password: secret, want: { branch } })).toMatchObject(told)
  })

  test('of a repository that is not there is refused', async () => {
    const asked = {
      url: `${git.host.url}/acme/nothing.git`,
      username: 'x',
      password,
      mirror: join(git.folder, 'nothing'),
    }
    expect(await fetchCommit({ ...asked, want: { branch: 'main' } })).toMatchObject({ reason: 'not-found' })
  })

  test('is stopped by a signal, and tells a machine without git', async () => {
    await using scene = await git.served()
    await scene.repository.put({ a: '1' })
    const request = { ...scene.asked, want: { branch: 'main' } }
    expect(await fetchCommit({ ...request, signal: AbortSignal.abort() })).toEqual({ kind: 'stopped' })
    const without = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1'), path: '/nonexistent' })
    expect(await without(request)).toMatchObject({ kind: 'no-git' })
  })
})

describe('fetching a commit by its id', () => {
  test('that is in the mirror asks nobody, also when the branch went on', async () => {
    await using scene = await git.served()
    const first = await scene.repository.put({ a: '1' })
    await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    await scene.repository.put({ a: '2' }, { parents: [first] })
    await fetchCommit({ ...scene.asked, want: { branch: 'main' } })
    git.host.forgetRequests()
    const back = await fetchCommit({ ...scene.asked, want: { commit: first } })
    expect(back).toEqual({ kind: 'fetched', commit: first, transferred: false })
    expect(git.host.requests).toHaveLength(0)
  })

  test('takes it from a server that gives it', async () => {
    await using scene = await git.served()
    const first = await scene.repository.put({ a: '1' })
    await scene.repository.put({ a: '2' }, { parents: [first] })
    const outcome = await fetchCommit({ ...scene.asked, want: { commit: first } })
    expect(outcome).toEqual({ kind: 'fetched', commit: first, transferred: true })
  })

  test('looks into the branch, all of it at last, where the server gives no commit by its id', async () => {
    await using scene = await git.served({ old: true })
    const first = await scene.repository.put({ a: '0' })
    let last = first
    for (let at = 1; at <= 120; at++) last = await scene.repository.put({ a: String(at) }, { parents: [last] })
    expect(await fetchCommit({ ...scene.asked, want: { commit: first } })).toMatchObject({ reason: 'no-commit' })
    const outcome = await fetchCommit({ ...scene.asked, want: { commit: first, branch: 'main' } })
    expect(outcome).toEqual({ kind: 'fetched', commit: first, transferred: true })
  })

  test('is refused where there is none, or it is no id', async () => {
    await using scene = await git.served()
    await scene.repository.put({ a: '1' })
    for (const commit of ['0123456789'.repeat(4), 'main', '--all', 'abc']) {
      const outcome = await fetchCommit({ ...scene.asked, want: { commit, branch: 'main' } })
      expect(outcome).toMatchObject({ kind: 'refused', reason: 'no-commit' })
    }
  })
})
