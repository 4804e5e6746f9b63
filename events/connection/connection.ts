import type { Decider } from '../decider.ts'
import { DomainError } from '../error.ts'
import { type ConnectionEvent, type ConnectionMethod, connectionEvents, type ProviderName } from './events.ts'
import { type Connection, connectionState, type DeletedConnection, type LinkedConnection } from './state.ts'
import { recordValidation, type Verdict } from './validation.ts'

/** How long a deleted connection can be restored before its credential is destroyed. */
export const RESTORE_GRACE_MS = 7 * 24 * 60 * 60_000

export type ConnectionCommand =
  | {
      type: 'CreateConnection'
      name: string
      provider: ProviderName
      method: ConnectionMethod
      baseUrl: string
      fingerprint: string
    }
  | {
      type: 'RecordValidation'
      verdict: Verdict
      /** The version of the credential that was checked; a verdict on an older one is dropped. */
      credentialVersion: number
      at: Date
      /** From 0 to 1, so that many retries do not fall on one moment. */
      jitter: number
    }
  | { type: 'RenameConnection'; name: string }
  | { type: 'DisableConnection'; reason: string | null }
  | { type: 'EnableConnection' }
  | {
      type: 'ReplaceToken'
      fingerprint: string
      verdict: Verdict
      acceptOtherAccount: boolean
      /** The version that the new credential was sealed for. */
      credentialVersion: number
    }
  | { type: 'ExpireConnection'; at: Date }
  | { type: 'DeleteConnection'; at: Date; now: boolean }
  | { type: 'RestoreConnection'; at: Date }
  | { type: 'DestroyCredential'; at: Date }

const types: ReadonlySet<string> = new Set(connectionEvents.map((definition) => definition.type))

/** A link between an organization and one account at a provider. */
export const connection: Decider<Connection, ConnectionCommand, ConnectionEvent> = {
  version: 1,
  streamType: 'connection',
  events: connectionEvents,
  state: connectionState,
  initialState: { is: 'absent' },

  decide(command, state) {
    if (command.type === 'CreateConnection') {
      if (state.is !== 'absent') throw new DomainError('ConnectionExists', 'This connection already exists.')
      const { type, ...data } = command
      return [{ type: 'ConnectionCreated', data: { ...data, credentialVersion: 1 } }]
    }
    if (state.is === 'absent') throw new DomainError('ConnectionMissing', 'There is no such connection.')
    if (state.is === 'deleted') return decideDeleted(command, state)
    switch (command.type) {
      case 'RecordValidation':
        return command.credentialVersion === state.credentialVersion ? recordValidation(command, state) : []
      case 'RenameConnection':
        return command.name === state.name ? [] : [{ type: 'ConnectionRenamed', data: { name: command.name } }]
      case 'DisableConnection':
        return state.enabled ? [{ type: 'ConnectionDisabled', data: { reason: command.reason } }] : []
      case 'EnableConnection':
        return state.enabled ? [] : [{ type: 'ConnectionEnabled', data: {} }]
      case 'ReplaceToken':
        return replaceToken(command, state)
      case 'ExpireConnection':
        return expire(command.at, state)
      case 'DeleteConnection':
        return deleteConnection(command, state)
      case 'RestoreConnection':
      case 'DestroyCredential':
        return []
    }
  },

  owns: (event): event is typeof event & ConnectionEvent => types.has(event.type),

  evolve(state, event) {
    if (state.is === 'absent') return event.type === 'ConnectionCreated' ? link(event.data) : state
    if (state.is === 'deleted') {
      if (event.type === 'ConnectionRestored') return state.linked
      return event.type === 'CredentialDestroyed' ? { ...state, credentialDestroyed: true } : state
    }
    switch (event.type) {
      case 'ConnectionCreated':
        return state
      case 'ConnectionValidated': {
        const { outcome, evidence } = event.data
        const active = outcome === 'active'
        return {
          ...state,
          status: outcome,
          account: evidence.account ? { id: evidence.account.id, login: evidence.account.login } : state.account,
          expiresAt: active ? evidence.expiresAt : (evidence.expiresAt ?? state.expiresAt),
          worked: state.worked || active,
          refusedAt: null,
          unanswered: null,
        }
      }
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
      case 'TokenReplaced': {
        const { credentialVersion } = event.data
        return { ...state, credentialVersion, worked: false, refusedAt: null, unanswered: null }
      }
      case 'ConnectionExpired':
        return { ...state, status: 'expired' }
      case 'ConnectionDeleted':
        return {
          is: 'deleted',
          restorableUntil: event.data.restorableUntil,
          credentialDestroyed: false,
          linked: state,
        }
      case 'ConnectionRestored':
      case 'CredentialDestroyed':
        return state
    }
  },
}

type CreatedData = Extract<ConnectionEvent, { type: 'ConnectionCreated' }>['data']

function link(data: CreatedData): LinkedConnection {
  const { name, provider, method, baseUrl, credentialVersion } = data
  return {
    is: 'linked',
    ...{ name, provider, method, baseUrl, credentialVersion },
    enabled: true,
    status: 'pending',
    account: null,
    worked: false,
    expiresAt: null,
    refusedAt: null,
    unanswered: null,
  }
}

function decideDeleted(command: ConnectionCommand, state: DeletedConnection): ConnectionEvent[] {
  const destroyed: ConnectionEvent = {
    type: 'CredentialDestroyed',
    data: { credentialVersion: state.linked.credentialVersion },
  }
  switch (command.type) {
    case 'RestoreConnection':
      if (state.credentialDestroyed || command.at > new Date(state.restorableUntil)) {
        throw new DomainError(
          'RestoreTooLate',
          'The credential of this connection was destroyed, so it cannot be restored. Create a new connection.',
        )
      }
      return [{ type: 'ConnectionRestored', data: {} }]
    case 'DestroyCredential':
      return !state.credentialDestroyed && command.at >= new Date(state.restorableUntil) ? [destroyed] : []
    case 'DeleteConnection':
      return command.now && !state.credentialDestroyed ? [destroyed] : []
    case 'RecordValidation':
    case 'ExpireConnection':
      return []
    default:
      throw new DomainError('ConnectionMissing', 'This connection was deleted.')
  }
}

function deleteConnection(command: { at: Date; now: boolean }, state: LinkedConnection): ConnectionEvent[] {
  const until = new Date(command.at.getTime() + (command.now ? 0 : RESTORE_GRACE_MS))
  const deleted: ConnectionEvent = { type: 'ConnectionDeleted', data: { restorableUntil: until.toISOString() } }
  if (!command.now) return [deleted]
  return [deleted, { type: 'CredentialDestroyed', data: { credentialVersion: state.credentialVersion } }]
}

function expire(at: Date, state: LinkedConnection): ConnectionEvent[] {
  const { expiresAt, status, credentialVersion } = state
  const canExpire = status === 'active' || status === 'error' || status === 'pending'
  if (!expiresAt || !canExpire || new Date(expiresAt) > at) return []
  return [{ type: 'ConnectionExpired', data: { expiredAt: expiresAt, credentialVersion } }]
}

type ReplaceToken = Extract<ConnectionCommand, { type: 'ReplaceToken' }>

function replaceToken(command: ReplaceToken, state: LinkedConnection): ConnectionEvent[] {
  const { verdict, fingerprint, credentialVersion } = command
  if (credentialVersion !== state.credentialVersion + 1) {
    throw new DomainError(
      'VersionConflict',
      'Somebody else replaced this credential just now. Look at it, then try again.',
    )
  }
  if (verdict.is === 'unanswered') {
    throw new DomainError('CredentialUnchecked', `${verdict.message} The old credential stays in use.`)
  }
  if (verdict.is !== 'answered' || verdict.outcome !== 'active') {
    throw new DomainError('CredentialRefused', `${verdict.message} The old credential stays in use.`, {
      field: 'token',
    })
  }
  const account = verdict.evidence.account
  if (state.account && account && account.id !== state.account.id && !command.acceptOtherAccount) {
    throw new DomainError(
      'OtherAccount',
      `This token belongs to ${account.login}; the connection acts as ${state.account.login} until now. Confirm the change of account, or paste a token of ${state.account.login}.`,
      { field: 'token' },
    )
  }
  const { outcome, reason, message, evidence } = verdict
  return [
    { type: 'TokenReplaced', data: { credentialVersion, fingerprint } },
    { type: 'ConnectionValidated', data: { outcome, reason, message, credentialVersion, evidence } },
  ]
}
