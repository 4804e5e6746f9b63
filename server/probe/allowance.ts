import { DomainError } from '@git-connections/events'
import { type Kysely, sql } from 'kysely'

const PER_MINUTE = 12
const MINUTE_MS = 60_000

/** The table of probes as Kysely sees it. */
export interface AllowanceTables {
  probe_allowance: { organization_id: string; began_at: Date; used: number }
}

/**
 * Takes one probe of the few that an organization has in a minute, over all servers: whoever can name an address could
 * otherwise look through a network with it.
 * @throws {DomainError} TooManyProbes
 */
export async function takeProbe(db: Kysely<AllowanceTables>, organizationId: string, now: Date): Promise<void> {
  const over = sql<boolean>`probe_allowance.began_at <= ${new Date(now.getTime() - MINUTE_MS)}`
  const { used } = await db
    .insertInto('probe_allowance')
    .values({ organization_id: organizationId, began_at: now, used: 1 })
    .onConflict((conflict) =>
      conflict.column('organization_id').doUpdateSet({
        began_at: sql`case when ${over} then excluded.began_at else probe_allowance.began_at end`,
        used: sql`case when ${over} then 1 else probe_allowance.used + 1 end`,
      }),
    )
    .returning('used')
    .executeTakeFirstOrThrow()
  if (used > PER_MINUTE) {
    throw new DomainError('TooManyProbes', `Only ${PER_MINUTE} addresses a minute are looked at. Wait a minute.`)
  }
}
