import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followLink } from './follow-link.ts'
import { foldersOf } from './source-tree.ts'
import { treeOf } from './testing.ts'

const name = fc.constantFrom('a', 'b', 'c')
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))
const target = fc
  .array(fc.constantFrom('a', 'b', 'c', 'a', 'b', 'c', '..', '..', '.', ''), { minLength: 1, maxLength: 5 })
  .map((names) => names.join('/'))
  .filter((text) => text !== '')
const trees = fc.dictionary(
  path,
  fc.oneof(
    fc.constant('x'),
    target.map((text) => `-> ${text}`),
  ),
  { maxKeys: 8 },
)

/** What Linux makes of a link, as far as it says so. */
function askLinux(root: string, link: string): string {
  try {
    const real = relative(root, realpathSync.native(join(root, link)))
    return real.startsWith('..') ? 'outside' : `at ${real}`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    return code === 'ELOOP' ? 'loop' : 'nowhere'
  }
}

test('a link leads where Linux says, or out of the tree', () => {
  let [compared, outside] = [0, 0]
  const check = (files: Record<string, string>) => {
    // What lies below a file or link is no tree.
    const paths = Object.keys(files).filter((one) => !Object.keys(files).some((other) => one.startsWith(`${other}/`)))
    const root = mkdtempSync(join(tmpdir(), 'git-connections-links-'))
    try {
      for (const one of paths) {
        const content = files[one] ?? ''
        mkdirSync(dirname(join(root, one)), { recursive: true })
        if (content.startsWith('-> ')) symlinkSync(content.slice(3), join(root, one))
        else writeFileSync(join(root, one), content)
      }
      const { links } = foldersOf(treeOf(Object.fromEntries(paths.map((one) => [one, files[one] ?? '']))))
      for (const { link, within } of links) {
        const found = followLink(link, within)
        const linux = askLinux(root, link.path)
        compared++
        if (found.is === 'outside') {
          outside++
          // Out there is nothing by these names, unless it is a way back or a folder above.
          expect(['outside', 'nowhere', 'loop']).toContain(linux)
        } else if (found.is === 'folder') expect(`at ${found.folder.path}`).toBe(linux)
        else if (found.is === 'file') expect(`at ${found.entry.path}`).toBe(linux)
        else expect(found.is).toBe(linux)
      }
    } finally {
      rmSync(root, { recursive: true })
    }
  }
  fc.assert(fc.property(trees, check), { numRuns: 600 })
  expect(compared).toBeGreaterThan(600)
  expect(outside).toBeGreaterThan(50)
})
