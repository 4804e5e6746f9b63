/** Every reason for which a command is refused. `server/api/trpc.ts` says what each means over HTTP. */
export type DomainErrorCode =
  | 'AlreadyDecided'
  | 'CommandReused'
  | 'ConnectionBroken'
  | 'ConnectionDisabled'
  | 'ConnectionExists'
  | 'ConnectionMissing'
  | 'CredentialRefused'
  | 'CredentialUnchecked'
  | 'DatabaseTaken'
  | 'DeploymentMissing'
  | 'DeploymentOver'
  | 'DeploymentRunning'
  | 'EnvironmentExists'
  | 'EnvironmentMissing'
  | 'EnvironmentStopped'
  | 'Forbidden'
  | 'HasDependents'
  | 'InputInvalid'
  | 'InvitationMissing'
  | 'KeyMissing'
  | 'MemberMissing'
  | 'OtherAccount'
  | 'ProjectionChanged'
  | 'OAuthApplicationMissing'
  | 'ProjectExists'
  | 'ProjectInUse'
  | 'ProjectMissing'
  | 'RefreshFailed'
  | 'RepositoriesLost'
  | 'RepositoryMissing'
  | 'RepositoryTwice'
  | 'RestoreTooLate'
  | 'SignInMissing'
  | 'TooManyProbes'
  | 'VaultSealed'
  | 'VersionConflict'

/**
 * A command was refused for a reason that people can understand and act on. The message is meant for them: what
 * happened, what to do next, never a secret.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError'
  readonly code: DomainErrorCode
  /** The input's field at fault, in dot notation, or null when no single one is. */
  readonly field: string | null

  constructor(code: DomainErrorCode, message: string, options: { field?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.field = options.field ?? null
  }
}
