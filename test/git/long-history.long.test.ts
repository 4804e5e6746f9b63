import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { commitsBetween } from '../../server/git/describe-commit.ts'
import { createFetchCommit } from '../../server/git/fetch-commit.ts'
import { keepRelease, pruneMirror } from '../../server/git/keep-release.ts'
import { readTree } from '../../server/git/read-tree.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import { runGit } from '../simulators/git/run-git.ts'
import { type GitHost, startGitHost } from './git-host.ts'
import { RawRepository } from './raw-repository.ts'

const password = 'canary-token-long'
const fetchCommit = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1') })
let host: GitHost
let repository: RawRepository
let folder: string
let mirror: string
let url: string

beforeAll(async () => {
  host = await startGitHost(password)
  repository = await RawRepository.create()
  folder = await mkdtemp(join(tmpdir(), 'history-'))
  mirror = join(folder, 'mirror')
  url = host.serve('acme/long', { path: repository.path })
  await runGit(['fast-import', '--quiet'], { cwd: repository.path, input: history(10_000) })
})
afterAll(async () => {
  await Promise.all([host, repository].map((part) => part[Symbol.asyncDispose]()))
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => host.forgetRequests())

/** A thousand files, and commits that each change one of them; a branch `old` begins at the hundredth. */
function history(commits: number): string {
  const parts: string[] = []
  const commit = (ref: string, changes: string, from = '') =>
    parts.push(
      `commit ${ref}\ncommitter A <a@example.com> ${1_600_000_000 + parts.length} +0000\ndata 1\nx\n${from}${changes}\n`,
    )
  const file = (path: string, content: string) => `M 100644 inline ${path}\ndata ${content.length}\n${content}\n`
  const all = Array.from({ length: 1_000 }, (_, at) => file(`d${at % 50}/f${at}`, `content ${at}`.repeat(100)))
  commit('refs/heads/main', all.join(''))
  for (let at = 1; at < commits; at++) {
    commit('refs/heads/main', file(`d${at % 50}/f${at % 1_000}`, `changed ${at}`.repeat(100)))
    if (at === 100) commit('refs/heads/old', file('old', 'old'), 'from refs/heads/main\n')
  }
  return parts.join('')
}

const head = async (ref = 'main') => (await runGit(['rev-parse', `refs/heads/${ref}`], { cwd: repository.path })).trim()
const fetchMain = () => fetchCommit({ url, username: 'x', password, mirror, want: { branch: 'main' } })
const received = () => host.requests.reduce((sum, { sentBytes }) => sum + sentBytes, 0)

function objectsIn(place: string): number {
  const counted = spawnSync('git', [`--git-dir=${place}`, 'count-objects', '-v'], { encoding: 'utf8' }).stdout
  const numbers = [...counted.matchAll(/^(?:count|in-pack): (\d+)$/gm)]
  return numbers.reduce((sum, [, number]) => sum + Number(number), 0)
}

/** Puts a commit that changes one file onto main. */
async function change(content: string, parents: readonly string[] = []): Promise<string> {
  const input = [
    `commit refs/heads/main\ncommitter A <a@example.com> 1800000000 +0000\ndata 1\nx\nfrom refs/heads/main^0\n`,
    ...parents.map((parent) => `merge ${parent}\n`),
    `M 100644 inline d1/f1\ndata ${content.length}\n${content}\n`,
  ]
  await runGit(['fast-import', '--quiet'], { cwd: repository.path, input: input.join('') })
  return head()
}

describe('the mirror of a repository of 10,000 commits', () => {
  test('brings little at first, and then only what is new', async () => {
    const first = await head()
    expect(await fetchMain()).toMatchObject({ commit: first, transferred: true })
    const atFirst = objectsIn(mirror)
    const firstBytes = received()
    expect(atFirst).toBeLessThan(2_000)
    host.forgetRequests()
    const second = await change('new content')
    expect(await fetchMain()).toMatchObject({ commit: second, transferred: true })
    const then = objectsIn(mirror) - atFirst
    // The commit, the tree of its root and of one folder, and the file; a thin pack may bring bases with it.
    expect(then).toBeLessThanOrEqual(12)
    const tree = await readTree(mirror, second)
    expect(tree.is === 'tree' && tree.entries.length).toBe(1_000)
    const told = [`${atFirst} objects, ${firstBytes} bytes`, `${then} objects, ${received()} bytes`]
    process.stdout.write(`10,000 commits: at first ${told[0]}; after one changed file ${told[1]}\n`)
    const between = await commitsBetween(mirror, { from: first, to: second, most: 10 })
    expect(between).toMatchObject({ complete: true, commits: [{ commit: second }] })
  })

  test('stays small when an old branch is merged, and goes back without asking', async () => {
    const before = await head()
    const objects = objectsIn(mirror)
    const merged = await change('merged', [await head('old')])
    expect(await fetchMain()).toMatchObject({ commit: merged, transferred: true })
    const came = objectsIn(mirror) - objects
    process.stdout.write(`the merge of a branch that began 9,900 commits ago: ${came} objects\n`)
    expect(came).toBeLessThan(2_500)
    host.forgetRequests()
    const back = await fetchCommit({ url, username: 'x', password, mirror, want: { commit: before } })
    expect(back).toEqual({ kind: 'fetched', commit: before, transferred: false })
    expect(host.requests).toEqual([])
  })

  test('keeps fetching when far more has come than it reaches back, and keeps its releases', async () => {
    const released = await head()
    await keepRelease(mirror, { id: 'release-1', commit: released })
    for (let at = 0; at < 150; at++) await change(`more ${at}`)
    const far = await head()
    expect(await fetchMain()).toMatchObject({ commit: far, transferred: true })
    const between = await commitsBetween(mirror, { from: released, to: far, most: 500 })
    expect(between).toMatchObject({ complete: false })
    expect(between?.commits.length).toBeGreaterThanOrEqual(99)
    expect(await pruneMirror(mirror, { releases: ['release-1'], branches: ['main'] })).toBe('done')
    const back = await fetchCommit({ url, username: 'x', password, mirror, want: { commit: released } })
    expect(back).toMatchObject({ transferred: false })
    const tree = await readTree(mirror, released)
    expect(tree.is === 'tree' && tree.entries.length).toBeGreaterThanOrEqual(1_000)
    const next = await change('after the pruning')
    const objects = objectsIn(mirror)
    expect(await fetchMain()).toMatchObject({ commit: next, transferred: true })
    expect(objectsIn(mirror) - objects).toBeLessThanOrEqual(12)
  })

  test('is fetched by eight at once without harm', async () => {
    const next = await change('eight')
    const outcomes = await Promise.all(Array.from({ length: 8 }, fetchMain))
    expect(outcomes).toEqual(outcomes.map(() => expect.objectContaining({ kind: 'fetched', commit: next })))
    expect(outcomes.filter((outcome) => outcome.kind === 'fetched' && outcome.transferred)).toHaveLength(1)
    const checked = spawnSync('git', [`--git-dir=${mirror}`, 'fsck', '--connectivity-only'], { encoding: 'utf8' })
    expect(checked.status).toBe(0)
  })
})
