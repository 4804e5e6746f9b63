import type { DeploymentStep } from '@git-connections/events'
import type { Shell } from '../shell.ts'
import { type StepTimes, waitingSteps, withStep } from './steps.ts'
import type { StoredPlan } from './stored-plan.ts'

/** Lines are written together, so soon after the first of them. */
const FLUSH_MS = 200
/** More than so many that are not written yet make their program wait. */
const MOST_WAITING = 5_000
const AT_ONCE = 1_000
/** A log that is longer goes on unread: nobody looks at more, and it would fill the disk. */
const MOST_LINES = 1_000_000

export type LineLevel = 'debug' | 'info' | 'warning' | 'error'

/** Which deployment. */
export interface RunKey {
  readonly organizationId: string
  readonly environmentId: string
  readonly deploymentId: string
}

/** What is written down while a deployment runs, for those who watch it. */
export interface RunRecord {
  readonly steps: () => readonly StepTimes[]
  /** The last lines of the current step come before its end. */
  readonly mark: (step: DeploymentStep, is: StepTimes['is']) => Promise<void>
  /** Adds a line to the log; resolves when there is room for more. */
  readonly line: (step: DeploymentStep, level: LineLevel, text: string) => Promise<void>
  readonly keep: (what: { plan?: StoredPlan; release?: string | null }) => Promise<void>
  /** Writes what is waiting. */
  readonly flush: () => Promise<void>
}

/** Opens the record of a run; one that was cut off goes on where it ended. */
export async function recordRun(
  { db, clock }: Pick<Shell, 'db' | 'clock'>,
  key: RunKey,
  number: number,
): Promise<RunRecord> {
  const { organizationId, environmentId, deploymentId } = key
  const place = { organization_id: organizationId, deployment_id: deploymentId }
  await db
    .insertInto('deployment_run')
    .values({
      ...place,
      environment_id: environmentId,
      number,
      steps: JSON.stringify(waitingSteps()),
      plan: null,
      release: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const own = db.updateTable('deployment_run').where('organization_id', '=', organizationId)
  const ofRun = own.where('deployment_id', '=', deploymentId)
  const before = await db
    .selectFrom('deployment_run')
    .select(['steps', 'lines'])
    .where('organization_id', '=', organizationId)
    .where('deployment_id', '=', deploymentId)
    .executeTakeFirstOrThrow()
  let steps = before.steps
  let count = before.lines
  let waiting: { line: number; at: Date; step: string; level: string; text: string }[] = []
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | null = null

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const lines = waiting.slice(0, AT_ONCE)
      await db
        .insertInto('deployment_line')
        .values(lines.map((line) => ({ ...place, ...line })))
        .execute()
      waiting = waiting.slice(lines.length)
    }
    await ofRun.set({ lines: count }).execute()
  }

  function flush(): Promise<void> {
    if (timer) clearTimeout(timer)
    timer = null
    writing = writing.then(write)
    return writing
  }

  return {
    steps: () => steps,

    async mark(step, is) {
      await flush()
      steps = withStep(steps, step, is, clock())
      await ofRun.set({ steps: JSON.stringify(steps) }).execute()
    },

    async line(step, level, text) {
      if (count >= MOST_LINES) return
      count += 1
      const last = count === MOST_LINES
      waiting.push({
        ...{ line: count, at: clock(), step, level: last ? 'warning' : level },
        text: last ? 'The log ends here: it is too long. What follows was left out.' : storable(text),
      })
      if (waiting.length > MOST_WAITING) return flush()
      timer ??= setTimeout(() => {
        // What fails here fails again where it is waited for.
        flush().catch(() => {})
      }, FLUSH_MS)
    },

    async keep({ plan, release }) {
      await ofRun
        .set({
          ...(plan ? { plan: JSON.stringify(plan) } : {}),
          ...(release === undefined ? {} : { release }),
        })
        .execute()
    },

    flush,
  }
}

/** PostgreSQL stores no NUL and no half of a pair. */
function storable(text: string): string {
  return text.replaceAll('\0', '\u2400').toWellFormed()
}
