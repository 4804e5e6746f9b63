import { type Planned, resolveLink } from './links-inside.ts'
import { pathProblem, shownPath } from './path-safety.ts'
import type { TreeEntry } from './read-tree.ts'

type File = Extract<TreeEntry, { kind: 'file' }>
type Link = Extract<TreeEntry, { kind: 'symlink' }>

/** What is going to be written, judged before anything is. */
export type ReleasePlan =
  | {
      readonly is: 'plan'
      /** Each after the one that it lies in. */
      readonly folders: readonly string[]
      readonly files: readonly File[]
      readonly links: readonly Link[]
      /** Links that lead out of the release, in a circle or to nothing; as they can be shown. */
      readonly leftLinks: readonly string[]
      readonly bytes: number
    }
  | { readonly is: 'refused'; readonly text: string }
  | { readonly is: 'too-large'; readonly text: string }

/** What a release may hold. */
export interface ReleaseLimits {
  readonly mostFiles: number
  readonly mostBytes: number
}

/**
 * Judges every path and link of a release in a tree that exists only as a list: nothing on disk has a say in it.
 * @param folders those that are wanted even where they are empty
 */
export function planRelease(
  entries: readonly TreeEntry[],
  { limits, folders }: { readonly limits: ReleaseLimits; readonly folders: readonly string[] },
): ReleasePlan {
  const tree = new Map<string, Planned>()
  const files: File[] = []
  const links: Link[] = []
  let bytes = 0
  const refuse = (path: string, why: string): ReleasePlan => {
    return { is: 'refused', text: `The repository holds a path that ${why}: ${shownPath(path)}` }
  }
  for (const entry of entries) {
    const problem = pathProblem(entry.path)
    if (problem) return refuse(entry.path, problem)
    const found = tree.get(entry.path)
    if (found) return refuse(entry.path, 'is there twice')
    if (!addFolders(tree, entry.path)) return refuse(entry.path, 'lies below a file or a link')
    switch (entry.kind) {
      case 'file':
        files.push(entry)
        bytes += entry.size
        tree.set(entry.path, { is: 'file' })
        break
      case 'symlink':
        links.push(entry)
        tree.set(entry.path, { is: 'link', target: entry.target })
        break
      case 'submodule':
        tree.set(entry.path, { is: 'folder' })
        break
    }
  }
  for (const path of folders) {
    if (pathProblem(path) === null && !tree.has(path) && addFolders(tree, path)) tree.set(path, { is: 'folder' })
  }
  const { mostFiles, mostBytes } = limits
  if (files.length + links.length > mostFiles) {
    return { is: 'too-large', text: `The release holds more than ${mostFiles.toLocaleString('en')} files.` }
  }
  if (bytes > mostBytes) {
    return { is: 'too-large', text: `The files of the release hold more than ${mostBytes.toLocaleString('en')} bytes.` }
  }
  const isInside = ({ path }: Link) => resolveLink(tree, path) !== null
  return {
    is: 'plan',
    folders: [...tree].filter(([, planned]) => planned.is === 'folder').map(([path]) => path),
    files,
    links: links.filter(isInside),
    leftLinks: links.filter((link) => !isInside(link)).map(({ path }) => shownPath(path)),
    bytes,
  }
}

/** Enters the folders that a path lies in, the outer ones first; false where one of them is no folder. */
function addFolders(tree: Map<string, Planned>, path: string): boolean {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    const folder = path.slice(0, slash)
    const found = tree.get(folder)
    if (found && found.is !== 'folder') return false
    if (!found) tree.set(folder, { is: 'folder' })
  }
  return true
}
