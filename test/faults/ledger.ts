import type { EventStore, StoreTables } from '@git-connections/events/store'
import { allProjections, inlineProjections } from '@git-connections/projections'
import { verify } from '@git-connections/projections/replay'
import { type Kysely, sql } from 'kysely'

/** What a caller knows of a command: what was asked, and what was answered. */
export interface Claim {
  readonly commandId: string
  readonly organizationId: string
  readonly streamId: string
  /** What it leads to where it is carried out: one event, of one of these types. */
  readonly events: readonly string[]
  /** Null where the caller never had an answer. */
  answer: 'acknowledged' | 'refused' | null
  /** How often it was asked in vain: nobody knows whether it was carried out. */
  unanswered: number
}

/** A claim that nothing was answered to yet. */
export function newClaim(claim: Omit<Claim, 'answer' | 'unanswered'>): Claim {
  return { ...claim, answer: null, unanswered: 0 }
}

/** How many claims there are of each kind, in words. */
export function summaryOf(claims: readonly Claim[]): string {
  const told = (answer: Claim['answer']) => claims.filter((claim) => claim.answer === answer).length
  const again = claims.filter(({ unanswered }) => unanswered > 0).length
  return `${told('acknowledged')} acknowledged, ${told('refused')} refused, ${told(null)} open; ${again} asked again`
}

/** Where the log is not what callers were told, in words: what was acknowledged is there once, what was refused is not. */
export async function againstLog(db: Kysely<StoreTables>, claims: readonly Claim[]): Promise<string[]> {
  const events = await db
    .selectFrom('event')
    .select(['organization_id', 'command_id', 'stream_id', 'type'])
    .orderBy('organization_id')
    .orderBy('position')
    .execute()
  const byCommand = Map.groupBy(events, (event) => `${event.organization_id}/${event.command_id}`)
  const receipts = await db.selectFrom('receipt').select(['organization_id', 'command_id']).execute()
  const carriedOut = new Set(receipts.map((receipt) => `${receipt.organization_id}/${receipt.command_id}`))
  return claims.flatMap((claim) => {
    const key = `${claim.organizationId}/${claim.commandId}`
    const found = byCommand.get(key) ?? []
    const done = claim.answer === 'acknowledged'
    const expected = done ? claim.events.map((event) => `${event} of ${claim.streamId}`) : ['']
    const logged = found.map(({ type, stream_id }) => `${type} of ${stream_id}`).join(', ')
    const told = claim.answer ?? 'not answered'
    const problems = expected.includes(logged)
      ? []
      : [`${told}: "${expected.join(' or ')}" expected, "${logged}" in the log (${key})`]
    if (carriedOut.has(key) !== (claim.answer === 'acknowledged'))
      problems.push(`${told}: the receipt is wrong (${key})`)
    return problems
  })
}

/** Where an order is broken, in words: places of an organization and versions of a stream are 1, 2, 3, ... to the head. */
export async function brokenOrder(db: Kysely<StoreTables>): Promise<string[]> {
  const { rows } = await sql<{ problem: string }>`
    select format('organization %s: %s events, places %s to %s, head %s', l.organization_id, count(e.position),
      min(e.position), max(e.position), l.position) as problem
    from log_head l left join event e using (organization_id)
    group by l.organization_id, l.position
    having count(e.position) <> l.position or max(e.position) <> l.position or min(e.position) <> 1
    union all
    select format('stream %s: %s events, versions %s to %s, head %s', h.stream_id, count(e.version), min(e.version),
      max(e.version), h.version)
    from stream_head h left join event e using (organization_id, stream_id)
    group by h.organization_id, h.stream_id, h.version
    having count(e.version) <> h.version or max(e.version) <> h.version or min(e.version) <> 1
    union all
    select format('event %s of %s has no head', e.position, e.organization_id)
    from event e left join stream_head h using (organization_id, stream_id) left join log_head l using (organization_id)
    where h.stream_id is null or l.organization_id is null
    union all
    select format('event %s of %s has no receipt', e.position, e.organization_id)
    from event e left join receipt r using (organization_id, command_id) where r.command_id is null`.execute(db)
  return rows.map(({ problem }) => problem)
}

/** The views that have not reached the log's end yet. */
export async function behindLog(db: Kysely<StoreTables>): Promise<string[]> {
  const names = allProjections.filter((projection) => !inlineProjections.includes(projection)).map(({ name }) => name)
  const { rows } = await sql<{ problem: string }>`
    select format('%s of %s is at %s of %s', name, l.organization_id, c.position, l.position) as problem
    from log_head l cross join unnest(${names}::text[]) as name
    left join checkpoint c on c.organization_id = l.organization_id and c.projection = name
    where c.position is distinct from l.position`.execute(db)
  return rows.map(({ problem }) => problem)
}

/** Where a view is not what the log says, in words. */
export async function againstViews(store: EventStore): Promise<string[]> {
  const problems: string[] = []
  const happened = await store.db.selectFrom('event').select('stream_type').distinct().execute()
  const kinds = new Set(happened.map(({ stream_type }) => stream_type))
  for (const projection of allProjections) {
    const { rows, differences } = await verify(store, projection, { inline: inlineProjections.includes(projection) })
    const concerned = projection.streamType === null || kinds.has(projection.streamType)
    if (rows === 0 && concerned) problems.push(`${projection.name} is empty`)
    for (const { key, problem, fields } of differences) {
      problems.push(`${projection.name}: ${key} is ${problem} ${fields.join(', ')}`)
    }
  }
  return problems
}
