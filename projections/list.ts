import {
  type ConnectionEvent,
  connection,
  type EnvironmentEvent,
  environment,
  type Logged,
  type ProjectEvent,
  project,
  type Recorded,
} from '@git-connections/events'
import { auditEntry } from './audit-entry.ts'
import { connectionStatus } from './connection-status.ts'
import { creatorAudit } from './creator-audit.ts'
import { deployment } from './deployment.ts'
import { environmentStatus } from './environment-status.ts'
import { projectStatus } from './project-status.ts'
import { type AnyProjection, anyProjection } from './projection.ts'

const isLogged = (event: Recorded): event is Logged => 'position' in event
const isConnection = (event: Recorded): event is Recorded<ConnectionEvent> =>
  event.streamType === connection.streamType && connection.owns(event)
const isProject = (event: Recorded): event is Recorded<ProjectEvent> =>
  event.streamType === project.streamType && project.owns(event)
const isEnvironment = (event: Recorded): event is Recorded<EnvironmentEvent> =>
  event.streamType === environment.streamType && environment.owns(event)
const isDeployment = (event: Recorded): event is Logged<EnvironmentEvent> =>
  isLogged(event) && isEnvironment(event) && 'deploymentId' in event.data
const isLoggedConnection = (event: Recorded): event is Logged<ConnectionEvent> => isLogged(event) && isConnection(event)

/** Written in the append itself; keyed by their stream. */
export const inlineProjections: readonly AnyProjection[] = [
  anyProjection(connectionStatus, isConnection),
  anyProjection(projectStatus, isProject),
  anyProjection(environmentStatus, isEnvironment),
]

/** Written soon after, from a checkpoint. */
export const asyncProjections: readonly AnyProjection[] = [
  anyProjection(creatorAudit, isLoggedConnection),
  anyProjection(auditEntry, isLogged),
  anyProjection(deployment, isDeployment),
]

export const allProjections: readonly AnyProjection[] = [...inlineProjections, ...asyncProjections]

/** The inline projections of one kind of stream. */
export function inlineProjectionsOf(streamType: string): readonly AnyProjection[] {
  return inlineProjections.filter((projection) => projection.streamType === streamType)
}
