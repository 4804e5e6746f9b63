import { z } from 'zod'
import { browse, refreshList, repositoryList } from '../repositories/browse.ts'
import { branchList, browseBranches } from '../repositories/browse-branches.ts'
import { diagnose } from '../repositories/diagnose.ts'
import { diagnosis } from '../repositories/diagnosis.ts'
import { readBranches } from '../repositories/read-branches.ts'
import { causeOf, command, memberProcedure, router, useProcedure } from './trpc.ts'

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

  /** The branches of a repository, asked for at the provider where they are not known or old. */
  branches: memberProcedure
    .input(
      z.object({
        connectionId: z.uuid(),
        repositoryId: z.string().min(1).max(100),
        search: z.string().max(200).default(''),
        cursor: z
          .string()
          .regex(/^\d{1,6}$/, 'This is no place in the list. Start anew.')
          .nullish(),
        limit: z.number().int().min(1).max(200).default(50),
      }),
    )
    .output(branchList)
    .query(async ({ ctx, input: { connectionId, repositoryId, search, cursor, limit } }) => {
      const key = { organizationId: ctx.organizationId, connectionId, repositoryId }
      await readBranches(ctx.shell, key, causeOf(ctx, undefined))
      return browseBranches(ctx.shell, key, { search, limit, cursor: Number(cursor ?? 0) })
    }),

  /**
   * Tells why a repository is not among those of a connection, and what to do. A mutation, since people paste addresses
   * with a token in them, which must stand in no URL.
   */
  diagnose: memberProcedure
    .input(z.object({ connectionId: z.uuid(), url: z.string().max(2_000) }))
    .output(diagnosis)
    .mutation(({ ctx, input: { connectionId, url } }) =>
      diagnose(ctx.shell, { connectionId, pasted: url }, causeOf(ctx, undefined)),
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
