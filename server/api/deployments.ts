import { deploymentStep } from '@git-connections/events'
import { z } from 'zod'
import { cancelDeployment, requestDeployment } from '../commands/request-deployment.ts'
import { type Changes, changesSince } from '../deployments/changes.ts'
import { changesView, deploymentSummary, deploymentView, logLine } from './deployment-view.ts'
import { environmentOf, listDeployments, readLines, viewDeployment } from './read-deployments.ts'
import { causeOf, command, memberProcedure, router, useProcedure } from './trpc.ts'

const reference = z.object({ deploymentId: z.uuid() })
const made = z.object({ id: z.uuid() })
const page = z.object({ deployments: z.array(deploymentSummary), nextCursor: z.string().nullable() })
const listed = z.object({
  environmentId: z.uuid().optional(),
  projectId: z.uuid().optional(),
  status: deploymentSummary.shape.status.optional(),
  cursor: z.uuid().nullish(),
  limit: z.number().int().min(1).max(200).default(50),
})

export const deployments = router({
  list: memberProcedure
    .input(listed.prefault({}))
    .output(page)
    .query(({ ctx, input: { cursor, ...asked } }) =>
      listDeployments(ctx.shell, ctx.organizationId, { ...asked, cursor: cursor ?? null }),
    ),

  get: memberProcedure
    .input(reference)
    .output(deploymentView)
    .query(({ ctx, input }) => viewDeployment(ctx.shell, ctx.organizationId, input.deploymentId)),

  /** Lines of its log; give the last one's number as `after` to go on. */
  log: memberProcedure
    .input(
      reference.extend({
        after: z.number().int().min(0).default(0),
        limit: z.number().int().min(1).max(5_000).default(1_000),
        search: z.string().min(1).max(200).optional(),
        step: deploymentStep.optional(),
      }),
    )
    .output(z.object({ lines: z.array(logLine) }))
    .query(async ({ ctx, input }) => {
      await environmentOf(ctx.shell, ctx.organizationId, input.deploymentId)
      const { search, step, ...asked } = input
      const found = await readLines(ctx.shell, ctx.organizationId, { ...asked, search, step })
      return { lines: found.map((line) => logLine.parse({ ...line, at: line.at.toISOString() })) }
    }),

  /** What is different from the last deployment before it that succeeded. */
  changes: memberProcedure
    .input(reference)
    .output(changesView)
    .query(async ({ ctx, input }) => toChanges(await changesSince(ctx.shell, ctx.organizationId, input.deploymentId))),

  /** Takes every repository at its branch's latest commit, or the main one at a chosen commit, and installs. */
  start: useProcedure
    .input(
      command.extend({
        environmentId: z.uuid(),
        kind: z.enum(['deploy', 'sync']).default('sync'),
        commit: z
          .string()
          .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'A whole commit id: 40 or 64 of 0-9 and a-f.')
          .optional(),
      }),
    )
    .output(made)
    .mutation(({ ctx, input: { commandId, commit, ...rest } }) =>
      requestDeployment(ctx.shell, { ...rest, commit: commit ?? null }, causeOf(ctx, commandId)),
    ),

  cancel: useProcedure
    .input(command.extend(reference.shape))
    .output(deploymentView)
    .mutation(async ({ ctx, input: { commandId, deploymentId } }) => {
      const environmentId = await environmentOf(ctx.shell, ctx.organizationId, deploymentId)
      await cancelDeployment(ctx.shell, { environmentId, deploymentId }, causeOf(ctx, commandId))
      return viewDeployment(ctx.shell, ctx.organizationId, deploymentId)
    }),

  /** The same commits once more. */
  retry: useProcedure
    .input(command.extend(reference.shape))
    .output(made)
    .mutation(({ ctx, input }) => again(ctx, 'retry', input)),

  /** Back to the commits of one that succeeded. What it did to the database stays done. */
  rollBack: useProcedure
    .input(command.extend(reference.shape))
    .output(made)
    .mutation(({ ctx, input }) => again(ctx, 'rollback', input)),
})

type Asking = Parameters<typeof causeOf>[0] & { shell: Parameters<typeof requestDeployment>[0] }

async function again(
  ctx: Asking,
  kind: 'retry' | 'rollback',
  { commandId, deploymentId }: { commandId?: string | undefined; deploymentId: string },
) {
  const environmentId = await environmentOf(ctx.shell, ctx.organizationId, deploymentId)
  return requestDeployment(ctx.shell, { kind, environmentId, deploymentId }, causeOf(ctx, commandId))
}

function toChanges({ since, repositories, connections, modules }: Changes): z.infer<typeof changesView> {
  return {
    since: since && { ...since, endedAt: since.endedAt.toISOString() },
    repositories: repositories.map(({ commits, ...repository }) => ({
      ...repository,
      commits: commits.map(({ commit, subject, author, committedAt }) => {
        return { commit, subject, author, committedAt: committedAt.toISOString() }
      }),
    })),
    connections: connections.map(({ at, ...event }) => ({ ...event, at: at.toISOString() })),
    modules: { added: [...modules.added], changed: [...modules.changed], gone: [...modules.gone] },
  }
}
