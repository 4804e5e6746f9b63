import { addonsPathsOf, type ModuleFolder } from './addons-paths.ts'
import { contentHasher } from './content-hash.ts'
import { followLink } from './follow-link.ts'
import { majorOf, manifestFileNames, type Series } from './series.ts'
import { type FileEntry, type Folder, type FolderTree, folderAt, foldersOf, type SourceTree } from './source-tree.ts'

/** Where a module stands in a repository. */
export interface ModulePlace {
  readonly name: string
  readonly path: string
  readonly addonsPath: string
  /** Where a link leads to it, or to its manifest, the file at the other end. */
  readonly manifest: FileEntry
  /** Changes with what the module holds, see `contentHasher`. */
  readonly hash: string
}

/** Something in a repository that is left aside. */
export interface SourceProblem {
  readonly code: 'link-outside' | 'link-loop' | 'link-nowhere' | 'module-name' | 'path-misplaced'
  readonly path: string
  readonly message: string
}

/** What a repository at one commit holds for Odoo. */
export interface FoundModules {
  /** From the root, which is the empty path; in the order in which Odoo is to look at them. */
  readonly addonsPaths: readonly string[]
  readonly modules: readonly ModulePlace[]
  /** Files `requirements.txt` with packages of Python. */
  readonly requirements: readonly FileEntry[]
  /** Files `apt.txt` and `packages.txt` with packages of the system. */
  readonly systemPackages: readonly FileEntry[]
  readonly problems: readonly SourceProblem[]
}

/** What Odoo 19.0 and later takes for a module's name; anything else stops it. */
const MODULE_NAME = /^[\p{L}\p{N}_]{1,256}$/u
const MOST_SHOWN = 200

/** Finds the modules that Odoo of a series finds in a repository, and the files that say what else must be installed. */
export function findModules(tree: SourceTree, series: Series): FoundModules {
  const { root, links, misplaced } = foldersOf(tree.entries)
  const paths = addonsPathsOf(root, tree.submodulePaths, manifestFileNames(series))
  const isNamed = ({ name }: ModuleFolder) => majorOf(series) < 19 || MODULE_NAME.test(name)
  const hashOf = contentHasher()
  const asked = askedFiles(
    root,
    paths.map(({ path }) => path),
  )
  return {
    addonsPaths: paths.map(({ path }) => path),
    modules: paths.flatMap(({ path: addonsPath, modules }) =>
      modules
        .filter(isNamed)
        .map(({ name, path, folder, manifest }) => ({ name, path, addonsPath, manifest, hash: hashOf(folder) })),
    ),
    requirements: asked(['requirements.txt']),
    systemPackages: asked(['apt.txt', 'packages.txt']),
    problems: [
      ...misplaced.map(({ path }) => problem('path-misplaced', path, 'is no path below the repository')),
      ...linkProblems(links, new Set(paths.map(({ path }) => path))),
      ...paths
        .flatMap(({ modules }) => modules.filter((module) => !isNamed(module)))
        .map(({ path }) =>
          problem('module-name', path, `is no name of a module in Odoo ${series}: use letters, digits and _`),
        ),
    ],
  }
}

/** Looks for files at the root, in the addons paths, and in the folders that these stand in. */
function askedFiles(root: Folder, addonsPaths: readonly string[]): (names: readonly string[]) => FileEntry[] {
  const folders = addonsPaths.flatMap((path) => {
    const folder = path === '' ? root : folderAt(root, path)
    return [folder?.parent, folder].filter((one) => one != null)
  })
  const places = [...new Set([root, ...folders])]
  return (names) =>
    places.flatMap(({ entries }) =>
      names.flatMap((name) => {
        const entry = entries.get(name)
        return entry?.kind === 'file' ? [entry] : []
      }),
    )
}

function linkProblems(links: FolderTree['links'], addonsPaths: ReadonlySet<string>): SourceProblem[] {
  const problems: SourceProblem[] = []
  for (const { link, within } of links) {
    const { is } = followLink(link, within)
    const { path, target } = link
    const shown = target.slice(0, MOST_SHOWN)
    if (is === 'outside') problems.push(problem('link-outside', path, `leads out of the repository, to ${shown}`))
    if (is === 'loop') problems.push(problem('link-loop', path, 'leads in a circle, or through too many others'))
    // Deeper inside, a link that leads nowhere is a module's own business.
    if (is === 'nowhere' && addonsPaths.has(within.path)) {
      problems.push(problem('link-nowhere', path, `leads to ${shown}, which is not there`))
    }
  }
  return problems
}

function problem(code: SourceProblem['code'], path: string, what: string): SourceProblem {
  return { code, path, message: `${path.slice(0, MOST_SHOWN)} ${what}.` }
}
