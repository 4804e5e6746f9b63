import { z } from 'zod'
import { defineEvent, type EventOf } from '../event.ts'

export const environmentKinds = ['development', 'staging', 'production'] as const
export const environmentKind = z.enum(environmentKinds)
export type EnvironmentKind = z.infer<typeof environmentKind>

/** Every module that the repositories hold and that can be installed, or those by name, with what they need. */
export const moduleSelection = z.union([z.literal('all'), z.array(z.string())])
export type ModuleSelection = z.infer<typeof moduleSelection>

/** What a deployment is for: the first or a full run, an update, the same commits again, or those of an earlier one. */
export const deploymentKinds = ['deploy', 'sync', 'retry', 'rollback'] as const
export const deploymentKind = z.enum(deploymentKinds)
export type DeploymentKind = z.infer<typeof deploymentKind>

/** What a deployment does, in this order. */
export const deploymentSteps = ['fetch', 'plan', 'release', 'install'] as const
export const deploymentStep = z.enum(deploymentSteps)
export type DeploymentStep = z.infer<typeof deploymentStep>

/** A repository of the project at one commit. */
export const pinnedCommit = z.object({ connectionId: z.string(), repositoryId: z.string(), commit: z.string() })
export type PinnedCommit = z.infer<typeof pinnedCommit>

/** A repository as a deployment took it, and by which credential. */
export const clonedRepository = pinnedCommit.extend({
  fullName: z.string(),
  branch: z.string(),
  credentialVersion: z.number(),
  /** The first line of the commit's message. */
  subject: z.string(),
  author: z.string(),
  committedAt: z.string(),
})
export type ClonedRepository = z.infer<typeof clonedRepository>

/** A module as it went into the database; `hash` is over its files. */
export const deployedModule = z.object({
  name: z.string(),
  version: z.string(),
  hash: z.string(),
  repository: z.string(),
})
export type DeployedModule = z.infer<typeof deployedModule>

const ofDeployment = { deploymentId: z.string() }
const deployedModules = z.object({
  ...ofDeployment,
  install: z.array(deployedModule),
  update: z.array(deployedModule),
})

export const environmentCreated = defineEvent('EnvironmentCreated', {
  version: 1,
  data: z.object({
    projectId: z.string(),
    name: z.string(),
    kind: environmentKind,
    /** Of the main repository; null for the project's own. */
    branch: z.string().nullable(),
    odooVersion: z.string(),
    modules: moduleSelection,
    /** Odoo's database. */
    database: z.string(),
  }),
})
export const environmentRenamed = defineEvent('EnvironmentRenamed', {
  version: 1,
  data: z.object({ name: z.string() }),
})
export const branchSelected = defineEvent('BranchSelected', {
  version: 1,
  data: z.object({ branch: z.string().nullable() }),
})
export const odooVersionSelected = defineEvent('OdooVersionSelected', {
  version: 1,
  data: z.object({ odooVersion: z.string() }),
})
export const modulesSelected = defineEvent('ModulesSelected', {
  version: 1,
  data: z.object({ modules: moduleSelection }),
})

/** It takes no deployments, and nothing depends on its connections, until it is resumed. */
export const environmentStopped = defineEvent('EnvironmentStopped', { version: 1, data: z.object({}) })
export const environmentResumed = defineEvent('EnvironmentResumed', { version: 1, data: z.object({}) })
export const environmentDeleted = defineEvent('EnvironmentDeleted', { version: 1, data: z.object({}) })

export const deploymentRequested = defineEvent('DeploymentRequested', {
  version: 1,
  data: z.object({
    ...ofDeployment,
    /** Place among the environment's deployments, from 1. */
    number: z.number(),
    kind: deploymentKind,
    /** The deployment that is done again or gone back to. */
    of: z.string().nullable(),
    /** Repositories that are taken at a chosen commit; the others at their branch's latest. */
    commits: z.array(pinnedCommit),
  }),
})
export const deploymentStarted = defineEvent('DeploymentStarted', { version: 1, data: z.object(ofDeployment) })
export const repositoryCloned = defineEvent('RepositoryCloned', {
  version: 1,
  data: clonedRepository.extend(ofDeployment),
})

/** Odoo took them in, as it said and as its database shows where it can be asked. */
export const modulesInstalled = defineEvent('ModulesInstalled', { version: 1, data: deployedModules })

/** There is no command for Odoo here: the plan was written for somebody to carry out. */
export const installPlanned = defineEvent('InstallPlanned', { version: 1, data: deployedModules })

export const deploymentSucceeded = defineEvent('DeploymentSucceeded', {
  version: 1,
  data: z.object({ ...ofDeployment, message: z.string(), warnings: z.number() }),
})
export const deploymentFailed = defineEvent('DeploymentFailed', {
  version: 1,
  data: z.object({
    ...ofDeployment,
    step: deploymentStep,
    /** Why, as a word for programs. */
    reason: z.string(),
    /** What happened, in a sentence, and what to do next. */
    message: z.string(),
    remedy: z.string(),
  }),
})

/** Somebody asked a running deployment to stop. */
export const cancellationRequested = defineEvent('CancellationRequested', {
  version: 1,
  data: z.object(ofDeployment),
})
export const deploymentCancelled = defineEvent('DeploymentCancelled', {
  version: 1,
  data: z.object({
    ...ofDeployment,
    /** Where it was stopped; null when it had not begun. */
    step: deploymentStep.nullable(),
  }),
})

export const environmentEvents = [
  environmentCreated,
  environmentRenamed,
  branchSelected,
  odooVersionSelected,
  modulesSelected,
  environmentStopped,
  environmentResumed,
  environmentDeleted,
  deploymentRequested,
  deploymentStarted,
  repositoryCloned,
  modulesInstalled,
  installPlanned,
  deploymentSucceeded,
  deploymentFailed,
  cancellationRequested,
  deploymentCancelled,
] as const
export type EnvironmentEvent = EventOf<(typeof environmentEvents)[number]>
