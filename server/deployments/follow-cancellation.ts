import { setInterval } from 'node:timers/promises'
import type { Shell } from '../shell.ts'
import type { RunKey } from './record-run.ts'

const LOOK_MS = 700

/** Why a run must end before its end. */
export type Halt =
  /** Somebody asked for it, or the deployment is over for another reason. */
  | { readonly is: 'cancelled' }
  /** This server stops, or was taken for gone; another one goes on. */
  | { readonly is: 'interrupted' }

/**
 * Watches whether a deployment was asked to stop, and gives a signal whose reason is a `Halt`. `end` ends the watching.
 */
export function followCancellation(
  { db, log }: Pick<Shell, 'db' | 'log'>,
  { organizationId, environmentId, deploymentId }: RunKey,
  interruption: AbortSignal,
): { signal: AbortSignal; end: () => void } {
  const halt = new AbortController()
  const over = new AbortController()
  const interrupt = () => halt.abort({ is: 'interrupted' } satisfies Halt)
  if (interruption.aborted) interrupt()
  interruption.addEventListener('abort', interrupt, { once: true, signal: over.signal })

  async function watch(): Promise<void> {
    for await (const _ of setInterval(LOOK_MS, null, { signal: over.signal, ref: false })) {
      const row = await db
        .selectFrom('environment_status')
        .select('open')
        .where('organization_id', '=', organizationId)
        .where('environment_id', '=', environmentId)
        .executeTakeFirst()
      if (row?.open?.id === deploymentId && row.open.is !== 'cancelling') continue
      halt.abort({ is: 'cancelled' } satisfies Halt)
      return
    }
  }
  watch().catch((error: unknown) => {
    if (over.signal.aborted) return
    log.error({ err: error, deploymentId }, 'a deployment could not look whether it is to stop')
    interrupt()
  })
  return { signal: halt.signal, end: () => over.abort() }
}
