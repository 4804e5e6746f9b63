export { allEvents, eventsByStream } from './all-events.ts'
export { type ConnectionCommand, connection } from './connection/connection.ts'
export {
  type CertificateAuthority,
  type CredentialFacts,
  certificateAuthority,
  credentialFacts,
  endOf,
} from './connection/credential.ts'
export { mayDestroy, RESTORE_GRACE_MS } from './connection/deletion.ts'
export {
  type ConnectionEvent,
  type ConnectionMethod,
  connectionMethod,
  methods,
  type Revocation,
  revocation,
} from './connection/events.ts'
export {
  type Account,
  account,
  type Call,
  call,
  type Evidence,
  evidence,
  type SampledRepository,
  sampledRepository,
  type Tick,
  tick,
} from './connection/evidence.ts'
export { nextWarning, WARNING_DAYS } from './connection/expiry.ts'
export type { Connection, LinkedConnection } from './connection/state.ts'
export { type CheckedStatus, type ConnectionStatus, statuses, statusMeaning } from './connection/status.ts'
export { PENDING_LIMIT_MS, type Verdict } from './connection/validation.ts'
export { type Decider, fold } from './decider.ts'
export { type EnvironmentCommand, type EnvironmentSettings, environment } from './environment/environment.ts'
export {
  type ClonedRepository,
  clonedRepository,
  type DeployedModule,
  type DeploymentKind,
  type DeploymentStep,
  deploymentKind,
  deploymentStep,
  deploymentSteps,
  type EnvironmentEvent,
  type EnvironmentKind,
  environmentKind,
  type ModuleSelection,
  moduleSelection,
  type PinnedCommit,
  pinnedCommit,
} from './environment/events.ts'
export {
  type ActiveEnvironment,
  type Environment,
  mustBeEnvironment,
  type OpenDeployment,
} from './environment/state.ts'
export { DomainError, type DomainErrorCode } from './error.ts'
export {
  type Actor,
  actorSchema,
  createRegistry,
  type Envelope,
  type EventDefinition,
  type EventOf,
  type EventRegistry,
  type Json,
  type Logged,
  type NewEvent,
  type Recorded,
  UnreadableEvent,
} from './event.ts'
export {
  type OrganizationEvent,
  type Right,
  type Role,
  rightName,
  rights,
  roleName,
  roles,
} from './organization/events.ts'
export { applicationKey } from './organization/oauth-application.ts'
export { type Organization, type OrganizationCommand, organization } from './organization/organization.ts'
export type { ChosenRepository, ProjectEvent } from './project/events.ts'
export { type ProjectCommand, project } from './project/project.ts'
export {
  isReachedBy,
  mustBeActive,
  type Project,
  repositoriesOf,
  type UsedRepository,
  usedRepository,
} from './project/state.ts'
export { type ProviderName, providerName, providers } from './provider.ts'
