import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RawRepository } from '../raw-repository.ts'
import type { Fixture } from './fixture.ts'

const MISSING = 'abcdef0123'.repeat(4)

async function putEntry(repository: RawRepository, entry: { mode: string; object: string }): Promise<void> {
  const fine = { mode: '100644', name: 'fine', object: await repository.blob('fine') }
  const tree = await repository.tree([{ name: 'entry', ...entry }, fine])
  await repository.branch('main', await repository.commit(tree))
}

/** Repositories whose files, trees and commits are not what they should be. */
export const CONTENTS: readonly Fixture[] = [
  {
    name: 'attributes that change files as they are written',
    make: (repository) =>
      repository.put({
        '.gitattributes': '* text eol=crlf ident export-subst working-tree-encoding=UTF-16\n',
        'f.txt': 'a\n$Id$\n',
      }),
    told: /"kind":"written"/,
    danger: async (ground, url) =>
      !(await readFile(join(await ground.plainClone(url), 'f.txt'), 'utf8').catch(() => '')).includes('$Id$'),
  },
  {
    name: 'an LFS server of its own',
    make: (repository, { elsewhere }) =>
      repository.put({
        ...{ '.lfsconfig': `[lfs]\n\turl = ${elsewhere.url}/lfs\n`, '.gitattributes': '*.bin filter=lfs diff=lfs\n' },
        'a.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`,
      }),
    told: /1 file is kept in Git LFS and was not fetched/,
  },
  {
    name: 'hooks among its files',
    make: (repository, { payload }) =>
      repository.put({
        'hooks/post-checkout': { run: `#!/bin/sh\n${payload}\n` },
        config: '[core]\n\thooksPath = hooks\n',
      }),
    told: /"kind":"written"/,
  },
  {
    name: 'colours, line ends and overrides in a commit',
    make: (repository) =>
      repository.put(
        { fine: 'fine' },
        {
          author: 'A\u001b]0;title\u0007 \u202eevil <a@example.com> 1700000000 +0000',
          message: 'Sub\u001b[2J\u2028ject\u0000\n\nBody\n',
        },
      ),
    told: /"kind":"written"/,
  },
  {
    name: 'a commit in an odd encoding',
    make: (repository) =>
      repository.put(
        { fine: 'fine' },
        { headers: ['encoding no-such-encoding'], message: Buffer.from([0xff, 0xfe, 0xe4, 10]) },
      ),
    told: /"kind":"written"/,
  },
  {
    name: 'a commit of the year 300,000,000',
    make: (repository) => repository.put({ fine: 'fine' }, { author: 'A <a@example.com> 9999999999999999 +0000' }),
    told: /"kind":"written"/,
  },
  {
    name: 'a commit without a name',
    make: (repository) => repository.put({ fine: 'fine' }, { author: '<> 0 +0000' }),
    told: /"kind":"written"/,
  },
  {
    name: 'a commit whose tree is missing',
    make: async (repository) => repository.branch('main', await repository.commit(MISSING)),
    told: /"kind":"(refused|unreachable)"/,
  },
  {
    name: 'a file that is missing',
    make: (repository) => putEntry(repository, { mode: '100644', object: MISSING }),
    told: /"kind":"(refused|unreachable)"/,
  },
  {
    name: 'a tree in place of a file',
    make: async (repository) => putEntry(repository, { mode: '100644', object: await repository.files({ a: 'a' }) }),
    told: /"kind":"(refused|unreachable)"/,
  },
  {
    name: 'a file in place of a tree',
    make: async (repository) => putEntry(repository, { mode: '40000', object: await repository.blob('no tree') }),
    told: /"(kind|is)":"(refused|unreachable)"/,
  },
  {
    name: 'an entry of a kind that there is not',
    make: async (repository) => putEntry(repository, { mode: '140000', object: await repository.blob('socket') }),
    told: /left out|refused|"kind":"written"/,
  },
  {
    name: 'a setuid mode',
    make: async (repository) => putEntry(repository, { mode: '106755', object: await repository.blob('#!/bin/sh') }),
    told: /"kind":"written"/,
  },
  {
    name: 'a billion files in ten trees',
    async make(repository) {
      let tree = await repository.files({ f: 'bomb' })
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j']
      for (let level = 0; level < 9; level++)
        tree = await repository.tree(names.map((name) => ({ mode: '40000', name, object: tree })))
      await repository.branch('main', await repository.commit(tree))
    },
    told: /holds more than [0-9,]+ files/,
  },
  {
    name: 'a file of 60 MB that is a few kilobytes packed',
    make: async (repository) => repository.put({ 'zeros.bin': Buffer.alloc(60_000_000).toString('latin1') }),
    told: /"kind":"too-large","text":"The files of the release hold more than/,
  },
  {
    name: 'a thousand copies of one file of a megabyte',
    async make(repository) {
      const object = await repository.blob(Buffer.alloc(1_000_000))
      const names = Array.from({ length: 1_000 }, (_, at) => `c${String(at).padStart(4, '0')}`)
      const tree = await repository.tree(names.map((name) => ({ mode: '100644', name, object })))
      await repository.branch('main', await repository.commit(tree))
    },
    told: /"kind":"too-large"/,
  },
]
