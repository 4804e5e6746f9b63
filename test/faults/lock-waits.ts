import type pg from 'pg'
import { expect, vi } from 'vitest'

/** A session of the database that waits for a lock, and the sessions that it waits for, by process id. */
export interface LockWait {
  readonly pid: number
  readonly waitsFor: readonly number[]
}

/** Resolves once that many sessions of the client's database wait for locks; a client that waits itself cannot ask. */
export function untilWaiting(client: pg.Client, count: number): Promise<LockWait[]> {
  return vi.waitFor(
    async () => {
      // Within a transaction, PostgreSQL goes on showing what it showed first.
      await client.query('select pg_stat_clear_snapshot()')
      const { rows } = await client.query<{ pid: number; waitsFor: number[] }>(`
        select pid, pg_blocking_pids(pid) as "waitsFor" from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`)
      expect(rows).toHaveLength(count)
      return rows
    },
    { timeout: 9_000 },
  )
}
