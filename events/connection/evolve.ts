import { type CredentialFacts, endOf } from './credential.ts'
import type { ConnectionEvent } from './events.ts'
import type { Connection, LinkedConnection } from './state.ts'

type RefreshInCourse = NonNullable<LinkedConnection['refresh']>
type Data<Type> = Extract<ConnectionEvent, { type: Type }>['data']

/** What an event makes of a connection. */
export function evolve(state: Connection, event: ConnectionEvent): Connection {
  if (state.is === 'absent') return event.type === 'ConnectionCreated' ? linked(event.data) : state
  if (state.is === 'deleted') {
    if (event.type === 'ConnectionRestored') return state.linked
    return event.type === 'CredentialDestroyed' ? { ...state, credentialDestroyed: true } : state
  }
  switch (event.type) {
    case 'ConnectionCreated':
    case 'ConnectionRestored':
    case 'CredentialDestroyed':
      return state
    case 'ConnectionValidated':
      return validated(state, event.data)
    case 'ValidationDeferred': {
      const { confirming, evidence } = event.data
      if (confirming) return { ...state, refusedAt: state.refusedAt ?? evidence.checkedAt }
      const { times, since } = state.unanswered ?? { times: 0, since: evidence.checkedAt }
      return { ...state, unanswered: { times: times + 1, since } }
    }
    case 'ConnectionRenamed':
      return { ...state, name: event.data.name }
    case 'ConnectionDisabled':
      return { ...state, enabled: false }
    case 'ConnectionEnabled':
      return { ...state, enabled: true }
    case 'TokenReplaced':
    case 'ConnectionReauthorized':
      return { ...state, ...newCredential(event.data), worked: false, refusedAt: null, unanswered: null }
    case 'TokenRefreshStarted':
      return {
        ...state,
        refresh: { ...lastRefresh(state), attemptId: event.data.attemptId, is: 'running', settled: false },
      }
    case 'TokenRefreshed':
      return { ...state, ...newCredential(event.data) }
    case 'TokenRefreshFailed':
      return { ...state, status: event.data.status ?? state.status, refresh: afterFailure(state, event.data) }
    case 'ExpiryApproaching': {
      const { what, expiresAt, daysLeft } = event.data
      return { ...state, warned: { ...state.warned, [what]: { expiresAt, daysLeft } } }
    }
    case 'CertificateAuthorityChanged':
      return { ...state, certificateAuthority: event.data.certificateAuthority }
    case 'ConnectionExpired':
      return { ...state, status: 'expired' }
    case 'ConnectionDeleted': {
      const { restorableUntil } = event.data
      return { is: 'deleted', restorableUntil, credentialDestroyed: false, linked: state }
    }
  }
}

function linked(data: Data<'ConnectionCreated'>): LinkedConnection {
  const { name, provider, method, baseUrl, credentialVersion, credential, certificateAuthority } = data
  return {
    is: 'linked',
    ...{ name, provider, method, baseUrl, credentialVersion, credential, certificateAuthority },
    enabled: true,
    status: 'pending',
    account: null,
    worked: false,
    expiresAt: endOf(credential, null),
    refusedAt: null,
    unanswered: null,
    refresh: null,
    warned: { credential: null, certificateAuthority: null },
  }
}

function validated(state: LinkedConnection, { outcome, evidence }: Data<'ConnectionValidated'>): LinkedConnection {
  const active = outcome === 'active'
  const told = active ? evidence.expiresAt : (evidence.expiresAt ?? state.expiresAt)
  return {
    ...state,
    status: outcome,
    account: evidence.account ? { id: evidence.account.id, login: evidence.account.login } : state.account,
    expiresAt: endOf(state.credential, told),
    worked: state.worked || active,
    refusedAt: null,
    unanswered: null,
  }
}

function newCredential(data: { credentialVersion: number; credential: CredentialFacts }) {
  const { credentialVersion, credential } = data
  return { credentialVersion, credential, expiresAt: endOf(credential, null), refresh: null }
}

function lastRefresh(state: LinkedConnection): RefreshInCourse {
  const none = { attemptId: '', is: 'running', settled: false, failures: 0, message: null, retryAt: null } as const
  return state.refresh ?? none
}

function afterFailure(state: LinkedConnection, data: Data<'TokenRefreshFailed'>): RefreshInCourse {
  const { attemptId, failure, status, message, retryAt } = data
  const failures = lastRefresh(state).failures + 1
  return { attemptId, is: failure, settled: status !== null, message, retryAt, failures }
}
