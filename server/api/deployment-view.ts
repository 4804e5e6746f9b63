import { deploymentKind, deploymentStep } from '@git-connections/events'
import { z } from 'zod'
import { storedPlan } from '../deployments/stored-plan.ts'

const instant = z.iso.datetime()
const person = z.object({ id: z.string(), name: z.string() })

/** A repository as a deployment took it. */
const takenRepository = z.object({
  ...{ connectionId: z.uuid(), connectionName: z.string(), repositoryId: z.string(), fullName: z.string() },
  branch: z.string(),
  commit: z.string(),
  /** The first line of the commit's message. */
  ...{ subject: z.string(), author: z.string(), committedAt: z.string() },
  /** Which of the connection's credentials opened it. */
  credentialVersion: z.number().int(),
})

/** A deployment in a list. */
export const deploymentSummary = z.object({
  id: z.uuid(),
  environment: z.object({ id: z.uuid(), name: z.string() }),
  project: z.object({ id: z.uuid(), name: z.string() }),
  /** Place among the environment's deployments, from 1. */
  number: z.number().int(),
  kind: deploymentKind,
  /** The deployment that it does again or goes back to. */
  of: z.uuid().nullable(),
  status: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  /** Whether it was asked to stop. */
  cancelling: z.boolean(),
  /** How it ended, in a sentence; null before. */
  message: z.string().nullable(),
  warnings: z.number().int(),
  failure: z.object({ step: deploymentStep, reason: z.string(), message: z.string(), remedy: z.string() }).nullable(),
  commits: z.array(takenRepository),
  /** How many modules Odoo took in, or the plan names for somebody to install. */
  modules: z
    .object({ by: z.enum(['odoo', 'plan']), installed: z.number().int(), updated: z.number().int() })
    .nullable(),
  requestedBy: person,
  requestedAt: instant,
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
})
export type DeploymentSummary = z.infer<typeof deploymentSummary>

/** A deployment with its steps and its plan. */
export const deploymentView = deploymentSummary.extend({
  steps: z.array(
    z.object({
      step: deploymentStep,
      is: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'skipped']),
      startedAt: instant.nullable(),
      endedAt: instant.nullable(),
    }),
  ),
  /** `install` and `update` are the names of modules, in order; null before it was made. */
  plan: storedPlan.extend({ install: z.array(z.string()), update: z.array(z.string()) }).nullable(),
  /** How many lines its log has. */
  lines: z.number().int(),
})
export type DeploymentView = z.infer<typeof deploymentView>

/** A line of a deployment's log. */
export const logLine = z.object({
  /** From 1. */
  line: z.number().int(),
  at: instant,
  step: deploymentStep,
  level: z.enum(['info', 'warning', 'error', 'debug']),
  text: z.string(),
})

/** What came between the last good deployment and this one. */
export const changesView = z.object({
  /** Null where none had succeeded. */
  since: z.object({ id: z.uuid(), number: z.number().int(), endedAt: instant }).nullable(),
  repositories: z.array(
    z.object({
      ...{ fullName: z.string(), from: z.string().nullable(), to: z.string() },
      /** The newest first. */
      commits: z.array(
        z.object({ commit: z.string(), subject: z.string(), author: z.string(), committedAt: z.string() }),
      ),
      /** Whether there are more than are named. */
      more: z.boolean(),
    }),
  ),
  connections: z.array(z.object({ at: instant, actor: z.string(), connection: z.string(), what: z.string() })),
  modules: z.object({ added: z.array(z.string()), changed: z.array(z.string()), gone: z.array(z.string()) }),
})
