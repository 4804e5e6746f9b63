import {
  type Available,
  collectModules,
  type Duplicate,
  manifestFileOf,
  manifestOf,
  type RepositoryModules,
} from './available-modules.ts'
import { type ExternalDependency, externalDependencies } from './external-dependencies.ts'
import { type Gathering, gatherModules, type Reason } from './gather-modules.ts'
import type { ExternalKind, Manifest } from './manifest.ts'
import { type Dependencies, findCycles, installOrder } from './module-graph.ts'
import { cycleProblem, excludedProblem, type PlanProblem } from './plan-problem.ts'
import { type InstalledModule, type PlanSteps, planSteps } from './plan-steps.ts'
import type { FileEntry } from './source-tree.ts'

/** Everything that a plan follows from. */
export interface PlanInput {
  /** Of several modules of one name that of the first repository is taken. */
  readonly repositories: readonly RepositoryModules[]
  /** `all` means every module of the repositories that can be installed. */
  readonly selection: 'all' | readonly string[]
  /** What Odoo brings itself; null where that is not known. */
  readonly odoo: { readonly modules: ReadonlyMap<string, Manifest> } | null
  /** Null for a new database. */
  readonly installed: ReadonlyMap<string, InstalledModule> | null
}

/** What Odoo is to be told, and what must be there before. */
export interface Plan extends PlanSteps {
  readonly is: 'plan'
  readonly addonsPaths: readonly { readonly repository: string; readonly path: string }[]
  /** Modules of no repository, which Odoo must bring; empty where its own modules are known. */
  readonly expected: readonly { readonly name: string; readonly askedBy: string }[]
  readonly external: Readonly<Record<ExternalKind, readonly ExternalDependency[]>>
  readonly requirements: readonly AskingFile[]
  readonly systemPackages: readonly AskingFile[]
  readonly duplicates: readonly Duplicate[]
  /** Modules that say `installable: False`. */
  readonly leftOut: readonly string[]
  readonly warnings: readonly PlanWarning[]
}

/** A file of a repository that says what must be installed beside Odoo. */
export interface AskingFile {
  readonly repository: string
  readonly file: FileEntry
}

/** Something that people should know, and that stops nothing. */
export interface PlanWarning {
  readonly file: string
  readonly message: string
}

/** A plan, or everything that stands against one. */
export type PlanOutcome =
  | Plan
  | { readonly is: 'refused'; readonly problems: readonly PlanProblem[]; readonly warnings: readonly PlanWarning[] }

interface Ordered {
  readonly dependencies: Dependencies
  readonly order: readonly string[]
}

/** Decides what Odoo is to install and to update, and in which order; or says everything that stands against it. */
export function planInstall(input: PlanInput): PlanOutcome {
  const { repositories, installed } = input
  const { modules: available, duplicates } = collectModules(repositories, input.odoo?.modules ?? null)
  const wanted = wantedModules(input, available)
  const gathering = gatherModules(available, wanted, { isOdooKnown: input.odoo !== null })
  const dependencies = new Map([...gathering.modules].map(([name, { manifest }]) => [name, manifest.depends]))
  const order = installOrder(dependencies)
  const source = sourceProblems(input)
  const problems = [...source.problems, ...gathering.problems, ...mutualProblems(gathering, { dependencies, order })]
  const warnings = [...source.warnings, ...unreadWarnings(available, problems)]
  if (problems.length > 0) return { is: 'refused', problems, warnings }
  const ordered = order.flatMap((name) => gathering.modules.get(name) ?? [])
  const asking = (which: 'requirements' | 'systemPackages') =>
    repositories.flatMap(({ repository, found }) => found[which].map((file) => ({ repository, file })))
  return {
    ...{ is: 'plan', ...planSteps(ordered, installed), external: externalDependencies(ordered) },
    addonsPaths: repositories.flatMap(({ repository, found }) =>
      found.addonsPaths.map((path) => ({ repository, path })),
    ),
    expected: [...gathering.expected].map(([name, askedBy]) => ({ name, askedBy })),
    ...{ requirements: asking('requirements'), systemPackages: asking('systemPackages'), duplicates, warnings },
    leftOut: [...available.values()].filter(isLeftOut).map(({ name }) => name),
  }
}

/** A module that is installed already and gone is told so, even if it is selected too. */
function wantedModules(
  { selection, installed }: PlanInput,
  available: ReadonlyMap<string, Available>,
): ReadonlyMap<string, Reason> {
  const isChosen = (module: Available) => module.from === 'repository' && manifestOf(module)?.installable === true
  const selected = selection === 'all' ? [...available.values()].filter(isChosen).map(({ name }) => name) : selection
  const wanted = new Map<string, Reason>(selected.map((name) => [name, { is: 'selected' }]))
  for (const name of installed?.keys() ?? []) wanted.set(name, { is: 'installed' })
  return wanted
}

/** What stands against installing modules together. */
function mutualProblems({ modules, expected }: Gathering, { dependencies, order }: Ordered): PlanProblem[] {
  const cycles = order.length < dependencies.size ? findCycles(dependencies) : []
  const told = new Set<string>()
  const excluded = [...modules.values()].flatMap(({ module, manifest }) =>
    manifest.excludes.flatMap((other) => {
      const isTold = told.has(`${other} ${module.name}`)
      if (isTold || other === module.name || !(modules.has(other) || expected.has(other))) return []
      told.add(`${module.name} ${other}`)
      return [excludedProblem(module, other)]
    }),
  )
  const fileOf = ([name = '']: readonly string[]) => {
    const module = modules.get(name)?.module
    return module ? manifestFileOf(module) : null
  }
  return [...cycles.map((cycle) => cycleProblem(cycle, fileOf(cycle))), ...excluded]
}

/** What is left aside in the repositories; Odoo from 19.0 on starts with no module of a wrong name. */
function sourceProblems({ repositories }: PlanInput): { problems: PlanProblem[]; warnings: PlanWarning[] } {
  const problems: PlanProblem[] = []
  const warnings: PlanWarning[] = []
  for (const { repository, found } of repositories) {
    for (const { code, path, message } of found.problems) {
      const file = `${repository}: ${path}`
      if (code !== 'module-name') warnings.push({ file, message })
      else problems.push({ code, module: path.slice(path.lastIndexOf('/') + 1), file, message })
    }
  }
  return { problems, warnings }
}

function unreadWarnings(available: ReadonlyMap<string, Available>, problems: readonly PlanProblem[]): PlanWarning[] {
  const told = new Set(problems.flatMap(({ code, module }) => (code === 'manifest-unreadable' ? [module] : [])))
  return [...available.values()].flatMap((module) => {
    if (module.from === 'odoo' || module.reading.is !== 'problem' || told.has(module.name)) return []
    const { line, message } = module.reading
    return [
      {
        file: manifestFileOf(module),
        message: `${module.name} is left out, as its manifest cannot be read: line ${line}: ${message}`,
      },
    ]
  })
}

function isLeftOut(module: Available): boolean {
  return module.from === 'repository' && manifestOf(module)?.installable === false
}
