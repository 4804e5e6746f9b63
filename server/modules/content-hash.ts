import { createHash } from 'node:crypto'
import { followLink } from './follow-link.ts'
import type { Folder, TreeEntry } from './source-tree.ts'

/**
 * Makes what tells of a module's folder a text that changes exactly with the names, modes and contents in it, apart from
 * what changes nothing in a database: compiled Python, templates of translations, static files, tests. A folder is looked
 * at once, however many links lead to it. What stands behind links inside counts where that is a file.
 * @see https://github.com/acsone/click-odoo-contrib for the list of what is passed over
 */
export function contentHasher(): (module: Folder) => string {
  const known = new Map<Folder, string>()
  const modules = new Map<Folder, string>()

  /** From the innermost folder outwards, as folders may lie deeper inside each other than calls may. */
  function whole(outermost: Folder): string {
    const open = [outermost]
    for (let folder = open.at(-1); folder; folder = open.at(-1)) {
      const before = open.length
      for (const below of folder.folders.values()) if (!known.has(below)) open.push(below)
      if (open.length > before) continue
      known.set(
        folder,
        hashOf(folder, () => true, hashed),
      )
      open.pop()
    }
    return hashed(outermost)
  }

  function hashed(folder: Folder): string {
    return known.get(folder) ?? ''
  }

  function hashOf(folder: Folder, counts: (name: string) => boolean, inside: (below: Folder) => string): string {
    const lines: string[] = []
    for (const [name, entry] of folder.entries) {
      if (counts(name) && !/\.py[co]$/.test(name)) lines.push(`${name}\0${modeOf(entry)} ${contentOf(entry, folder)}\n`)
    }
    for (const [name, below] of folder.folders) {
      const hash = counts(name) ? inside(below) : ''
      if (hash !== '') lines.push(`${name}\0folder ${hash}\n`)
    }
    return lines.length === 0 ? '' : createHash('sha256').update(lines.sort().join('')).digest('hex')
  }

  function ofModule(module: Folder): string {
    const counts = (name: string) => !(module.folders.has(name) && (name === 'static' || name === 'tests'))
    return hashOf(module, counts, (below) =>
      /(?:^|\/)(?:i18n|i18n_extra)$/.test(below.path)
        ? hashOf(below, (name) => !name.endsWith('.pot'), whole)
        : whole(below),
    )
  }

  return (module) => {
    const hash = modules.get(module) ?? ofModule(module)
    modules.set(module, hash)
    return hash
  }
}

function modeOf(entry: TreeEntry): string {
  if (entry.kind === 'symlink') return '120000'
  return entry.executable ? '100755' : '100644'
}

function contentOf(entry: TreeEntry, within: Folder): string {
  if (entry.kind === 'file') return entry.object
  const target = followLink(entry, within)
  return target.is === 'file' ? `${entry.object} ${target.entry.object}` : entry.object
}
