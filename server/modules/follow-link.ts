import type { FileEntry, Folder, LinkEntry } from './source-tree.ts'

/** Where a symbolic link leads, through all links on the way. */
export type LinkTarget =
  | { readonly is: 'folder'; readonly folder: Folder }
  | { readonly is: 'file'; readonly entry: FileEntry }
  /** Out of the repository, wherever that would be. */
  | { readonly is: 'outside' }
  /** To itself, or through more links and folders than anybody needs. */
  | { readonly is: 'loop' }
  | { readonly is: 'nowhere' }

/** As Linux has it. */
const MOST_LINKS = 40
const MOST_STEPS = 512

/** Follows a link that stands in a folder, inside the tree only: nothing outside is looked at. */
export function followLink(link: LinkEntry, within: Folder): LinkTarget {
  let folder = within
  let links = 0
  let steps = 0
  const ahead: string[] = []
  for (let next: LinkEntry | null = link; next; ) {
    if (++links > MOST_LINKS || next.target.length > MOST_STEPS * 8) return { is: 'loop' }
    if (next.target.startsWith('/')) return { is: 'outside' }
    ahead.push(...next.target.split('/').reverse())
    next = null
    for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
      if (++steps > MOST_STEPS) return { is: 'loop' }
      if (name === '' || name === '.') continue
      if (name === '..') {
        if (!folder.parent) return { is: 'outside' }
        folder = folder.parent
        continue
      }
      const entry = folder.entries.get(name)
      if (entry?.kind === 'symlink') {
        next = entry
        break
      }
      if (entry) return ahead.length === 0 ? { is: 'file', entry } : { is: 'nowhere' }
      const below = folder.folders.get(name)
      if (!below) return { is: 'nowhere' }
      folder = below
    }
  }
  return { is: 'folder', folder }
}
