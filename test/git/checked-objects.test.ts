import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFetchCommit } from '../../server/git/fetch-commit.ts'
import { pruneMirror } from '../../server/git/keep-release.ts'
import { hasCommit } from '../../server/git/mirror.ts'
import { parseTrustedHosts } from '../../server/providers/transport/trusted-hosts.ts'
import { type GitHost, startGitHost } from './git-host.ts'
import { RawRepository } from './raw-repository.ts'

const password = 'canary-token-checked'
const fetchCommit = createFetchCommit({ trustedHosts: parseTrustedHosts('127.0.0.1') })
let host: GitHost
let folder: string
let count = 0

beforeAll(async () => {
  host = await startGitHost(password)
  folder = await mkdtemp(join(tmpdir(), 'checked-'))
})
afterAll(async () => {
  await host[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

function asked(repository: RawRepository) {
  count += 1
  const url = host.serve(`acme/c${count}`, { path: repository.path })
  return { url, username: 'x', password, mirror: join(folder, `m${count}`), want: { branch: 'main' } }
}

describe('the objects of a repository', () => {
  test('that git calls malformed are refused, unless they are wanted so', async () => {
    await using repository = await RawRepository.create()
    await repository.put({ '.git': 'a file' })
    const request = asked(repository)
    expect(await fetchCommit(request)).toMatchObject({ kind: 'refused', reason: 'malformed' })
    expect(await fetchCommit({ ...request, checkObjects: false })).toMatchObject({ kind: 'fetched' })
  })

  test('that programs of long ago wrote a little wrong are taken', async () => {
    await using repository = await RawRepository.create()
    const inner = await repository.files({ a: 'a' })
    const tree = await repository.tree([{ mode: '040000', name: 'd', object: inner }])
    const author = 'Old Author<old@example.com> 1000000000 +051800'
    await repository.branch('main', await repository.commit(tree, { author }))
    expect(await fetchCommit(asked(repository))).toMatchObject({ kind: 'fetched' })
  })
})

describe('a branch that was set back', () => {
  test('keeps the commit that it leads to now', async () => {
    await using repository = await RawRepository.create()
    const request = asked(repository)
    const first = await repository.put({ a: '1' })
    await fetchCommit(request)
    const second = await repository.put({ a: '2' }, { parents: [first] })
    await fetchCommit(request)
    await repository.branch('main', first)
    expect(await fetchCommit(request)).toEqual({ kind: 'fetched', commit: first, transferred: false })
    await pruneMirror(request.mirror, { releases: [], branches: ['main'] })
    expect(await hasCommit(request.mirror, first)).toBe(true)
    expect(await hasCommit(request.mirror, second)).toBe(false)
  })
})
