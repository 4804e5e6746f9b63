import { z } from 'zod'
import { createProject, deleteProject, updateProject } from '../commands/project.ts'
import { branchName } from './branch-name.ts'
import { plainText } from './plain-text.ts'
import { projectView } from './project-view.ts'
import { listProjects, viewProject } from './read-projects.ts'
import { causeOf, command, manageProcedure, memberProcedure, router } from './trpc.ts'

const MOST_ADDONS = 50

const reference = z.object({ projectId: z.uuid() })
const choice = z.object({
  connectionId: z.uuid(),
  repositoryId: z.string().regex(/^[0-9]{1,20}$/, "The provider's number of the repository."),
  branch: branchName,
})
const wanted = z.object({
  name: plainText(80, 'Give the project a name.'),
  repository: choice,
  /** In order: the earlier one goes before the later one. */
  addons: z.array(choice).max(MOST_ADDONS, `At most ${MOST_ADDONS} addon repositories.`).default([]),
})

export const projects = router({
  list: memberProcedure.output(z.array(projectView)).query(({ ctx }) => listProjects(ctx.shell, ctx.organizationId)),

  get: memberProcedure
    .input(reference)
    .output(projectView)
    .query(({ ctx, input }) => viewProject(ctx.shell, ctx.organizationId, input.projectId)),

  create: manageProcedure
    .input(command.extend(wanted.shape))
    .output(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input: { commandId, ...rest } }) => createProject(ctx.shell, rest, causeOf(ctx, commandId))),

  /** Makes it what is wanted, whole: what is left out of the addons is removed. */
  update: manageProcedure
    .input(command.extend({ ...reference.shape, ...wanted.shape, addons: wanted.shape.addons.unwrap() }))
    .output(projectView)
    .mutation(async ({ ctx, input: { commandId, projectId, ...rest } }) => {
      await updateProject(ctx.shell, projectId, rest, causeOf(ctx, commandId))
      return viewProject(ctx.shell, ctx.organizationId, projectId)
    }),

  delete: manageProcedure
    .input(command.extend(reference.shape))
    .output(z.object({ done: z.literal(true) }))
    .mutation(async ({ ctx, input: { commandId, projectId } }) => {
      await deleteProject(ctx.shell, projectId, causeOf(ctx, commandId))
      return { done: true } as const
    }),
})
