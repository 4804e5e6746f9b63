/** A file or link of a repository at one commit; `object` is git's id of what it holds. */
export type TreeEntry = {
  /** From the repository's root, with `/` between the names. */
  readonly path: string
  readonly object: string
  /** In bytes. */
  readonly size: number
} & ({ readonly kind: 'file'; readonly executable: boolean } | { readonly kind: 'symlink'; readonly target: string })
export type FileEntry = Extract<TreeEntry, { kind: 'file' }>
export type LinkEntry = Extract<TreeEntry, { kind: 'symlink' }>

/** Everything of a repository at one commit; what submodules bring stands under their paths. */
export interface SourceTree {
  /** As people know it, such as `acme/web`. */
  readonly repository: string
  readonly entries: readonly TreeEntry[]
  readonly submodulePaths: readonly string[]
}

/** A folder with what it holds, by name. */
export interface Folder {
  /** Empty for the root. */
  readonly path: string
  readonly parent: Folder | null
  readonly folders: ReadonlyMap<string, Folder>
  readonly entries: ReadonlyMap<string, TreeEntry>
}

interface GrowingFolder extends Folder {
  readonly parent: GrowingFolder | null
  readonly folders: Map<string, GrowingFolder>
  readonly entries: Map<string, TreeEntry>
}

/** A tree by its folders. */
export interface FolderTree {
  readonly root: Folder
  readonly links: readonly { readonly link: LinkEntry; readonly within: Folder }[]
  /** Entries whose paths name no place below the root. */
  readonly misplaced: readonly TreeEntry[]
}

/** Longer ones cannot be opened under Linux. */
const LONGEST_PATH = 4096
const NO_NAME = /(?:^|\/)\.{0,2}(?:\/|$)/

/** Puts the entries of a tree into their folders. */
export function foldersOf(entries: readonly TreeEntry[]): FolderTree {
  const root: GrowingFolder = { path: '', parent: null, folders: new Map(), entries: new Map() }
  const known = new Map<string, GrowingFolder>([['', root]])
  const links: { link: LinkEntry; within: Folder }[] = []
  const misplaced: TreeEntry[] = []
  for (const entry of entries) {
    const { path } = entry
    if (path.length > LONGEST_PATH || NO_NAME.test(path)) {
      misplaced.push(entry)
      continue
    }
    const nameAt = path.lastIndexOf('/') + 1
    const folderPath = path.slice(0, Math.max(nameAt - 1, 0))
    const within = known.get(folderPath) ?? grow(root, folderPath)
    known.set(folderPath, within)
    within.entries.set(path.slice(nameAt), entry)
    if (entry.kind === 'symlink') links.push({ link: entry, within })
  }
  return { root, links, misplaced }
}

function grow(root: GrowingFolder, path: string): GrowingFolder {
  let folder = root
  if (path === '') return folder
  let length = 0
  for (const name of path.split('/')) {
    length += name.length + (length === 0 ? 0 : 1)
    const known = folder.folders.get(name)
    const next = known ?? { path: path.slice(0, length), parent: folder, folders: new Map(), entries: new Map() }
    if (!known) folder.folders.set(name, next)
    folder = next
  }
  return folder
}

/** The folder at a path, where there is one. */
export function folderAt(root: Folder, path: string): Folder | null {
  let folder: Folder | undefined = root
  for (const name of path.split('/')) folder = folder?.folders.get(name)
  return folder ?? null
}
