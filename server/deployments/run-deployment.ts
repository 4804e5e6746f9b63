import { join, resolve } from 'node:path'
import {
  type DeploymentStep,
  DomainError,
  environment,
  mustBeActive,
  project,
  repositoriesOf,
  type UsedRepository,
} from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import type { Cause } from '../commands/cause.ts'
import { execute } from '../commands/execute.ts'
import { readAndHold } from '../commands/hold.ts'
import { prepareDeployDir } from '../odoo/deploy-dir.ts'
import type { Shell } from '../shell.ts'
import { fetchSources } from './fetch-sources.ts'
import { followCancellation, type Halt } from './follow-cancellation.ts'
import { installModules } from './install-modules.ts'
import { odooAccount } from './odoo-account.ts'
import { createOdooModules } from './odoo-modules.ts'
import { planSources } from './plan-sources.ts'
import { type RunKey, recordRun } from './record-run.ts'
import { sameFiles, showCurrent, tidyReleases } from './release-places.ts'
import type { Run } from './run.ts'
import { StepFailed } from './step-failure.ts'
import { writeFiles } from './write-files.ts'

const odooModules = createOdooModules()

/**
 * Carries a deployment out: fetches, plans, writes the files, installs; each outcome is in the environment's log. One
 * that another server left in the middle begins anew, unless Odoo was at work then. Aborting `interruption` leaves it
 * to another server, by throwing.
 */
export async function runDeployment(shell: Shell, key: RunKey, by: Cause, interruption: AbortSignal): Promise<void> {
  const newCause = (): Cause => ({ ...by, commandId: uuidv7() })
  const tell: Run['tell'] = async (command) => {
    await execute(shell, { decider: environment, streamId: key.environmentId }, command, newCause())
  }
  const { state } = await readAndHold(shell, { decider: environment, streamId: key.environmentId }, by)
  if (state.is !== 'active' || state.deployment?.id !== key.deploymentId) return
  const record = await recordRun(shell, key, state.deployment.number)
  const cut = record.steps().some(({ step, is }) => step === 'install' && is === 'running')
  await tell({ type: 'StartDeployment', deploymentId: key.deploymentId })
  const watch = followCancellation(shell, key, interruption)
  const run: Run = {
    ...{ shell, key, environment: state, record, signal: watch.signal, by: newCause, odooModules, tell },
    ...{ organizationId: key.organizationId, projectId: state.projectId },
    // What a run that was cut off had taken counts before what was asked for: it is the same, or more exact.
    pinned: [...state.deployment.cloned, ...state.deployment.commits],
    say: (level, text) => record.line('fetch', level, text),
    took: (repository) => tell({ type: 'RecordClone', deploymentId: key.deploymentId, repository }),
  }
  try {
    if (cut) throw interruptedInOdoo()
    const repositories = await repositoriesFor(run)
    const place = await placeOf(run)
    const sources = await step(run, 'fetch', () => fetchSources(run, repositories))
    const before = await sameFiles(run, sources, place)
    const release = before ?? place
    const planned = await step(run, 'plan', async () => {
      const made = await planSources(run, sources, release)
      await record.keep({ plan: made.stored })
      return made
    })
    if (before) {
      await record.line('release', 'info', 'The files are there already: no repository has changed.')
      await record.mark('release', 'skipped')
    } else {
      await step(run, 'release', async () => {
        await record.keep({ release })
        await writeFiles(run, sources, { release, folders: planned.folders })
      })
    }
    const { message, warnings } = await step(run, 'install', () => installModules(run, planned))
    await record.flush()
    await showCurrent(run, release)
    await tell({ type: 'SucceedDeployment', deploymentId: key.deploymentId, message, warnings })
    // What could not be tidied up now is the next time.
    await tidyReleases(run, sources, release).catch((error: unknown) => {
      shell.log.error({ err: error, deploymentId: key.deploymentId }, 'old releases could not be removed')
    })
  } catch (error) {
    await end(run, error)
  } finally {
    watch.end()
    await record.flush()
  }
}

async function step<Result>(
  { record, signal }: Run,
  name: DeploymentStep,
  work: () => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted()
  await record.mark(name, 'running')
  const result = await work()
  signal.throwIfAborted()
  await record.mark(name, 'done')
  return result
}

/** Records how a run ended that did not come to its end. */
async function end(run: Run, error: unknown): Promise<void> {
  const { record, signal, key, shell, tell } = run
  const running = record.steps().find(({ is }) => is === 'running')?.step ?? null
  const at = running ?? nextStep(run)
  const { deploymentId } = key
  const halt: Halt | null = signal.aborted ? signal.reason : null
  if (halt?.is === 'interrupted') {
    await record.line(at, 'warning', 'This server stops. Another one goes on.')
    // Odoo was ended before; to begin anew is safe.
    if (running) await record.mark(running, 'waiting')
    throw new Error('The deployment was interrupted', { cause: error })
  }
  if (halt?.is === 'cancelled') {
    await record.line(at, 'warning', 'Cancelled.')
    if (running) await record.mark(running, 'cancelled')
    await skipOpen(run)
    await unlessOver(() => tell({ type: 'CancelDeployment', deploymentId, step: at }))
    return
  }
  const failure =
    error instanceof StepFailed
      ? error.failure
      : {
          reason: 'bug',
          message: `Something went wrong on our side. Tell the operator this number: ${deploymentId}.`,
          remedy: 'Retry; if it stays so, the log of the server tells why.',
        }
  if (!(error instanceof StepFailed)) shell.log.error({ err: error, deploymentId }, 'a deployment failed')
  await record.line(at, 'error', failure.message)
  await record.mark(at, 'failed')
  await skipOpen(run)
  await unlessOver(() => tell({ type: 'FailDeployment', deploymentId, step: at, ...failure }))
}

async function skipOpen({ record }: Run): Promise<void> {
  for (const { step, is } of record.steps()) if (is === 'waiting') await record.mark(step, 'skipped')
}

function nextStep({ record }: Run): DeploymentStep {
  return record.steps().find(({ is }) => is === 'waiting')?.step ?? 'install'
}

async function unlessOver(work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof DomainError) || error.code !== 'DeploymentOver') throw error
  })
}

/** Nobody saw how Odoo ended; to run it again is for somebody to decide. */
function interruptedInOdoo(): StepFailed {
  return new StepFailed({
    reason: 'interrupted',
    message: 'The server was ended while Odoo was installing.',
    remedy: 'What Odoo had finished by then is in the database. Retry to finish the rest.',
  })
}

/** The project's repositories in their order of precedence, the main one at the environment's branch. */
async function repositoriesFor({ shell, environment, by }: Run): Promise<UsedRepository[]> {
  const { state } = await readAndHold(shell, { decider: project, streamId: environment.projectId }, by())
  const [main, ...addons] = repositoriesOf(mustBeActive(state))
  if (!main) throw new Error('A project without a repository')
  return [{ ...main, branch: environment.branch ?? main.branch }, ...addons]
}

/** The folder of this release, within one that Odoo may read and not write. */
async function placeOf({ shell, key }: Run): Promise<string> {
  const { config } = shell
  // Without a command nobody but the server needs to enter.
  const account = config.odooCommand ? await odooAccount(config) : ({ is: 'same' } as const)
  const folder = await prepareDeployDir({ setting: config.deployDir, dataDir: resolve(config.dataDir), account })
  if (folder.is === 'refused') {
    throw new StepFailed({
      reason: 'folder',
      message: folder.sentence,
      remedy: 'The operator must mend it; then retry.',
    })
  }
  return join(folder.path, key.organizationId, key.environmentId, key.deploymentId)
}
