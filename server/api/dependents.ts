import { z } from 'zod'
import { readDependents } from '../commands/dependents.ts'
import { moveDependents, rehearseMove } from '../commands/move-dependents.ts'
import type { Tried } from '../repositories/try-repositories.ts'
import { viewConnection } from './read-connections.ts'
import { causeOf, command, manageProcedure, memberProcedure, useProcedure } from './trpc.ts'

const reference = z.object({ connectionId: z.uuid() })
const move = reference.extend({ toConnectionId: z.uuid() })

/** A repository of a project as it was tried with another connection. */
const tried = z.object({
  project: z.object({ id: z.uuid(), name: z.string() }),
  repositoryId: z.string(),
  fullName: z.string(),
  branch: z.string(),
  /** `unknown` where the provider could not be asked. */
  outcome: z.enum(['works', 'fails', 'unknown']),
  message: z.string(),
})

/** What would stop without a connection; an environment comes with how it was deployed last. */
const dependent = z.object({
  ...{ id: z.uuid(), kind: z.enum(['project', 'environment']), name: z.string() },
  lastDeployment: z
    .object({ is: z.enum(['succeeded', 'failed', 'cancelled']), at: z.iso.datetime(), by: z.string() })
    .optional(),
})

function triedView({ projectId, projectName, repositoryId, fullName, branch, outcome, message }: Tried) {
  return { project: { id: projectId, name: projectName }, repositoryId, fullName, branch, outcome, message }
}

/** What depends on a connection: procedures of the noun `connections`. */
export const dependents = {
  /** What would stop working without it; `seen` goes into `disable`, `delete` and `moveDependents`. */
  dependents: memberProcedure
    .input(reference)
    .output(
      z.object({
        dependents: z.array(dependent),
        seen: z.string(),
      }),
    )
    .query(async ({ ctx, input: { connectionId } }) => {
      await viewConnection(ctx.shell, ctx.organizationId, connectionId)
      return readDependents(ctx.shell.db, { organizationId: ctx.organizationId, connectionId })
    }),

  /** Tries all that depends on a connection with another one, and changes nothing. */
  rehearseMove: useProcedure
    .input(command.extend(move.shape))
    .output(z.object({ repositories: z.array(tried), seen: z.string() }))
    .mutation(async ({ ctx, input: { commandId, ...of } }) => {
      const rehearsal = await rehearseMove(ctx.shell, of, causeOf(ctx, commandId))
      return { repositories: rehearsal.tried.map(triedView), seen: rehearsal.seen }
    }),

  /** Moves them in one step; with `leave` those that the other one does not reach stay. */
  moveDependents: manageProcedure
    .input(command.extend({ ...move.shape, seen: z.string().max(100), leave: z.boolean().default(false) }))
    .output(z.object({ repositories: z.array(tried) }))
    .mutation(async ({ ctx, input: { commandId, ...of } }) => {
      const { tried } = await moveDependents(ctx.shell, of, causeOf(ctx, commandId))
      return { repositories: tried.map(triedView) }
    }),
}
