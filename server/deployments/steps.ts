import { type DeploymentStep, deploymentSteps } from '@git-connections/events'

/** How a step of a deployment goes, as far as it went. */
export interface StepTimes {
  readonly step: DeploymentStep
  readonly is: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled' | 'skipped'
  /** ISO 8601; null before it began, and before it ended. */
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** All steps, before the first one begins. */
export function waitingSteps(): StepTimes[] {
  return deploymentSteps.map((step) => ({ step, is: 'waiting', startedAt: null, endedAt: null }))
}

/** With one of them having begun or ended. */
export function withStep(
  steps: readonly StepTimes[],
  step: DeploymentStep,
  is: StepTimes['is'],
  at: Date,
): StepTimes[] {
  const now = at.toISOString()
  return steps.map((one) => {
    if (one.step !== step) return one
    return is === 'running'
      ? { step, is, startedAt: now, endedAt: null }
      : { step, is, startedAt: one.startedAt, endedAt: now }
  })
}
