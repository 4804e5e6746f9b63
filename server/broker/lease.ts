import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../database/tables.ts'

/** A connection of an organization. */
export interface ConnectionKey {
  readonly organizationId: string
  readonly connectionId: string
}

/** The right to refresh one connection, among all servers on the database, until it ends or is given back. */
export interface Lease {
  /** Makes it last its whole length from now on; false when it had ended and another took it. */
  readonly renew: () => Promise<boolean>
  readonly release: () => Promise<void>
}

/** Takes the lease of a connection; null while another holds it. Goes by the database's clock alone. */
export async function takeLease(db: Kysely<Tables>, key: ConnectionKey, lengthMs: number): Promise<Lease | null> {
  const holder = randomUUID()
  const { organizationId, connectionId } = key
  const taken = await sql`
    insert into refresh_lease as lease (organization_id, connection_id, holder, until)
    values (${organizationId}, ${connectionId}, ${holder}, ${inMs(lengthMs)})
    on conflict (organization_id, connection_id) do update set holder = excluded.holder, until = excluded.until
      where lease.until < clock_timestamp()
    returning holder`.execute(db)
  if (taken.rows.length === 0) return null
  return {
    async renew() {
      const renewed = await db
        .updateTable('refresh_lease')
        .set({ until: inMs(lengthMs) })
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .where('holder', '=', holder)
        .executeTakeFirst()
      return renewed.numUpdatedRows === 1n
    },
    async release() {
      await db
        .deleteFrom('refresh_lease')
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .where('holder', '=', holder)
        .execute()
    },
  }
}

/** Whether somebody refreshes the connection just now. */
export async function isLeased(db: Kysely<Tables>, key: ConnectionKey): Promise<boolean> {
  const lease = await db
    .selectFrom('refresh_lease')
    .select('holder')
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('until', '>=', sql<Date>`clock_timestamp()`)
    .executeTakeFirst()
  return lease !== undefined
}

/**
 * Says that a use of this version of the credential runs for so long: no refresh begins meanwhile, because a refresh
 * ends the old access token at once. Returns the way to end it.
 */
export async function hold(
  db: Kysely<Tables>,
  key: ConnectionKey,
  use: { credentialVersion: number; lengthMs: number },
): Promise<() => Promise<void>> {
  const id = randomUUID()
  await db
    .insertInto('credential_hold')
    .values({
      ...{ organization_id: key.organizationId, connection_id: key.connectionId, id },
      ...{ credential_version: use.credentialVersion, until: inMs(use.lengthMs) },
    })
    .execute()
  return async () => {
    await db
      .deleteFrom('credential_hold')
      .where('organization_id', '=', key.organizationId)
      .where('connection_id', '=', key.connectionId)
      .where('id', '=', id)
      .execute()
  }
}

/** Until when uses of this version of the credential may run; null when there is none. */
export async function heldUntil(
  db: Kysely<Tables>,
  key: ConnectionKey,
  credentialVersion: number,
): Promise<Date | null> {
  const held = await db
    .selectFrom('credential_hold')
    .select((eb) => eb.fn.max('until').as('until'))
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('credential_version', '=', credentialVersion)
    .where('until', '>', sql<Date>`clock_timestamp()`)
    .executeTakeFirst()
  return held?.until ?? null
}

function inMs(ms: number) {
  return sql<Date>`clock_timestamp() + ${ms} * interval '1 millisecond'`
}
