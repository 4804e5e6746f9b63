const MOST_HOPS = 40

/** What stands at a path of a tree that is not written yet. */
export type Planned =
  | { readonly is: 'file' }
  | { readonly is: 'folder' }
  | { readonly is: 'link'; readonly target: string }

/**
 * Follows a symbolic link in a tree that exists only as a list, as the system would follow it on disk: through links of
 * its target's parents, too. Gives the path where it ends, '' for the root; null when it leads out of the tree, in a
 * circle, or to nothing.
 */
export function resolveLink(tree: ReadonlyMap<string, Planned>, path: string): string | null {
  let hops = 0
  const walk = (from: readonly string[], target: string): readonly string[] | null => {
    if (target === '' || target.startsWith('/')) return null
    let at = from
    const names = target.split('/')
    for (const [index, name] of names.entries()) {
      if (name === '' || name === '.') continue
      if (name === '..') {
        if (at.length === 0) return null
        at = at.slice(0, -1)
        continue
      }
      const next = [...at, name]
      const found = tree.get(next.join('/'))
      if (!found) return null
      if (found.is === 'link') {
        hops += 1
        const end = hops > MOST_HOPS ? null : walk(at, found.target)
        if (end === null) return null
        at = end
      } else at = next
      // Only a folder has something below it, or can be named with a slash at its end.
      const last = index === names.length - 1
      if (!last && at.length > 0 && tree.get(at.join('/'))?.is === 'file') return null
    }
    return at
  }
  const link = tree.get(path)
  if (link?.is !== 'link') return null
  return walk(path.split('/').slice(0, -1), link.target)?.join('/') ?? null
}
