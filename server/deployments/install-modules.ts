import type { DeployedModule } from '@git-connections/events'
import type { PlannedModule } from '../modules/plan-steps.ts'
import { type ModuleState, moduleStates, postgresEnvironment } from '../odoo/module-states.ts'
import { odooCommand } from '../odoo/odoo-command.ts'
import { type LogRecord, readOdooLog } from '../odoo/odoo-log.ts'
import { runConfined } from '../odoo/run-confined.ts'
import { NOTHING_READ, readRecord } from '../odoo/run-reading.ts'
import { judge } from '../odoo/verdict.ts'
import { FROM_ODOO } from './installed-modules.ts'
import { odooAccount } from './odoo-account.ts'
import { odooRunOf, type PlannedSources } from './plan-sources.ts'
import type { LineLevel } from './record-run.ts'
import type { Run } from './run.ts'
import { StepFailed } from './step-failure.ts'

/** How a deployment ended well. */
export interface Installed {
  readonly message: string
  readonly warnings: number
}

/**
 * Has Odoo install and update what is planned, as another user, and judges by its end, its log and its database. Where
 * there is no command the plan itself is the outcome.
 * @throws {StepFailed} with the real cause; what Odoo took in before is written down.
 */
export async function installModules(run: Run, planned: PlannedSources): Promise<Installed> {
  const { shell, record, key } = run
  const { plan } = planned
  const { install, update } = plan
  const { odooCommand: command } = shell.config
  if (install.length + update.length === 0) {
    await record.line('install', 'info', 'Nothing is to be installed or updated.')
    return { message: `Nothing has changed: ${count(plan.unchanged.length)} stay as they are.`, warnings: 0 }
  }
  if (!command) {
    const line = planned.stored.command ?? ''
    await record.line('install', 'info', `There is no command for Odoo here (ODOO_COMMAND). To be run: ${line}`)
    await run.tell({
      ...{ type: 'RecordModules', deploymentId: key.deploymentId, installed: false },
      ...{ install: install.map(deployed), update: update.map(deployed) },
    })
    const message = `Nothing was installed, since no command for Odoo is set. The plan says how to install ${count(install.length)} and update ${update.length}.`
    return { message, warnings: plan.warnings.length }
  }
  const { verdict, states } = await runOdoo(run, planned, command)
  run.signal.throwIfAborted()
  if (verdict.is === 'failed') {
    // Each module is committed by itself: those before the one at fault are in.
    if (states) {
      const isIn = ({ name, version }: PlannedModule) => {
        const state = states.get(name)
        return state?.state === 'installed' && (version === null || state.version === version)
      }
      await run.tell({
        ...{ type: 'RecordModules', deploymentId: key.deploymentId, installed: true },
        // An update that failed leaves the version that was there, which may be the same.
        ...{ install: install.filter(isIn).map(deployed), update: [] },
      })
    }
    const named = (text: string) => withoutFolders(text, planned)
    throw new StepFailed({ reason: 'odoo', message: named(verdict.sentence), remedy: named(verdict.remedy) })
  }
  await run.tell({
    ...{ type: 'RecordModules', deploymentId: key.deploymentId, installed: true },
    ...{ install: install.map(deployed), update: update.map(deployed) },
  })
  const message = `Odoo installed ${count(install.length)} and updated ${update.length}.`
  return { message, warnings: verdict.warnings.count + plan.warnings.length }
}

/** People know a file by its repository, not by the folder of this release. */
function withoutFolders(text: string, { folders, names }: PlannedSources): string {
  return folders.reduce((rest, folder, index) => {
    const name = names[index] ?? ''
    return rest.replaceAll(`file:${folder}/`, `${name}: `).replaceAll(`${folder}/`, `${name}: `)
  }, text)
}

async function runOdoo(run: Run, planned: PlannedSources, command: Parameters<typeof odooCommand>[0]) {
  const { shell, record, signal, environment } = run
  const { config } = shell
  const account = await odooAccount(config)
  const log = readOdooLog()
  let reading = NOTHING_READ
  let level: LineLevel = 'info'
  const take = (record: LogRecord | null) => {
    if (record) reading = readRecord(reading, record)
  }
  const outcome = await runConfined({
    account,
    command: odooCommand(command, odooRunOf(run, planned.plan, planned)),
    environment: config.odooDatabaseUrl ? postgresEnvironment(config.odooDatabaseUrl) : {},
    deadlineMs: config.odooDeadlineMs,
    signal,
    onLine: (stream, text) => {
      if (stream === 'stderr') take(log.push(text))
      // What follows a line of the log belongs to it.
      level = levelOf(text) ?? level
      return record.line('install', level, text)
    },
  })
  take(log.end())
  if (outcome.linesLeftOut > 0) {
    await record.line('install', 'warning', `${outcome.linesLeftOut} more lines were left out.`)
  }
  const states = await statesAfter(config.odooDatabaseUrl, environment.database)
  const { install, update } = planned.plan
  const verdict = judge({
    ...{ end: outcome.end, reading, linesLeftOut: outcome.linesLeftOut, states },
    planned: [
      ...install.map(({ name, version }) => ({ name, version, action: 'install' as const })),
      ...update.map(({ name, version }) => ({ name, version, action: 'update' as const })),
    ],
  })
  return { verdict, states }
}

async function statesAfter(
  url: string | undefined,
  database: string,
): Promise<ReadonlyMap<string, ModuleState> | null> {
  if (!url) return null
  const asked = await moduleStates(url, database)
  return asked.is === 'known' ? asked.modules : null
}

const LEVELS: Readonly<Record<string, LineLevel>> = {
  ...{ DEBUG: 'debug', INFO: 'info', WARNING: 'warning', ERROR: 'error', CRITICAL: 'error' },
}

function levelOf(line: string): LineLevel | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character
  const [, word = ''] = /^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?:\u001B\[[\d;]*m)*([A-Z]+)/.exec(line) ?? []
  return LEVELS[word] ?? null
}

function deployed({ name, version, hash, repository }: PlannedModule): DeployedModule {
  return { name, version: version ?? '', hash: hash ?? '', repository: repository ?? FROM_ODOO }
}

function count(modules: number): string {
  return modules === 1 ? '1 module' : `${modules} modules`
}
