import { spawnSync } from 'node:child_process'
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepRelease, pruneMirror } from '../../server/git/keep-release.ts'
import { branchRef, hasCommit, setRef } from '../../server/git/mirror.ts'
import { type MirrorOf, readSources, type Sources } from '../../server/git/read-sources.ts'
import { removeRelease } from '../../server/git/remove-release.ts'
import { writeRelease } from '../../server/git/write-release.ts'
import { RawRepository } from './raw-repository.ts'

const url = 'https://git.test/acme/shop.git'
const nobody: MirrorOf = async () => ({ is: 'left', why: 'was not fetched.' })
let folder: string
let names = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'releases-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function sourcesOf(
  mirror: string,
  commit: string,
  mirrorOf = nobody,
): Promise<Extract<Sources, { is: 'sources' }>> {
  const sources = await readSources({ mirror, commit, url, mirrorOf })
  if (sources.is !== 'sources') throw new Error(sources.is === 'refused' ? sources.text : 'stopped')
  return sources
}

function newPlace(): string {
  names += 1
  return join(folder, `r${names}`)
}

describe('a release', () => {
  test('holds the files of its commit, byte for byte, with their modes whatever the umask', async () => {
    await using repository = await RawRepository.create()
    const large = 'x'.repeat(1_500_000)
    const commit = await repository.put({
      ...{ 'a.txt': 'a\r\n', 'deep/er/b.sh': { run: '#!/bin/sh\n' }, large, 'copy/large': { run: large }, empty: '' },
      ...{
        '.gitattributes': '* text eol=lf ident export-subst\n',
        id: '$Id$ $Format:%H$\n',
        link: { link: 'deep/er/b.sh' },
      },
    })
    const into = newPlace()
    const umask = process.umask(0o077)
    const outcome = await writeRelease({ sources: await sourcesOf(repository.path, commit), into }).finally(() =>
      process.umask(umask),
    )
    expect(outcome).toMatchObject({ kind: 'written', files: 7, leftLinks: [], lfsPointers: 0, notes: [] })
    expect(await readFile(join(into, 'a.txt'), 'utf8')).toBe('a\r\n')
    expect(await readFile(join(into, 'id'), 'utf8')).toBe('$Id$ $Format:%H$\n')
    expect(await readFile(join(into, 'copy/large'), 'utf8')).toBe(large)
    expect(await readlink(join(into, 'link'))).toBe('deep/er/b.sh')
    const mode = async (path: string) => ((await lstat(join(into, path))).mode & 0o7777).toString(8)
    const paths = ['', 'deep', 'a.txt', 'empty', 'large', 'deep/er/b.sh', 'copy/large']
    expect(await Promise.all(paths.map(mode))).toEqual(['755', '755', '644', '644', '644', '755', '755'])
  })

  test('leaves nothing where it is too large, stopped or wrong', async () => {
    await using repository = await RawRepository.create()
    const commit = await repository.put({ a: 'aaaa', b: 'bbbb' })
    const sources = await sourcesOf(repository.path, commit)
    const place = newPlace()
    const into = join(place, 'r')
    expect(await writeRelease({ sources, into, limits: { mostFiles: 1 } })).toMatchObject({ kind: 'too-large' })
    expect(await writeRelease({ sources, into, limits: { mostBytes: 7 } })).toMatchObject({ kind: 'too-large' })
    expect(await writeRelease({ sources, into, signal: AbortSignal.abort() })).toEqual({ kind: 'stopped' })
    const [part] = sources.parts
    if (!part) throw new Error('no part')
    const missing = part.entries.map((entry) => ({ ...entry, object: 'e'.repeat(40) }))
    const broken = { ...sources, entries: sources.entries, parts: [{ ...part, entries: missing }] }
    const lost = { ...broken, entries: missing.filter((entry) => entry.kind !== 'submodule') }
    expect(await writeRelease({ sources: lost, into })).toMatchObject({ kind: 'refused' })
    expect(await readdir(place)).toEqual([])
  })

  test('never replaces one that is there', async () => {
    await using repository = await RawRepository.create()
    const sources = await sourcesOf(repository.path, await repository.put({ a: 'a' }))
    const into = newPlace()
    await mkdir(into)
    await expect(writeRelease({ sources, into })).rejects.toThrow('there already')
  })

  test('tells what is kept in Git LFS', async () => {
    await using repository = await RawRepository.create()
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`
    const commit = await repository.put({ 'a.png': pointer, 'b.png': pointer, 'c.png': pointer.replace('12', '13') })
    const outcome = await writeRelease({ sources: await sourcesOf(repository.path, commit), into: newPlace() })
    expect(outcome).toMatchObject({ lfsPointers: 3, notes: ['3 files are kept in Git LFS and were not fetched.'] })
  })

  test('sweeps what a dead process left half-written beside it', async () => {
    await using repository = await RawRepository.create()
    const sources = await sourcesOf(repository.path, await repository.put({ a: 'a' }))
    const place = newPlace()
    await mkdir(join(place, '.r.partial.4194303.dead1.aaaaaaaa/deep'), { recursive: true })
    expect(await writeRelease({ sources, into: join(place, 'r') })).toMatchObject({ kind: 'written' })
    expect(await readdir(place)).toEqual(['r'])
  })

  test('is removed without following its links', async () => {
    const place = newPlace()
    await mkdir(join(place, 'outside'), { recursive: true })
    await writeFile(join(place, 'outside/kept'), 'kept')
    await mkdir(join(place, 'release/deep'), { recursive: true })
    await symlink(join(place, 'outside'), join(place, 'release/deep/link'))
    await removeRelease(join(place, 'release'))
    await symlink(join(place, 'outside'), join(place, 'release'))
    await removeRelease(join(place, 'release'))
    await removeRelease(join(place, 'release'))
    expect(await readdir(place)).toEqual(['outside'])
    expect(await readdir(join(place, 'outside'))).toEqual(['kept'])
  })
})

describe('the submodules of a release', () => {
  const modules = (entries: Record<string, string>) =>
    Object.entries(entries)
      .map(([path, address]) => `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${address}\n`)
      .join('')

  test('are written below their paths, from mirrors of their own', async () => {
    await using inner = await RawRepository.create()
    await using middle = await RawRepository.create()
    await using outer = await RawRepository.create()
    const innermost = await inner.put({ 'i.txt': 'i' })
    const between = await middle.put({
      ...{ 'm.txt': 'm', '.gitmodules': modules({ inner: '../inner.git' }), inner: { submodule: innermost } },
    })
    const commit = await outer.put({
      ...{
        '.gitmodules': modules({ 'vendor/middle': 'git@git.test:acme/middle.git' }),
        l: { link: 'vendor/middle/m.txt' },
      },
      'vendor/middle': { submodule: between },
    })
    const asked: string[] = []
    const mirrors = new Map([
      ['https://git.test/acme/middle.git', middle.path],
      ['https://git.test/acme/inner.git', inner.path],
    ])
    const sources = await sourcesOf(outer.path, commit, async (wanted) => {
      asked.push(`${wanted.path} ${wanted.url}`)
      return { is: 'here', mirror: mirrors.get(wanted.url) ?? '' }
    })
    expect(asked).toEqual([
      'vendor/middle https://git.test/acme/middle.git',
      'vendor/middle/inner https://git.test/acme/inner.git',
    ])
    expect(sources.submodulePaths).toEqual(['vendor/middle', 'vendor/middle/inner'])
    const into = newPlace()
    expect(await writeRelease({ sources, into })).toMatchObject({ kind: 'written', leftLinks: [] })
    expect(await readFile(join(into, 'vendor/middle/inner/i.txt'), 'utf8')).toBe('i')
    expect(await readFile(join(into, 'l'), 'utf8')).toBe('m')
  })

  test('end at a depth, which is told', async () => {
    await using repository = await RawRepository.create()
    let below = await repository.put({ 'end.txt': 'end' })
    for (let depth = 0; depth < 6; depth++) {
      below = await repository.put({ '.gitmodules': modules({ s: './' }), s: { submodule: below } })
    }
    const sources = await sourcesOf(repository.path, below, async () => ({ is: 'here', mirror: repository.path }))
    expect(sources.submodulePaths).toEqual(['s', 's/s', 's/s/s', 's/s/s/s'])
    const outcome = await writeRelease({ sources, into: newPlace() })
    expect(outcome).toMatchObject({
      notes: ['The submodule s/s/s/s/s was left out: it lies deeper than 4 submodules in each other.'],
    })
  })
})

describe('a release that is kept', () => {
  test('stays in the mirror when its branch goes on, and goes when it is dropped', async () => {
    await using repository = await RawRepository.create()
    const mirror = repository.path
    const git = (...args: string[]) => spawnSync('git', ['-C', mirror, ...args], { encoding: 'utf8' }).stdout.trim()
    const released = await repository.put({ a: 'released' })
    await keepRelease(mirror, { id: 'release-1', commit: released })
    const dropped = await repository.put({ a: 'dropped' })
    await keepRelease(mirror, { id: 'release-2', commit: dropped })
    const head = await repository.put({ a: 'head' })
    await setRef(mirror, branchRef('main'), head)
    // Objects of long ago: what is new has a grace.
    spawnSync('find', [join(mirror, 'objects'), '-type', 'f', '-exec', 'touch', '-d', '3 hours ago', '{}', '+'])
    expect(await pruneMirror(mirror, { releases: ['release-1'], branches: ['main'] })).toBe('done')
    expect(await hasCommit(mirror, released)).toBe(true)
    expect(await hasCommit(mirror, head)).toBe(true)
    expect(git('cat-file', '-t', dropped)).toBe('')
  })
})
