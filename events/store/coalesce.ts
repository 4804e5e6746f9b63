import type pg from 'pg'
import { type Append, type AppendOutcome, writeBatch } from './append.ts'

const MOST_IN_A_BATCH = 64
const BATCHES_IN_FLIGHT = 2

interface Waiting {
  readonly command: Append
  readonly resolve: (outcome: AppendOutcome) => void
  readonly reject: (error: Error) => void
}

/**
 * Group commit: appends that wait at the same moment go into one statement, each still with its own outcome. A stream
 * is never twice in a batch; its next command waits for the next one.
 */
export function createCoalescer(pool: pg.Pool, onAppended: (organizationIds: ReadonlySet<string>) => void) {
  const queue: Waiting[] = []
  let inFlight = 0

  function takeBatch(): Waiting[] {
    const streams = new Set<string>()
    const batch: Waiting[] = []
    for (let index = 0; index < queue.length && batch.length < MOST_IN_A_BATCH; ) {
      const waiting = queue[index]
      if (!waiting) break
      const keys = waiting.command.streams.map(({ streamId }) => `${waiting.command.organizationId}/${streamId}`)
      // All or nothing over several streams is enforced by aborting the statement, so such a command goes alone.
      const alone = keys.length > 1
      if (keys.some((key) => streams.has(key)) || (alone && batch.length > 0)) {
        index++
        continue
      }
      for (const key of keys) streams.add(key)
      batch.push(waiting)
      queue.splice(index, 1)
      if (alone) break
    }
    return batch
  }

  async function flush(): Promise<void> {
    if (inFlight >= BATCHES_IN_FLIGHT || queue.length === 0) return
    inFlight++
    const batch = takeBatch()
    const outcomes = await writeBatch(
      pool,
      batch.map(({ command }) => command),
    )
    inFlight--
    const appended = new Set<string>()
    for (const [index, { command, resolve, reject }] of batch.entries()) {
      const outcome = outcomes[index] ?? new Error('The append gave no outcome')
      if (outcome instanceof Error) {
        reject(outcome)
        continue
      }
      if (outcome.is === 'appended') appended.add(command.organizationId)
      resolve(outcome)
    }
    if (appended.size > 0) onAppended(appended)
    void flush()
  }

  return (command: Append): Promise<AppendOutcome> =>
    new Promise((resolve, reject) => {
      queue.push({ command, resolve, reject })
      // Callers of the same turn of the event loop share a statement.
      queueMicrotask(() => void flush())
    })
}
