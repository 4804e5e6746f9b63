import { mustBeActive, project, repositoriesOf } from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import type { Cause } from '../commands/cause.ts'
import { readAndHold } from '../commands/hold.ts'
import { collectModules, manifestOf } from '../modules/available-modules.ts'
import { parseSeries } from '../modules/series.ts'
import type { Shell } from '../shell.ts'
import { fetchSources } from './fetch-sources.ts'
import { readModules } from './read-modules.ts'
import { StepFailed } from './step-failure.ts'

/** For all repositories; somebody waits for it. */
const DEADLINE_MS = 5 * 60_000

/** A module that an environment of a project could install. */
export interface FoundModule {
  readonly name: string
  readonly title: string
  /** As Odoo will have it; null where the series does not take it. */
  readonly version: string | null
  readonly repository: string
  readonly installable: boolean
}

/**
 * The modules in a project's repositories at the latest commits of their branches, by name; `problems` says which can't
 * be read, or why nothing can be said.
 * @throws {DomainError} ProjectMissing
 */
export async function findProjectModules(
  shell: Shell,
  of: { projectId: string; branch: string | null; odooVersion: string },
  by: Cause,
): Promise<{ modules: FoundModule[]; problems: string[] }> {
  const series = parseSeries(of.odooVersion)
  if (!series) return { modules: [], problems: [`Odoo ${of.odooVersion} is not known here.`] }
  const { state } = await readAndHold(shell, { decider: project, streamId: of.projectId }, by)
  const [main, ...addons] = repositoriesOf(mustBeActive(state))
  if (!main) throw new Error('A project without a repository')
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const fetching = {
    ...{ shell, organizationId: by.organizationId, projectId: of.projectId, pinned: [], signal },
    by: () => ({ ...by, commandId: uuidv7() }),
    ...{ say: async () => {}, took: async () => {} },
  }
  try {
    const sources = await fetchSources(fetching, [{ ...main, branch: of.branch ?? main.branch }, ...addons])
    const repositories = await Promise.all(sources.map((source) => readModules(source, series, signal)))
    const { modules } = collectModules(repositories, null)
    const problems = [...modules.values()].flatMap((module) =>
      module.from === 'repository' && module.reading.is === 'problem'
        ? [`${module.repository}: ${module.place.path}: line ${module.reading.line}: ${module.reading.message}`]
        : [],
    )
    const found = [...modules.values()].flatMap((module): FoundModule[] => {
      const manifest = manifestOf(module)
      if (module.from !== 'repository' || !manifest) return []
      const { title, version, installable } = manifest
      const full = version.is === 'version' ? version.full : null
      return [{ name: module.name, title, version: full, repository: module.repository, installable }]
    })
    return { modules: found.sort((one, other) => (one.name < other.name ? -1 : 1)), problems }
  } catch (error) {
    if (error instanceof StepFailed)
      return { modules: [], problems: [`${error.failure.message} ${error.failure.remedy}`] }
    if (signal.aborted) return { modules: [], problems: ['The repositories could not be read in time. Try again.'] }
    throw error
  }
}
