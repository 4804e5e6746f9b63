import { join } from 'node:path'
import { type Plan, type PlanInput, planInstall } from '../modules/plan.ts'
import type { PlanProblem } from '../modules/plan-problem.ts'
import type { PlannedModule } from '../modules/plan-steps.ts'
import { parseSeries, type Series } from '../modules/series.ts'
import { odooCommand, writtenCommand } from '../odoo/odoo-command.ts'
import { FROM_ODOO, installedModules } from './installed-modules.ts'
import { readFrom, readModules } from './read-modules.ts'
import type { Source } from './read-repository.ts'
import type { Run } from './run.ts'
import { StepFailed } from './step-failure.ts'
import type { StoredPlan } from './stored-plan.ts'

/** Told in one sentence; the log has them all. */
const MOST_TOLD = 3
const MOST_REQUIREMENT_LINES = 500

/** What is going to be installed, and from which folders. */
export interface PlannedSources {
  readonly plan: Plan
  readonly stored: StoredPlan
  readonly series: Series
  /** Where each repository's files will lie, in the order of the sources. */
  readonly folders: readonly string[]
  /** What people call each repository. */
  readonly names: readonly string[]
  /** All folders of modules, in the order in which Odoo is to look. */
  readonly addonsPath: readonly string[]
}

/**
 * Finds the modules of the repositories, and decides what Odoo is to install and to update, from `release` once the
 * files are there. Nothing has been changed when this fails.
 * @throws {StepFailed} with everything that stands against it.
 */
export async function planSources(run: Run, sources: readonly Source[], release: string): Promise<PlannedSources> {
  const { environment, shell, record, signal } = run
  const series = parseSeries(environment.odooVersion)
  if (!series) {
    const message = `Odoo ${environment.odooVersion} is not known here.`
    throw new StepFailed({ reason: 'series', message, remedy: 'Choose another version in the environment.' })
  }
  const repositories = await Promise.all(sources.map((source) => readModules(source, series, signal)))
  for (const { repository, found } of repositories) {
    await record.line('plan', 'info', `${repository}: ${found.modules.length} modules`)
  }
  const { odooAddonsPath } = shell.config
  const odoo = await run.odooModules(odooAddonsPath, series)
  const found = new Set(repositories.flatMap((repository) => repository.found.modules.map(({ name }) => name)))
  const installed = await installedModules(run, found)
  const input: PlanInput = { repositories, selection: environment.modules, odoo, installed }
  const outcome = planInstall(input)
  for (const { file, message } of outcome.warnings) await record.line('plan', 'warning', `${file}: ${message}`)
  if (outcome.is === 'refused') throw await refused(run, outcome.problems)
  const folders = sources.map(({ fullName }, index) => join(release, folderName(fullName, index)))
  const own = outcome.addonsPaths.map(({ repository, path }) =>
    join(folders[sources.findIndex(({ fullName }) => fullName === repository)] ?? release, path),
  )
  const addonsPath = [...own, ...odooAddonsPath]
  const comma = addonsPath.find((path) => path.includes(','))
  if (comma !== undefined) {
    const message = `Odoo takes no folder of modules with a comma in its path: ${comma}.`
    throw new StepFailed({ reason: 'path', message, remedy: 'Rename it, then deploy.' })
  }
  const stored = await storedPlan(run, { plan: outcome, sources, series, addonsPath })
  await tell(run, outcome)
  const names = sources.map(({ fullName }) => fullName)
  return { plan: outcome, stored, series, folders, names, addonsPath }
}

/** What Odoo is run with for a plan. */
export function odooRunOf(run: Run, plan: Plan, of: { series: Series; addonsPath: readonly string[] }) {
  return {
    ...{ series: of.series, addonsPath: of.addonsPath, database: run.environment.database },
    install: plan.install.map(({ name }) => name),
    update: plan.update.map(({ name }) => name),
    demo: run.environment.kind === 'development',
  }
}

function folderName(fullName: string, index: number): string {
  return `${index + 1}-${fullName.replace(/[^A-Za-z0-9._-]+/g, '-').slice(-100)}`
}

async function refused({ record }: Run, problems: readonly PlanProblem[]): Promise<StepFailed> {
  for (const { file, message } of problems) await record.line('plan', 'error', file ? `${file}: ${message}` : message)
  const told = problems.slice(0, MOST_TOLD).map(({ file, message }) => (file ? `${message} (${file})` : message))
  const more = problems.length > MOST_TOLD ? [`There are ${problems.length - MOST_TOLD} more; the log names them.`] : []
  return new StepFailed({
    reason: problems[0]?.code ?? 'plan',
    message: [...told, ...more].join(' '),
    remedy: 'Nothing was changed. Mend it in the repository, or select other modules, then deploy again.',
  })
}

async function storedPlan(
  run: Run,
  of: { plan: Plan; sources: readonly Source[]; series: Series; addonsPath: readonly string[] },
): Promise<StoredPlan> {
  const { plan, sources, series, addonsPath } = of
  const shown = (what: 'install' | 'update') => (module: PlannedModule) => ({
    ...{ name: module.name, version: module.version ?? '', repository: module.repository ?? FROM_ODOO, what },
    why: module.why,
  })
  const words = run.shell.config.odooCommand ?? (['odoo-bin'] as const)
  const isNothing = plan.install.length + plan.update.length === 0
  const namesOf = (all: Plan['external']['python']) => all.map(({ name }) => name)
  return {
    ...{ series, database: run.environment.database, addonsPath: [...addonsPath] },
    modules: [...plan.install.map(shown('install')), ...plan.update.map(shown('update'))],
    unchanged: [...plan.unchanged],
    expected: plan.expected.map(({ name }) => name),
    warnings: [
      ...plan.warnings.map(({ file, message }) => `${file}: ${message}`),
      ...plan.duplicates.map(({ module, used, shadowed }) => `${module} is taken from ${used}, not from ${shadowed}.`),
    ],
    external: {
      python: namesOf(plan.external.python),
      bin: namesOf(plan.external.bin),
      deb: namesOf(plan.external.deb),
    },
    requirements: await requirementsOf(run, plan, sources),
    command: isNothing ? null : writtenCommand(odooCommand(words, odooRunOf(run, plan, { series, addonsPath }))),
  }
}

async function requirementsOf(
  { signal }: Run,
  plan: Plan,
  sources: readonly Source[],
): Promise<StoredPlan['requirements']> {
  const lists: StoredPlan['requirements'] = []
  for (const source of sources) {
    const asking = [...plan.requirements, ...plan.systemPackages].filter(
      ({ repository }) => repository === source.fullName,
    )
    const texts = await readFrom(
      source,
      asking.map(({ file }) => file.object),
      signal,
    )
    for (const { file } of asking) {
      const lines = (texts.get(file.object) ?? '').split(/\r?\n/).map((line) => line.trim())
      const named = lines.filter((line) => line !== '' && !line.startsWith('#')).slice(0, MOST_REQUIREMENT_LINES)
      lists.push({ file: `${source.fullName}: ${file.path}`, lines: named })
    }
  }
  return lists
}

async function tell({ record }: Run, plan: Plan): Promise<void> {
  const { install, update, unchanged, expected } = plan
  await record.line(
    'plan',
    'info',
    `${install.length} to install, ${update.length} to update, ${unchanged.length} unchanged`,
  )
  for (const { name, why, repository } of install) {
    await record.line('plan', 'info', `install ${name} (${repository ?? FROM_ODOO}): ${why}`)
  }
  for (const { name, why, repository } of update) {
    await record.line('plan', 'info', `update ${name} (${repository ?? FROM_ODOO}): ${why}`)
  }
  if (expected.length > 0) {
    await record.line('plan', 'info', `expected from Odoo: ${expected.map(({ name }) => name).join(', ')}`)
  }
}
