import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RawEntry, RawRepository } from '../raw-repository.ts'
import type { Fixture } from './fixture.ts'

const CONFIG = '[core]\n\tfsmonitor = touch /tmp/never\n'

/** Puts raw entries onto the branch, beside a harmless file. */
async function putRaw(repository: RawRepository, entries: readonly RawEntry[]): Promise<void> {
  const fine = { mode: '100644', name: 'README.md', object: await repository.blob('fine') }
  await repository.branch('main', await repository.commit(await repository.tree([...entries, fine])))
}

async function folderNamed(repository: RawRepository, name: string | Buffer): Promise<RawEntry> {
  return { mode: '40000', name, object: await repository.files({ config: CONFIG }) }
}

async function fileNamed(repository: RawRepository, name: string | Buffer): Promise<RawEntry> {
  return { mode: '100644', name, object: await repository.blob('content') }
}

const DOT_GIT = [
  ...[
    '.git',
    '.GIT',
    '.gIt',
    'git~1',
    'GIT~1',
    '.g\u200cit',
    '.git\ufeff',
    '.git ',
    '.git.',
    '.git::$INDEX_ALLOCATION',
  ],
]

/** A file with such a name, alone. */
const FILES: readonly (readonly [string, string | Buffer, RegExp])[] = [
  ['..', '..', /holds \\"..\\"/],
  ['.', '.', /holds \\".\\"/],
  ['an absolute path', '/tmp/absolute', /is absolute/],
  ['a path that climbs', '../climbed', /holds \\"..\\"/],
  ['a path that climbs from inside', 'a/../../climbed', /holds \\"..\\"/],
  ['a path with an empty part', 'a//b', /has an empty part/],
  ['300 bytes', 'n'.repeat(300), /longer than 255 bytes/],
  ['backslashes', '..\\..\\climbed', /"kind":"written"/],
  ['a line end and colours', 'a\n\u001b[31mred', /"kind":"written"/],
  ['a bidirectional override', 'a\u202egpj.exe', /"kind":"written"/],
  ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xfe]), /1 file was left out for a name that is no text/],
  ['the look of an option', '--upload-pack=touch', /"kind":"written"/],
]

/** Repositories with names that some program takes for another. */
export const NAMES: readonly Fixture[] = [
  ...DOT_GIT.map(
    (name, at): Fixture => ({
      variant: at % 3 > 0,
      name: `a folder named ${JSON.stringify(name)}`,
      make: async (repository) => putRaw(repository, [await folderNamed(repository, name)]),
      told: /"kind":"refused".*taken for \.git/,
    }),
  ),
  {
    name: 'a folder that NTFS takes for .git, which git writes where it is not told to mind',
    make: async (repository) => putRaw(repository, [await folderNamed(repository, 'GIT~1')]),
    told: /taken for \.git/,
    danger: async (ground, url) =>
      existsSync(join(await ground.plainClone(url, { args: ['-c', 'core.protectNTFS=false'] }), 'GIT~1/config')),
  },
  ...FILES.map(
    ([name, path, told], at): Fixture => ({
      variant: at % 3 === 1,
      name: `a file named with ${name}`,
      make: async (repository) => putRaw(repository, [await fileNamed(repository, path)]),
      told,
    }),
  ),
  {
    name: 'the same name twice',
    make: async (repository) =>
      putRaw(repository, [await fileNamed(repository, 'a'), await fileNamed(repository, 'a')]),
    told: /is there twice/,
  },
  {
    name: 'a path of 5,000 folders',
    async make(repository) {
      let tree = await repository.files({ f: 'deep' })
      for (let depth = 0; depth < 5_000; depth++)
        tree = await repository.tree([{ mode: '40000', name: 'dd', object: tree }])
      await repository.branch('main', await repository.commit(tree))
    },
    told: /A path is longer than|could not list/,
  },
  {
    name: 'names of a hundred characters, thirty deep',
    async make(repository) {
      const path = Array.from({ length: 30 }, () => 'n'.repeat(100)).join('/')
      await repository.put({ [path]: 'deep' })
    },
    told: /longer than 1024 bytes|longer than 3000 bytes/,
  },
]
