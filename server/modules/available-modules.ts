import type { FoundModules, ModulePlace } from './find-modules.ts'
import type { Manifest, ManifestReading } from './manifest.ts'

/** A repository with its modules, and their manifests as read, by the module's path. */
export interface RepositoryModules {
  /** As people know it, such as `acme/web`. */
  readonly repository: string
  readonly found: FoundModules
  readonly manifests: ReadonlyMap<string, ManifestReading>
}

/** A module by the one manifest that counts for it: of a repository, or of Odoo's own addons. */
export type Available =
  | {
      readonly from: 'repository'
      readonly name: string
      readonly repository: string
      readonly place: ModulePlace
      readonly reading: ManifestReading
    }
  | { readonly from: 'odoo'; readonly name: string; readonly manifest: Manifest }

/** A module that stands in two places; Odoo takes the first one. */
export interface Duplicate {
  readonly module: string
  readonly used: string
  readonly shadowed: string
}

/** The modules by name, of several of one name the first: repositories in their order, Odoo's own last. */
export function collectModules(
  repositories: readonly RepositoryModules[],
  odoo: ReadonlyMap<string, Manifest> | null,
): { modules: ReadonlyMap<string, Available>; duplicates: readonly Duplicate[] } {
  const modules = new Map<string, Available>()
  const duplicates: Duplicate[] = []
  const add = (module: Available) => {
    const first = modules.get(module.name)
    if (!first) modules.set(module.name, module)
    else duplicates.push({ module: module.name, used: folderOf(first), shadowed: folderOf(module) })
  }
  for (const { repository, found, manifests } of repositories) {
    for (const place of found.modules) {
      const reading = manifests.get(place.path)
      if (!reading) throw new Error(`no manifest was read for ${place.path} of ${repository}`)
      add({ from: 'repository', name: place.name, repository, place, reading })
    }
  }
  for (const [name, manifest] of odoo ?? []) add({ from: 'odoo', name, manifest })
  return { modules, duplicates }
}

/** The manifest of a module as people find it: `acme/web: web_notify/__manifest__.py`. */
export function manifestFileOf(module: Available): string {
  const folder = folderOf(module)
  const path = module.from === 'repository' ? module.place.manifest.path : '__manifest__.py'
  return `${folder}/${path.slice(path.lastIndexOf('/') + 1)}`
}

/** What a module's manifest says, where it could be read. */
export function manifestOf(module: Available): Manifest | null {
  if (module.from === 'odoo') return module.manifest
  return module.reading.is === 'manifest' ? module.reading.manifest : null
}

function folderOf(module: Available): string {
  return module.from === 'repository' ? `${module.repository}: ${module.place.path}` : `Odoo: ${module.name}`
}
