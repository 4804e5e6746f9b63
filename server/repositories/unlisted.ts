import { randomUUID } from 'node:crypto'
import type { LinkedConnection } from '@git-connections/events'
import { type Kysely, sql } from 'kysely'
import type { ConnectionKey } from '../broker/lease.ts'
import type { Cause } from '../commands/cause.ts'
import type { Tables } from '../database/tables.ts'
import type { ListedRepository } from '../providers/listed.ts'
import type { Shell } from '../shell.ts'
import { askFor } from './ask-for.ts'

/** How long what no list holds stays without being asked for again. */
const FRESH_MS = 60 * 60_000
/** How many are asked for again after a listing, the longest unasked first; each is a call. */
const MOST_ASKED = 20

/**
 * Takes a repository that the provider was asked for by itself into the index, where no list may ever put it; tells
 * whether it was there before.
 */
export async function keepFound(
  db: Kysely<Tables>,
  { organizationId, connectionId }: ConnectionKey,
  { repository, now }: { repository: ListedRepository; now: Date },
): Promise<{ wasThere: boolean }> {
  const { id, fullName, url, archived, fork, defaultBranch, pushedAt } = repository
  const seen = {
    ...{ full_name: fullName, url, private: repository.private, archived, fork, default_branch: defaultBranch },
    pushed_at: pushedAt === null ? null : new Date(pushedAt),
  }
  const row = await db
    .insertInto('repository')
    .values({
      ...{ organization_id: organizationId, connection_id: connectionId, repository_id: id },
      ...{ ...seen, run: randomUUID(), asked_at: now },
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'connection_id', 'repository_id'])
        // What is listed stays so: the list decides about it.
        .doUpdateSet({
          ...seen,
          asked_at: sql`case when repository.asked_at is null then null else excluded.asked_at end`,
        }),
    )
    // Only a row that was there has a transaction that locked it.
    .returning(sql<boolean>`xmax <> 0`.as('wasThere'))
    .executeTakeFirstOrThrow()
  return row
}

/** Asks again for what is in the index without being listed, and drops what the connection does not reach any more. */
export async function askAgain(
  shell: Pick<Shell, 'db' | 'clock' | 'reach' | 'credentials'>,
  { key, linked }: { key: ConnectionKey; linked: LinkedConnection },
  by: Cause,
): Promise<void> {
  const now = shell.clock()
  const old = await shell.db
    .selectFrom('repository')
    .select('repository_id as id')
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', key.connectionId)
    .where('asked_at', '<', new Date(now.getTime() - FRESH_MS))
    .orderBy('asked_at')
    .limit(MOST_ASKED)
    .execute()
  for (const { id } of old) {
    const found = await askFor(shell, { key, linked, named: { id } }, by)
    if (found.is === 'found') await keepFound(shell.db, key, { repository: found.repository, now })
    if (found.is === 'barred') await drop(shell.db, key, id)
    // The provider can't be asked now; the others can wait, too.
    if (found.is === 'stopped') return
  }
}

async function drop(db: Kysely<Tables>, { organizationId, connectionId }: ConnectionKey, id: string): Promise<void> {
  await db
    .deleteFrom('repository')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('repository_id', '=', id)
    .where('asked_at', 'is not', null)
    .execute()
}
