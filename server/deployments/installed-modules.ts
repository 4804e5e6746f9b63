import { environment } from '@git-connections/events'
import { readStream } from '@git-connections/events/store'
import type { InstalledModule } from '../modules/plan-steps.ts'
import { moduleStates } from '../odoo/module-states.ts'
import type { Run } from './run.ts'
import { StepFailed } from './step-failure.ts'

/** Of no content at all: what went in unrecorded, as in a run that was cut off, is brought up to date once. */
const UNKNOWN = ''

/** What Odoo's own modules are said to come from. */
export const FROM_ODOO = 'Odoo'

/**
 * The modules in an environment's database, with what was known of them when they came in; null for a new database.
 * Where Odoo's database can be asked, it has the last word; else what the log says was installed, or planned where
 * there is no command.
 * @throws {StepFailed} when that database does not answer.
 */
export async function installedModules(
  run: Run,
  found: ReadonlySet<string>,
): Promise<ReadonlyMap<string, InstalledModule> | null> {
  const recorded = await recordedModules(run)
  const { odooDatabaseUrl, odooCommand } = run.shell.config
  if (!odooDatabaseUrl || !odooCommand) return recorded.size === 0 ? null : recorded
  const asked = await moduleStates(odooDatabaseUrl, run.environment.database)
  switch (asked.is) {
    case 'no-database':
    case 'not-odoo':
      return null
    case 'unreachable':
      throw new StepFailed({
        reason: 'database',
        message: `Odoo's database server could not be asked what is installed. ${asked.text}`,
        remedy: 'Check ODOO_DATABASE_URL and its server, then retry.',
      })
    case 'known': {
      const installed = [...asked.modules].filter(([, { state }]) => state === 'installed' || state === 'to upgrade')
      return new Map(
        installed
          // What Odoo brings itself is its own business, unless it was deployed from a repository.
          .filter(([name]) => found.has(name) || recorded.has(name))
          .map(([name, { version }]) => [name, { version, hash: recorded.get(name)?.hash ?? UNKNOWN }]),
      )
    }
  }
}

/** What the environment's log says went in last, by name. */
async function recordedModules({ shell, key }: Run): Promise<ReadonlyMap<string, InstalledModule>> {
  const { store, config } = shell
  const of = { organizationId: key.organizationId, streamId: key.environmentId }
  const recorded = new Map<string, InstalledModule>()
  for (const entry of await readStream(store.db, store.registry, of)) {
    if (!entry.ok) throw new Error(`An event of the environment cannot be read: ${entry.type}`)
    const { event } = entry
    if (!environment.owns(event)) continue
    if (event.type !== 'ModulesInstalled' && !(event.type === 'InstallPlanned' && !config.odooCommand)) continue
    for (const { name, version, hash, repository } of [...event.data.install, ...event.data.update]) {
      if (repository === FROM_ODOO && config.odooAddonsPath.length === 0) continue
      recorded.set(name, { version: version || null, hash: hash || null })
    }
  }
  return recorded
}
