import { type LinkedConnection, project } from '@git-connections/events'
import { v5 as uuidv5 } from 'uuid'
import type { ConnectionKey } from '../broker/lease.ts'
import type { Cause } from '../commands/cause.ts'
import { execute } from '../commands/execute.ts'
import type { RepositoryFound } from '../providers/listed.ts'
import type { Shell } from '../shell.ts'
import { askFor } from './ask-for.ts'
import { readUses } from './uses.ts'

type Following = Pick<Shell, 'store' | 'db' | 'clock' | 'reach' | 'credentials'>

/**
 * Tells the projects that use a connection which of their repositories it does not reach any more, or reaches again.
 * Only what its list leaves out, or what was lost before, is asked for by itself; where the provider can't be asked,
 * nothing is concluded.
 */
export async function followAccess(
  shell: Following,
  { key, linked }: { key: ConnectionKey; linked: LinkedConnection },
  by: Cause,
): Promise<void> {
  const uses = await readUses(shell, key)
  const listed = await listedAmong(
    shell,
    key,
    uses.map(({ repositoryId }) => repositoryId),
  )
  const doubtful = uses.filter(({ repositoryId, lost }) => lost !== null || !listed.has(repositoryId))
  const found = new Map<string, RepositoryFound>()
  for (const { projectId, repositoryId, lost } of doubtful) {
    const now = found.get(repositoryId) ?? (await askFor(shell, { key, linked, named: { id: repositoryId } }, by))
    found.set(repositoryId, now)
    if (now.is === 'stopped' || (now.is === 'found' ? null : now.reason) === lost) continue
    const { connectionId } = key
    const reference = { connectionId, repositoryId }
    const command =
      now.is === 'found'
        ? { type: 'RegainRepositoryAccess' as const, ...reference }
        : { type: 'LoseRepositoryAccess' as const, ...reference, reason: now.reason }
    const cause = { ...by, commandId: uuidv5(`${projectId} ${JSON.stringify(command)}`, by.commandId) }
    await execute(shell, { decider: project, streamId: projectId }, command, cause, { request: command })
  }
}

async function listedAmong(
  { db }: Following,
  { organizationId, connectionId }: ConnectionKey,
  repositoryIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (repositoryIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('repository')
    .select('repository_id')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('repository_id', 'in', [...repositoryIds])
    .where('asked_at', 'is', null)
    .execute()
  return new Set(rows.map(({ repository_id }) => repository_id))
}
