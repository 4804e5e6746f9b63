import { followLink } from './follow-link.ts'
import type { FileEntry, Folder } from './source-tree.ts'
import { folderAt } from './source-tree.ts'

/** A folder that holds a manifest, under the name and path by which an addons path shows it. */
export interface ModuleFolder {
  readonly name: string
  readonly path: string
  /** Elsewhere than at the path where a link stands there. */
  readonly folder: Folder
  readonly manifest: FileEntry
}

/** A folder whose direct children are modules. */
export interface AddonsPath {
  /** Empty for the root. */
  readonly path: string
  readonly modules: readonly ModuleFolder[]
}

/** Folders that hold copies of, or ways to, modules that stand elsewhere. */
const NO_ADDONS: ReadonlySet<string> = new Set(['setup', '__unported__'])

/**
 * The addons paths of a repository: its root, or where no module stands there, the folders in it that hold some; then
 * those submodules that do. What lies deeper is not looked for, as Odoo does not either; nor is a submodule with a folder
 * in its path that begins with a point, out of which modules are picked by links.
 */
export function addonsPathsOf(
  root: Folder,
  submodulePaths: readonly string[],
  manifestNames: readonly string[],
): AddonsPath[] {
  const pathOf = (folder: Folder): AddonsPath => ({ path: folder.path, modules: modulesIn(folder, manifestNames) })
  const submodules = [...new Set(submodulePaths)].filter((path) => !/(?:^|\/)\./.test(path))
  const atRoot = pathOf(root)
  const isSubmodule = new Set(submodulePaths)
  const own =
    atRoot.modules.length > 0
      ? [atRoot]
      : [...root.folders]
          .filter(([name]) => !NO_ADDONS.has(name) && !name.startsWith('.') && !isSubmodule.has(name))
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([, folder]) => pathOf(folder))
  const insideOf = new Set(own.flatMap(({ modules }) => modules.map(({ path }) => path)))
  const brought = submodules.flatMap((path) => {
    const folder = isWithin(path, insideOf) ? null : folderAt(root, path)
    return folder ? [pathOf(folder)] : []
  })
  return [...own, ...brought].filter(({ modules }) => modules.length > 0)
}

function isWithin(path: string, places: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (places.has(path.slice(0, end))) return true
  }
  return false
}

function modulesIn(folder: Folder, manifestNames: readonly string[]): ModuleFolder[] {
  const before = folder.path === '' ? '' : `${folder.path}/`
  const found: ModuleFolder[] = []
  const look = (name: string, child: Folder) => {
    const manifest = manifestIn(child, manifestNames)
    if (manifest) found.push({ name, path: before + name, folder: child, manifest })
  }
  for (const [name, child] of folder.folders) look(name, child)
  for (const [name, entry] of folder.entries) {
    if (entry.kind !== 'symlink') continue
    const target = followLink(entry, folder)
    if (target.is === 'folder') look(name, target.folder)
  }
  return found.sort((one, other) => (one.name < other.name ? -1 : 1))
}

function manifestIn(folder: Folder, names: readonly string[]): FileEntry | null {
  for (const name of names) {
    const entry = folder.entries.get(name)
    if (entry?.kind === 'file') return entry
    const target = entry ? followLink(entry, folder) : null
    if (target?.is === 'file') return target.entry
  }
  return null
}
