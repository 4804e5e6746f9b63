import type { ExpressionBuilder, SelectQueryBuilder } from 'kysely'
import { v5 as uuidv5, v7 as uuidv7 } from 'uuid'
import { executeOnConnection } from '../commands/connection.ts'
import type { Tables } from '../database/tables.ts'
import type { Shell } from '../shell.ts'
import type { Enqueue } from './jobs.ts'

const AT_ONCE = 500
/** Of one instance in one pass: less than what a server asks of a host in a minute, so that people have room too. */
const OF_ONE_INSTANCE = 100
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Names the jobs of the sweep. */
const NAMESPACE = '0b9e7f0a-8a4e-4a7e-9c7f-2f6f1f6a3d52'
/** The outcome of a sign-in can be asked for so long after its ten minutes. */
const KEPT_MS = 24 * HOUR_MS

/**
 * Looks for what has come due: credentials whose end has come turn Expired, connections whose daily check is due get
 * their job. Doing it twice does no harm.
 */
export async function sweep(shell: Shell, put: Enqueue): Promise<void> {
  const now = shell.clock()
  const ended = await shell.db
    .selectFrom('connection_status')
    .select(['organization_id', 'connection_id'])
    .where('deleted_at', 'is', null)
    .where('status', 'in', ['active', 'error', 'pending'])
    .where('expires_at', '<=', now)
    .limit(AT_ONCE)
    .execute()
  for (const { organization_id, connection_id } of ended) {
    await executeOnConnection(shell, connection_id, { type: 'ExpireConnection', at: now }, bySweep(organization_id))
  }
  const due = await inTurns(
    shell,
    shell.db
      .selectFrom('connection_status')
      .where('deleted_at', 'is', null)
      .where('enabled', '=', true)
      .where('next_check_at', '<=', now),
    'next_check_at',
  )
  for (const connection of due) {
    await put({ name: 'validate-connection', data: about(connection, now) }, null)
  }
  await warnOfEnds(shell)
  await settleRefreshes(shell, put)
  await renewGrants(shell, put)
  await forgetSignIns(shell)
}

async function warnOfEnds(shell: Shell): Promise<void> {
  const now = shell.clock()
  const due = await shell.db
    .selectFrom('connection_status')
    .select(['organization_id', 'connection_id'])
    .where('deleted_at', 'is', null)
    .where('warn_at', '<=', now)
    .limit(AT_ONCE)
    .execute()
  for (const { organization_id, connection_id } of due) {
    await executeOnConnection(shell, connection_id, { type: 'WarnOfExpiry', at: now }, bySweep(organization_id))
  }
}

/** Grants whose refresh token would end unused. */
async function renewGrants(shell: Shell, put: Enqueue): Promise<void> {
  const now = shell.clock()
  const due = await inTurns(
    shell,
    shell.db
      .selectFrom('connection_status')
      .where('deleted_at', 'is', null)
      .where('enabled', '=', true)
      .where('status', '=', 'active')
      .where('keep_alive_at', '<=', now),
    'keep_alive_at',
  )
  for (const connection of due) {
    const data = { ...about(connection, now), version: connection.credential_version }
    await put({ name: 'keep-alive', data }, null)
  }
}

/** Refreshes that were cut off: the net under the job that each one puts as it begins. */
async function settleRefreshes(shell: Shell, put: Enqueue): Promise<void> {
  const now = shell.clock()
  const open = await shell.db
    .selectFrom('connection_status')
    .select(['organization_id', 'connection_id', 'credential_version', 'refresh_started_at as due_at'])
    .where('deleted_at', 'is', null)
    .where('refresh_started_at', '<=', new Date(now.getTime() - shell.config.refreshLeaseMs))
    .orderBy('refresh_started_at')
    .limit(AT_ONCE)
    .execute()
  for (const connection of open) {
    const data = { ...about(connection, now, MINUTE_MS), version: connection.credential_version }
    await put({ name: 'settle-refresh', data }, null)
  }
}

/** Sign-ins that were never settled are of no use after their time, nor is a grant that was never confirmed. */
async function forgetSignIns(shell: Shell): Promise<void> {
  const over = await shell.db
    .deleteFrom('oauth_authorization')
    .where('expires_at', '<=', new Date(shell.clock().getTime() - KEPT_MS))
    .returning(['organization_id', 'id', 'connection_id'])
    .execute()
  for (const { organization_id: organizationId, id, connection_id: reconnected } of over) {
    // Only the grant of a reconnection is held under the sign-in's id; a new connection took that id as its own.
    if (reconnected !== null) await shell.vault.drop({ organizationId, connectionId: id })
  }
}

/** What is due at all instances by turns, so that one with much to do, or that is slow, holds no other up. */
function inTurns(
  { db }: Shell,
  due: SelectQueryBuilder<Tables, 'connection_status', object>,
  column: 'next_check_at' | 'keep_alive_at',
) {
  const turns = due.select(['organization_id', 'connection_id', 'credential_version', `${column} as due_at`])
  const turn = (eb: ExpressionBuilder<Tables, 'connection_status'>) =>
    eb.fn.agg<number>('row_number').over((over) => over.partitionBy('base_url').orderBy(column))
  return db
    .selectFrom(turns.select((eb) => turn(eb).as('turn')).as('due'))
    .selectAll()
    .where('turn', '<=', OF_ONE_INSTANCE)
    .orderBy('turn')
    .orderBy('due_at')
    .limit(AT_ONCE)
    .execute()
}

interface Due {
  readonly organization_id: string
  readonly connection_id: string
  readonly due_at: Date | null
}

/** One job for what is due at a moment, however often it is seen; where it is so for long, another one after `againMs`. */
function about({ organization_id, connection_id, due_at }: Due, now: Date, againMs = HOUR_MS) {
  const name = `${connection_id} ${due_at?.toISOString()} ${Math.floor(now.getTime() / againMs)}`
  return { organizationId: organization_id, connectionId: connection_id, eventId: uuidv5(name, NAMESPACE) }
}

function bySweep(organizationId: string) {
  const id = uuidv7()
  return {
    actor: { kind: 'job' as const, id: 'sweep', name: 'Expiry watch' },
    ...{ organizationId, commandId: id, correlationId: id },
    causationId: null,
  }
}
