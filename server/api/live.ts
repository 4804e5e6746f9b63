import { type EventStore, follow } from '@git-connections/events/store'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import { memberProcedure, router } from './trpc.ts'

const RECHECK_MS = 5_000

export const live = router({
  /** Everything that happens in the organization, from the last event that the caller saw; without one, from now on. */
  events: memberProcedure
    .input(z.object({ lastEventId: z.coerce.number().int().min(0).nullish() }).optional())
    .subscription(async function* ({ ctx, input, signal }) {
      const { shell, organizationId } = ctx
      const ended = new AbortController()
      signal?.addEventListener('abort', () => ended.abort())
      // The right was looked up when the stream began; a member removed since must not go on listening.
      const recheck = setInterval(async () => {
        const principal = await shell.people.authenticate(ctx.headers).catch(() => null)
        if (principal?.organizationId !== organizationId) ended.abort()
      }, RECHECK_MS)
      try {
        const after = input?.lastEventId ?? (await headPosition(shell.store.db, organizationId))
        for await (const entry of follow(shell.store, { organizationId, after, signal: ended.signal })) {
          const { position, type, streamType, streamId } = entry.ok ? entry.event : entry
          yield tracked(String(position), { position, type, streamType, streamId })
        }
      } finally {
        clearInterval(recheck)
      }
    }),
})

async function headPosition(db: EventStore['db'], organizationId: string): Promise<number> {
  const head = await db
    .selectFrom('log_head')
    .select('position')
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return head?.position ?? 0
}
