import type { Gathered, Reason } from './gather-modules.ts'

/** What was recorded of a module after the last installation that succeeded; null where it is not known. */
export interface InstalledModule {
  readonly version: string | null
  readonly hash: string | null
}

/** A module that is installed or updated; of Odoo's own ones no repository, path and hash are known. */
export interface PlannedModule {
  readonly name: string
  readonly repository: string | null
  readonly path: string | null
  /** As Odoo records it, with the series before it; null for base where Odoo's own modules are not known. */
  readonly version: string | null
  readonly hash: string | null
  readonly why: 'new' | 'changed' | 'starts by itself' | `needed by ${string}`
}

/** What becomes of each module, in the order in which Odoo installs. */
export interface PlanSteps {
  /** For a new database base stands first. */
  readonly install: readonly PlannedModule[]
  readonly update: readonly PlannedModule[]
  readonly unchanged: readonly string[]
  /**
   * Odoo's own modules that come with these, which Odoo installs by itself. Naming one that is in the database already
   * would load it as new again, and overwrite what people changed.
   */
  readonly fromOdoo: readonly string[]
}

/** Sorts modules, in their order, by what is to be done; `installed` is null for a new database. */
export function planSteps(
  ordered: readonly Gathered[],
  installed: ReadonlyMap<string, InstalledModule> | null,
): PlanSteps {
  const install: PlannedModule[] = []
  const update: PlannedModule[] = []
  const unchanged: string[] = []
  const fromOdoo: string[] = []
  for (const gathered of ordered) {
    const { module, reason } = gathered
    const planned = plannedOf(gathered)
    const before = installed?.get(module.name)
    const isAskedFor = module.from === 'repository' || reason.is === 'selected' || reason.is === 'installed'
    // Base is in every database; its own changes come with Odoo's.
    if (!isAskedFor || (module.name === 'base' && installed)) fromOdoo.push(module.name)
    else if (!before) install.push(planned)
    else if (isChanged(before, planned)) update.push({ ...planned, why: 'changed' })
    else unchanged.push(module.name)
  }
  if (!installed && install[0]?.name !== 'base') install.unshift(BASE)
  return { install, update, unchanged, fromOdoo }
}

const BASE: PlannedModule = { name: 'base', repository: null, path: null, version: null, hash: null, why: 'new' }

function plannedOf({ module, manifest, reason }: Gathered): PlannedModule {
  const { version } = manifest
  const place = module.from === 'repository' ? module.place : { path: null, hash: null }
  return {
    ...{ name: module.name, repository: module.from === 'repository' ? module.repository : null },
    ...{ path: place.path, version: version.is === 'version' ? version.full : null, hash: place.hash },
    why: whyNew(reason),
  }
}

function whyNew(reason: Reason): PlannedModule['why'] {
  switch (reason.is) {
    case 'selected':
    case 'installed':
      return 'new'
    case 'starts by itself':
      return reason.is
    case 'needed':
      return `needed by ${reason.by}`
  }
}

function isChanged(before: InstalledModule, now: PlannedModule): boolean {
  return differ(before.hash, now.hash) || differ(before.version, now.version)
}

function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other
}
