import { environmentKind } from '@git-connections/events'
import { z } from 'zod'
import {
  createEnvironment,
  deleteEnvironment,
  resumeEnvironment,
  stopEnvironment,
  updateEnvironment,
} from '../commands/environment.ts'
import { findProjectModules } from '../deployments/find-project-modules.ts'
import { branchName } from './branch-name.ts'
import { environmentView } from './environment-view.ts'
import { plainText } from './plain-text.ts'
import { listEnvironments, viewEnvironment } from './read-environments.ts'
import { causeOf, command, manageProcedure, memberProcedure, router, useProcedure } from './trpc.ts'

const MOST_MODULES = 2_000

const reference = z.object({ environmentId: z.uuid() })
const done = z.object({ done: z.literal(true) })
const moduleName = z.string().regex(/^\w{1,256}$/, 'The technical name of a module, such as sale_management.')
const settings = {
  name: plainText(80, 'Give the environment a name.'),
  /** Another branch of the main repository; null or absent: the project's. */
  branch: branchName.nullish().transform((name) => name ?? null),
  odooVersion: z.string().regex(/^([89]|[1-9]\d)\.0$/, 'An Odoo version such as 17.0.'),
  modules: z.union([
    z.literal('all'),
    z
      .array(moduleName)
      .min(1, 'Choose a module, or all.')
      .max(MOST_MODULES)
      .transform((names) => [...new Set(names)].sort()),
  ]),
}
const wanted = z.object({
  projectId: z.uuid(),
  kind: environmentKind,
  /** Odoo's database; by default made of the environment's name and a part of its id. */
  database: z
    .string()
    .regex(/^[a-z0-9_][a-z0-9_-]{0,62}$/, 'Small letters, digits, _ and -, at most 63.')
    .optional(),
  ...settings,
})

const foundModule = z.object({
  ...{ name: z.string(), title: z.string(), version: z.string().nullable(), repository: z.string() },
  installable: z.boolean(),
})

export const environments = router({
  list: memberProcedure
    .input(z.object({ projectId: z.uuid().optional() }).prefault({}))
    .output(z.array(environmentView))
    .query(({ ctx, input }) => listEnvironments(ctx.shell, ctx.organizationId, input.projectId)),

  get: memberProcedure
    .input(reference)
    .output(environmentView)
    .query(({ ctx, input }) => viewEnvironment(ctx.shell, ctx.organizationId, input.environmentId)),

  create: manageProcedure
    .input(command.extend(wanted.shape))
    .output(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input: { commandId, database, ...rest } }) => {
      const by = causeOf(ctx, commandId)
      return createEnvironment(ctx.shell, { ...rest, database: database ?? databaseFor(rest.name, by.commandId) }, by)
    }),

  /** Makes it what is wanted, from its next deployment on. */
  update: manageProcedure
    .input(command.extend({ ...reference.shape, ...settings }))
    .output(environmentView)
    .mutation(async ({ ctx, input: { commandId, ...rest } }) => {
      await updateEnvironment(ctx.shell, rest, causeOf(ctx, commandId))
      return viewEnvironment(ctx.shell, ctx.organizationId, rest.environmentId)
    }),

  stop: manageProcedure
    .input(command.extend(reference.shape))
    .output(environmentView)
    .mutation(async ({ ctx, input: { commandId, environmentId } }) => {
      await stopEnvironment(ctx.shell, environmentId, causeOf(ctx, commandId))
      return viewEnvironment(ctx.shell, ctx.organizationId, environmentId)
    }),

  resume: manageProcedure
    .input(command.extend(reference.shape))
    .output(environmentView)
    .mutation(async ({ ctx, input: { commandId, environmentId } }) => {
      await resumeEnvironment(ctx.shell, environmentId, causeOf(ctx, commandId))
      return viewEnvironment(ctx.shell, ctx.organizationId, environmentId)
    }),

  /** The modules that an environment of a project could install; fetches its repositories. */
  findModules: useProcedure
    .input(command.extend({ projectId: z.uuid(), branch: settings.branch, odooVersion: settings.odooVersion }))
    .output(z.object({ modules: z.array(foundModule), problems: z.array(z.string()) }))
    .mutation(({ ctx, input: { commandId, ...of } }) => findProjectModules(ctx.shell, of, causeOf(ctx, commandId))),

  delete: manageProcedure
    .input(command.extend(reference.shape))
    .output(done)
    .mutation(async ({ ctx, input: { commandId, environmentId } }) => {
      await deleteEnvironment(ctx.shell, environmentId, causeOf(ctx, commandId))
      return { done: true }
    }),
})

/** A name that nobody else has, and that tells people which environment it is of. */
function databaseFor(name: string, id: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40)
  return `${plain || 'odoo'}_${id.replaceAll('-', '').slice(-8)}`
}
