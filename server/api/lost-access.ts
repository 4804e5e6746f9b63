import { sql } from 'kysely'
import { z } from 'zod'
import type { BarredReason } from '../providers/listed.ts'
import type { Shell } from '../shell.ts'

const words: Readonly<Record<string, string>> = {
  notFound:
    'The provider shows it to this connection no more: it was deleted, or access to it was withdrawn. Ask for access again, or choose another connection or repository.',
  singleSignOn: 'Its organization asks for single sign-on. Authorize the token for the organization at the provider.',
  oauthRestricted:
    'Its organization lets in only the OAuth Apps that it approved. Ask one of its owners to approve this one, or reach it by a token or a GitHub App.',
  forbidden: 'The provider knows it, and lets this connection read it no more. Ask its owner for access to its code.',
  blocked: 'The provider has shut it for everybody. Ask its owner.',
  noCode: 'The project has no repository any more. Switch it on at the provider, or choose another one.',
} satisfies Record<BarredReason, string>

/** Why a repository is lost and what to do, for people. */
export function lostWords(reason: string): string {
  return words[reason] ?? 'The connection does not reach it any more. Ask its owner for access.'
}

/** A repository that projects use and a connection does not reach any more. */
export const lostRepository = z.object({
  repositoryId: z.string(),
  fullName: z.string(),
  reason: z.string(),
  /** Why, and what to do. */
  message: z.string(),
  since: z.iso.datetime(),
})
export type LostRepository = z.infer<typeof lostRepository>

/** What each connection of the organization, or one, has lost; those that have lost nothing are left out. */
export async function readLost(
  { db }: Pick<Shell, 'db'>,
  { organizationId, connectionId }: { organizationId: string; connectionId?: string },
): Promise<ReadonlyMap<string, LostRepository[]>> {
  const { rows } = await sql<Omit<LostRepository, 'message' | 'since'> & { connectionId: string; since: string }>`
    select used.value ->> 'connectionId' as "connectionId", used.value ->> 'repositoryId' as "repositoryId",
      max(used.value ->> 'fullName') as "fullName", max(used.value -> 'accessLost' ->> 'reason') as reason,
      min(used.value ->> 'lostSince') as since
    from project_status as project,
      jsonb_array_elements(project.addons || jsonb_build_array(project.repository)) as used
    where project.organization_id = ${organizationId} and project.deleted_at is null
      ${
        connectionId === undefined
          ? sql``
          : sql`and project.connection_ids @> array[${connectionId}]::uuid[]
      and used.value ->> 'connectionId' = ${connectionId}`
      }
      and used.value ->> 'lostSince' is not null
    group by 1, 2 order by 3`.execute(db)
  const lost = new Map<string, LostRepository[]>()
  for (const { connectionId: of, ...one } of rows) {
    lost.set(of, [...(lost.get(of) ?? []), { ...one, message: lostWords(one.reason) }])
  }
  return lost
}
