import { type Available, manifestFileOf, manifestOf } from './available-modules.ts'
import type { Manifest } from './manifest.ts'
import { nearestName } from './nearest-name.ts'
import { missingProblem, type PlanProblem, refusalOf, unknownProblem, vanishedProblem } from './plan-problem.ts'
import { selfStarters } from './self-starters.ts'

/** Why a module belongs to an installation; where another needs it, that one's name. */
export type Reason =
  | { readonly is: 'selected' | 'installed' | 'starts by itself' }
  | { readonly is: 'needed'; readonly by: string }

/** A module that will be in the database. */
export interface Gathered {
  readonly module: Available
  readonly manifest: Manifest
  readonly reason: Reason
}

/** Everything that will be in the database, and what stands against it. */
export interface Gathering {
  readonly modules: ReadonlyMap<string, Gathered>
  /** Names that no repository holds, where Odoo's own modules are not known, with the module that asks first. */
  readonly expected: ReadonlyMap<string, string>
  readonly problems: readonly PlanProblem[]
}

/** How many problems get a suggestion; looking for one goes through all names. */
const MOST_SUGGESTIONS = 20

/**
 * Gathers base, the wanted modules, all that they depend on, and those that install themselves once all they wait for is
 * there, until nothing is added any more. In linear time.
 */
export function gatherModules(
  available: ReadonlyMap<string, Available>,
  wanted: ReadonlyMap<string, Reason>,
  { isOdooKnown }: { isOdooKnown: boolean },
): Gathering {
  const modules = new Map<string, Gathered>()
  const expected = new Map<string, string>()
  const problems: PlanProblem[] = []
  const reasons = new Map<string, Reason>([['base', { is: 'selected' }], ...wanted])
  const queue = [...reasons.keys()]
  const starters = selfStarters(available)
  let suggestions = 0

  function meet(name: string, reason: Reason): void {
    if (reasons.has(name)) return
    reasons.set(name, reason)
    queue.push(name)
  }

  function gather(name: string, reason: Reason): void {
    const module = available.get(name)
    if (!module) {
      lack(name, reason)
      return
    }
    const refusal = refusalOf(module, reason, reason.is === 'needed' ? available.get(reason.by) : undefined)
    const manifest = manifestOf(module)
    if (refusal) problems.push(refusal)
    else if (manifest) {
      modules.set(name, { module, manifest, reason })
      for (const other of manifest.depends) meet(other, { is: 'needed', by: name })
    }
  }

  function lack(name: string, reason: Reason): void {
    // Whichever Odoo runs brings it.
    if (name === 'base') return
    if (reason.is === 'installed') problems.push(vanishedProblem(name))
    else if (reason.is !== 'needed') problems.push(unknownProblem(name, suggestion(name), isOdooKnown))
    else if (!isOdooKnown) expected.set(name, reason.by)
    else {
      const asking = available.get(reason.by)
      problems.push(missingProblem(name, reason.by, asking ? manifestFileOf(asking) : null, suggestion(name)))
    }
  }

  function suggestion(name: string): string | null {
    return ++suggestions <= MOST_SUGGESTIONS ? nearestName(name, available.keys()) : null
  }

  for (const name of starters.always) meet(name, { is: 'starts by itself' })
  for (let at = 0; at < queue.length; at++) {
    const name = queue[at] ?? ''
    gather(name, reasons.get(name) ?? { is: 'selected' })
    for (const starter of starters.startedBy(name)) meet(starter, { is: 'starts by itself' })
  }
  return { modules, expected, problems }
}
