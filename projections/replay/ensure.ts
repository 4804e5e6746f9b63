import type { EventRegistry } from '@git-connections/events'
import { type EventStore, openEventStore } from '@git-connections/events/store'
import type { Pool } from 'pg'
import { allProjections, inlineProjections } from '../list.ts'
import { rebuild } from './rebuild.ts'

/**
 * Before a server serves: makes the tables of new projections and rebuilds those whose version is another than the
 * live one. Returns the names of those it built.
 */
export async function ensureProjections(pool: Pool, registry: EventRegistry): Promise<string[]> {
  const store: EventStore = await openEventStore({ pool, registry, listen: false })
  const live = await store.db.selectFrom('live_projection').selectAll().execute()
  const built: string[] = []
  for (const projection of allProjections) {
    if (live.find(({ name }) => name === projection.name)?.version === projection.version) continue
    await rebuild(store, projection, { inline: inlineProjections.includes(projection) })
    built.push(projection.name)
  }
  await store.close()
  return built
}
