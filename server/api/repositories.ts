import { z } from 'zod'
import { browse, refreshList, repositoryList } from '../repositories/browse.ts'
import { command, memberProcedure, router, useProcedure } from './trpc.ts'

/** What the connections reach, from the index. */
export const repositories = router({
  list: memberProcedure
    .input(
      z.object({
        connectionId: z.uuid().optional(),
        search: z.string().max(200).default(''),
        cursor: z.string().max(500).nullish(),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .output(repositoryList)
    .query(({ ctx, input: { connectionId = null, cursor = null, search, limit } }) =>
      browse(ctx.shell, { organizationId: ctx.organizationId, connectionId, search, cursor, limit }),
    ),

  /** Has a connection's list read again; `list` tells how far that has come. */
  refresh: useProcedure
    .input(command.extend({ connectionId: z.uuid() }))
    .output(z.object({ asked: z.literal(true) }))
    .mutation(async ({ ctx, input: { connectionId } }) => {
      await refreshList(ctx.shell, { organizationId: ctx.organizationId, connectionId })
      return { asked: true }
    }),
})
