import { type Available, manifestFileOf } from './available-modules.ts'
import type { Reason } from './gather-modules.ts'
import type { ManifestReading } from './manifest.ts'

/** Why nothing is installed, with what to do about it. */
export interface PlanProblem {
  readonly code:
    | 'cycle'
    | 'dependency-missing'
    | 'excluded'
    | 'manifest-unreadable'
    | 'module-name'
    | 'module-unknown'
    | 'module-vanished'
    | 'not-installable'
    | 'version-wrong'
  readonly module: string
  /** The file that asks for what is not possible, as `acme/web: web_notify/__manifest__.py`; null where none does. */
  readonly file: string | null
  readonly message: string
}

/** What keeps a module that is there from being installed; null for nothing. `asking` is the module that needs it. */
export function refusalOf(module: Available, reason: Reason, asking: Available | undefined): PlanProblem | null {
  const { name } = module
  const file = manifestFileOf(module)
  const reading: ManifestReading =
    module.from === 'odoo' ? { is: 'manifest', manifest: module.manifest } : module.reading
  if (reading.is === 'problem') {
    const { line, message } = reading
    return {
      ...{ code: 'manifest-unreadable', module: name, file },
      message: `${name} ${because(reason)}, and its manifest cannot be read: line ${line}: ${message} Mend it there.`,
    }
  }
  const { manifest } = reading
  if (!manifest.installable) {
    const mend = reason.is === 'needed' ? `take it out of depends of ${reason.by}` : 'select other modules'
    return {
      ...{ code: 'not-installable', module: name, file: asking ? manifestFileOf(asking) : file },
      message: `${name} ${because(reason)}, but its manifest says installable: False. Port it to this series, or ${mend}.`,
    }
  }
  return manifest.version.is === 'wrong'
    ? { code: 'version-wrong', module: name, file, message: `${name} ${because(reason)}. ${manifest.version.message}` }
    : null
}

function because(reason: Reason): string {
  switch (reason.is) {
    case 'selected':
      return 'is to be installed'
    case 'installed':
      return 'is installed'
    case 'starts by itself':
      return 'would install itself (auto_install)'
    case 'needed':
      return `is needed by ${reason.by}`
  }
}

/** A module depends on one that is nowhere. */
export function missingProblem(name: string, by: string, file: string | null, nearest: string | null): PlanProblem {
  return {
    ...{ code: 'dependency-missing', module: by, file },
    message: `${by} depends on ${name}, which is in no repository and not among Odoo's own modules.${meant(nearest)} Add the repository that holds it, or take it out of depends.`,
  }
}

/** A module is selected that is nowhere. */
export function unknownProblem(name: string, nearest: string | null, isOdooKnown: boolean): PlanProblem {
  const odoo = isOdooKnown ? '' : " If it is one of Odoo's own, set ODOO_ADDONS_PATH, so that these are known."
  return {
    ...{ code: 'module-unknown', module: name, file: null },
    message: `${name} is selected, but no repository holds it.${meant(nearest)} Correct the selection, or add the repository that holds it.${odoo}`,
  }
}

/** A module was installed that is nowhere any more. */
export function vanishedProblem(name: string): PlanProblem {
  return {
    ...{ code: 'module-vanished', module: name, file: null },
    message: `${name} is installed but not in any repository any more. Bring it back, or uninstall it in Odoo first; uninstalling deletes data.`,
  }
}

/** Modules depend on each other in a circle, named from one module back to it. */
export function cycleProblem(cycle: readonly string[], file: string | null): PlanProblem {
  return {
    ...{ code: 'cycle', module: cycle[0] ?? '', file },
    message: `These modules depend on each other in a circle: ${cycle.join(' -> ')}. Take one of them out of depends of the one before it.`,
  }
}

/** Two modules are to be installed of which one excludes the other. */
export function excludedProblem(module: Available, other: string): PlanProblem {
  return {
    ...{ code: 'excluded', module: module.name, file: manifestFileOf(module) },
    message: `${module.name} excludes ${other}, so that they cannot be installed together. Leave one of them out.`,
  }
}

function meant(nearest: string | null): string {
  return nearest === null ? '' : ` Is ${nearest} meant?`
}
