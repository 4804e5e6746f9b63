import type {
  ConnectionEvent,
  EnvironmentEvent,
  Logged,
  ModuleSelection,
  NewEvent,
  OrganizationEvent,
  ProjectEvent,
} from '@git-connections/events'

/** An event in one plain sentence without its subject, as the audit and the timeline show it. */
export function summarise(event: Pick<Logged, 'streamType' | 'type'> & { data: unknown }): string {
  if (isConnection(event)) return summariseConnection(event)
  if (isProject(event)) return summariseProject(event)
  if (isEnvironment(event)) return summariseEnvironment(event)
  return isOrganization(event) ? summariseOrganization(event) : words(event.type)
}

function isConnection(event: { streamType: string } & NewEvent): event is { streamType: string } & ConnectionEvent {
  return event.streamType === 'connection'
}

function isProject(event: { streamType: string } & NewEvent): event is { streamType: string } & ProjectEvent {
  return event.streamType === 'project'
}

function isEnvironment(event: { streamType: string } & NewEvent): event is { streamType: string } & EnvironmentEvent {
  return event.streamType === 'environment'
}

function isOrganization(event: { streamType: string } & NewEvent): event is { streamType: string } & OrganizationEvent {
  return event.streamType === 'organization'
}

function summariseOrganization(event: OrganizationEvent): string {
  switch (event.type) {
    case 'OrganizationCreated':
      return `created the organization "${event.data.name}"`
    case 'MemberInvited':
      return `invited ${event.data.email} as ${event.data.role}`
    case 'InvitationCancelled':
      return `cancelled the invitation of ${event.data.email}`
    case 'MemberJoined':
      return `joined as ${event.data.role}`
    case 'MemberLeft':
      return 'left the organization'
    case 'MemberRemoved':
      return `removed ${event.data.name}`
    case 'KeyCreated':
      return `made the key "${event.data.name}": ${event.data.rights.join(', ')}`
    case 'KeyRevoked':
      return `revoked the key "${event.data.name}"`
    case 'OAuthApplicationSet':
      return `named the OAuth application of ${hostOf(event.data.baseUrl)}`
    case 'OAuthApplicationRemoved':
      return `removed the OAuth application of ${hostOf(event.data.baseUrl)}`
  }
}

function summariseConnection(event: ConnectionEvent): string {
  switch (event.type) {
    case 'ConnectionCreated':
      return `linked ${hostOf(event.data.baseUrl)} as "${event.data.name}"`
    case 'ConnectionValidated':
      return `checked it: ${event.data.outcome}. ${event.data.message}`
    case 'ValidationDeferred':
      return `could not settle a check: ${event.data.message}`
    case 'ConnectionRenamed':
      return `renamed it to "${event.data.name}"`
    case 'ConnectionDisabled':
      return event.data.reason ? `disabled it: ${event.data.reason}` : 'disabled it'
    case 'ConnectionEnabled':
      return 'enabled it'
    case 'TokenReplaced':
      return `replaced its token (version ${event.data.credentialVersion})`
    case 'ConnectionReauthorized':
      return `signed in at the provider again (credential version ${event.data.credentialVersion})`
    case 'TokenRefreshStarted':
      return 'asked the provider for a new pair of tokens'
    case 'TokenRefreshed':
      return `refreshed its token (version ${event.data.credentialVersion})`
    case 'TokenRefreshFailed':
      return `could not refresh its token: ${event.data.message}`
    case 'ExpiryApproaching':
      return `saw that its ${event.data.what === 'credential' ? 'credential' : 'certificate authority'} ends in ${days(event.data.daysLeft)}`
    case 'CertificateAuthorityChanged':
      return event.data.certificateAuthority
        ? `set its certificate authority: ${event.data.certificateAuthority.subject}`
        : 'took its certificate authority away'
    case 'ConnectionExpired':
      return 'saw its token reach its end'
    case 'ConnectionDeleted':
      return 'deleted it'
    case 'ConnectionRestored':
      return 'restored it'
    case 'CredentialDestroyed':
      return `destroyed its credential. ${event.data.revocation.message}`
  }
}

function summariseProject(event: ProjectEvent): string {
  switch (event.type) {
    case 'ProjectCreated':
      return `created the project "${event.data.name}"`
    case 'ProjectRenamed':
      return `renamed it to "${event.data.name}"`
    case 'RepositorySelected':
      return `chose ${event.data.fullName} as its repository, branch ${event.data.branch}`
    case 'AddonRepositoryAdded':
      return `added ${event.data.fullName} as an addon repository, branch ${event.data.branch}`
    case 'AddonRepositoryChanged':
      return `changed the addon repository ${event.data.fullName}: branch ${event.data.branch}`
    case 'AddonRepositoryRemoved':
      return `removed the addon repository ${event.data.fullName}`
    case 'AddonRepositoriesReordered':
      return `put its addon repositories in order: ${event.data.order.map(({ fullName }) => fullName).join(', ')}`
    case 'RepositoryAccessLost':
      return `lost access to ${event.data.fullName}: ${words(event.data.reason)}`
    case 'RepositoryAccessRegained':
      return `regained access to ${event.data.fullName}`
    case 'ProjectDeleted':
      return 'deleted it'
  }
}

function summariseEnvironment(event: EnvironmentEvent): string {
  switch (event.type) {
    case 'EnvironmentCreated':
      return `created the ${event.data.kind} environment "${event.data.name}" with Odoo ${event.data.odooVersion}`
    case 'EnvironmentRenamed':
      return `renamed it to "${event.data.name}"`
    case 'BranchSelected':
      return event.data.branch ? `chose the branch ${event.data.branch}` : "went back to the project's branch"
    case 'OdooVersionSelected':
      return `chose Odoo ${event.data.odooVersion}`
    case 'ModulesSelected':
      return `chose ${selection(event.data.modules)}`
    case 'EnvironmentStopped':
      return 'stopped it'
    case 'EnvironmentResumed':
      return 'resumed it'
    case 'EnvironmentDeleted':
      return 'deleted it'
    case 'DeploymentRequested':
      return `asked for deployment ${event.data.number}: ${askedFor[event.data.kind]}`
    case 'DeploymentStarted':
      return 'began to deploy'
    case 'RepositoryCloned':
      return `took ${event.data.fullName} at ${event.data.commit.slice(0, 10)}, credential version ${event.data.credentialVersion}`
    case 'ModulesInstalled':
      return `installed ${count(event.data.install.length, 'module')} and updated ${event.data.update.length}`
    case 'InstallPlanned':
      return `planned to install ${count(event.data.install.length, 'module')} and to update ${event.data.update.length}`
    case 'DeploymentSucceeded':
      return `deployed it. ${event.data.message}`
    case 'DeploymentFailed':
      return `could not deploy it. ${event.data.message}`
    case 'CancellationRequested':
      return 'asked the deployment to stop'
    case 'DeploymentCancelled':
      return event.data.step ? `cancelled the deployment at the step ${event.data.step}` : 'cancelled the deployment'
  }
}

const askedFor = {
  deploy: 'a full one',
  sync: 'what is new',
  retry: 'the same commits again',
  rollback: 'back to earlier commits',
} as const

function selection(modules: ModuleSelection): string {
  return modules === 'all' ? 'all modules' : `the modules ${modules.join(', ')}`
}

function count(many: number, what: string): string {
  return many === 1 ? `1 ${what}` : `${many} ${what}s`
}

function days(count: number): string {
  return count === 1 ? 'a day' : `${count} days`
}

function hostOf(baseUrl: string): string {
  return baseUrl.replace(/^https?:\/\//, '')
}

/** "MemberInvited" as "member invited". */
function words(type: string): string {
  return type.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
}
