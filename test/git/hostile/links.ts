import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FileContent } from '../raw-repository.ts'
import type { Fixture } from './fixture.ts'

/** Whether git's own clone lets a path of the repository read what is outside. */
function readsOutside(path: string): Fixture['danger'] {
  return async (ground, url) => {
    const content = await readFile(join(await ground.plainClone(url), path), 'utf8').catch(() => '')
    return content.includes('canary-of-the-outside')
  }
}

const CLIMB = '../'.repeat(12)

/** Links by what they do: their files, made with the path of the secret outside. */
const PLAIN: readonly (readonly [string, (secret: string) => Readonly<Record<string, FileContent>>, string?])[] = [
  ['to a file of the system', (secret) => ({ link: { link: secret } }), 'link'],
  ['to the root', (secret) => ({ link: { link: '/' }, reads: { link: `link${secret}` } }), 'reads'],
  ['that climbs out', (secret) => ({ link: { link: `${CLIMB}${secret.slice(1)}` } }), 'link'],
  ['in a chain that ends outside', (secret) => ({ a: { link: 'b' }, b: { link: 'c' }, c: { link: secret } }), 'a'],
  [
    'that climbs through a linked folder',
    (secret) => ({ 'd/f': 'f', up: { link: '.' }, link: { link: `up/${CLIMB}${secret.slice(1)}` } }),
    'link',
  ],
  ['in place of a manifest', (secret) => ({ 'module/__manifest__.py': { link: secret } }), 'module/__manifest__.py'],
  ['in a circle', () => ({ a: { link: 'b' }, b: { link: 'a' } })],
  ['to nothing', () => ({ a: { link: 'nowhere' } })],
  ['to what is above a folder named like the release', () => ({ a: { link: '../release/../../x' } })],
]

/** Repositories with symbolic links that lead somewhere else. */
export const LINKS: readonly Fixture[] = [
  ...PLAIN.map(
    ([name, files, reads], at): Fixture => ({
      variant: at % 3 === 2,
      name: `a link ${name}`,
      make: (repository, { secret }) => repository.put({ fine: 'fine', ...files(secret) }),
      told: /"kind":"written".*links? (was|were) left out/,
      ...(reads === undefined ? {} : { danger: readsOutside(reads) }),
    }),
  ),
  {
    name: 'a link with files below it',
    async make(repository, { folder }) {
      const link = { mode: '120000', name: 'd', object: await repository.blob(join(folder, 'outside')) }
      const below = { mode: '40000', name: 'd', object: await repository.files({ written: 'written outside' }) }
      await repository.branch('main', await repository.commit(await repository.tree([link, below])))
    },
    told: /lies below a file or a link/,
  },
  {
    name: 'files below a folder that is a link, too',
    async make(repository, { folder }) {
      const link = { mode: '120000', name: 'd', object: await repository.blob(join(folder, 'outside')) }
      const below = { mode: '40000', name: 'd', object: await repository.files({ written: 'written outside' }) }
      await repository.branch('main', await repository.commit(await repository.tree([below, link])))
    },
    told: /is there twice/,
  },
  {
    name: 'a link named .git',
    make: (repository, { folder }) => repository.put({ '.git': { link: folder } }),
    told: /taken for \.git/,
  },
  {
    name: 'a link whose target holds a NUL',
    make: (repository) => repository.put({ link: { link: 'a\0b' } }),
    told: /left out for a name that is no text/,
  },
  {
    name: 'a link whose target is a megabyte long',
    make: (repository) => repository.put({ link: { link: 'a/'.repeat(500_000) } }),
    told: /left out for a name that is no text/,
  },
  {
    name: 'two hundred links, each to the next',
    make: (repository) => {
      const links = Array.from({ length: 200 }, (_, at) => [`l${at}`, { link: `l${at + 1}` }] as const)
      return repository.put({ ...Object.fromEntries(links), l200: 'end' })
    },
    told: /"kind":"written".*links were left out/,
  },
]
