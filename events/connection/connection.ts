import type { Decider } from '../decider.ts'
import { DomainError } from '../error.ts'
import type { ProviderName } from '../provider.ts'
import type { CertificateAuthority, CredentialFacts } from './credential.ts'
import { decideDeleted, deleteLinked } from './deletion.ts'
import { mustBeSeen } from './dependents.ts'
import {
  type ConnectionEvent,
  type ConnectionMethod,
  connectionEvents,
  type Revocation,
  type refreshFailures,
} from './events.ts'
import { evolve } from './evolve.ts'
import { expire, warn } from './expiry.ts'
import { completeRefresh, failRefresh, startRefresh } from './refresh.ts'
import { reauthorize, replaceToken } from './replace.ts'
import { type Connection, connectionState, type LinkedConnection } from './state.ts'
import type { CheckedStatus } from './status.ts'
import { recordValidation, type Verdict } from './validation.ts'

export type ConnectionCommand =
  | {
      type: 'CreateConnection'
      name: string
      provider: ProviderName
      method: ConnectionMethod
      baseUrl: string
      fingerprint: string
      credential: CredentialFacts
      certificateAuthority: CertificateAuthority | null
      /** What a check found that was made before; null when the provider is to be asked yet. */
      checked: { verdict: Verdict; at: Date; jitter: number } | null
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
  /** `unseen` in this and in the deletion are the names of what depends on it and was not shown to whoever asks. */
  | { type: 'DisableConnection'; reason: string | null; unseen: readonly string[] }
  | { type: 'EnableConnection' }
  | {
      type: 'ReplaceToken'
      fingerprint: string
      credential: CredentialFacts
      verdict: Verdict
      acceptOtherAccount: boolean
      /** Repositories that projects use and that it does not reach, where the old one did as far as is known. */
      losses: readonly string[]
      acceptLosses: boolean
      /** The version that the new credential was sealed for. */
      credentialVersion: number
    }
  | {
      type: 'ReauthorizeConnection'
      fingerprint: string
      credential: CredentialFacts
      verdict: Verdict
      acceptOtherAccount: boolean
      losses: readonly string[]
      acceptLosses: boolean
      credentialVersion: number
      at: Date
      jitter: number
    }
  /** `credentialVersion` in the commands of a refresh is that of the pair that is to be replaced. */
  | { type: 'StartRefresh'; credentialVersion: number; attemptId: string }
  | { type: 'CompleteRefresh'; credentialVersion: number; fingerprint: string; credential: CredentialFacts }
  | {
      type: 'FailRefresh'
      credentialVersion: number
      attemptId: string
      failure: (typeof refreshFailures)[number]
      status: CheckedStatus | null
      reason: string
      message: string
      retryAt: string | null
    }
  | { type: 'WarnOfExpiry'; at: Date }
  | { type: 'ChangeCertificateAuthority'; certificateAuthority: CertificateAuthority | null }
  | { type: 'ExpireConnection'; at: Date }
  /** With `now` it can't be restored, and its credential may be destroyed at once. */
  | { type: 'DeleteConnection'; at: Date; now: boolean; unseen: readonly string[] }
  | { type: 'RestoreConnection'; at: Date }
  /** With `now` the time for restoring is not waited for. */
  | { type: 'DestroyCredential'; at: Date; now: boolean; revocation: Revocation }

const types: ReadonlySet<string> = new Set(connectionEvents.map((definition) => definition.type))

/** A link between an organization and one account at a provider. */
export const connection: Decider<Connection, ConnectionCommand, ConnectionEvent> = {
  version: 3,
  streamType: 'connection',
  events: connectionEvents,
  state: connectionState,
  initialState: { is: 'absent' },

  decide(command, state) {
    if (command.type === 'CreateConnection') {
      if (state.is !== 'absent') throw new DomainError('ConnectionExists', 'This connection already exists.')
      return create(command)
    }
    if (state.is === 'absent') throw new DomainError('ConnectionMissing', 'There is no such connection.')
    if (state.is === 'deleted') return decideDeleted(command, state)
    switch (command.type) {
      case 'RecordValidation':
        return command.credentialVersion === state.credentialVersion ? recordValidation(command, state) : []
      case 'RenameConnection':
        return command.name === state.name ? [] : [{ type: 'ConnectionRenamed', data: { name: command.name } }]
      case 'DisableConnection':
        return state.enabled ? disable(command) : []
      case 'EnableConnection':
        return state.enabled ? [] : [{ type: 'ConnectionEnabled', data: {} }]
      case 'ReplaceToken':
        return replaceToken(command, state)
      case 'ReauthorizeConnection':
        return reauthorize(command, state)
      case 'StartRefresh':
        return startRefresh(command, state)
      case 'CompleteRefresh':
        return completeRefresh(command, state)
      case 'FailRefresh':
        return failRefresh(command, state)
      case 'WarnOfExpiry':
        return warn(command.at, state)
      case 'ChangeCertificateAuthority':
        return changeCertificateAuthority(command.certificateAuthority, state)
      case 'ExpireConnection':
        return expire(command.at, state)
      case 'DeleteConnection':
        return deleteLinked(command)
      case 'RestoreConnection':
      case 'DestroyCredential':
        return []
    }
  },

  owns: (event): event is typeof event & ConnectionEvent => types.has(event.type),

  evolve,
}

function create(command: Extract<ConnectionCommand, { type: 'CreateConnection' }>): ConnectionEvent[] {
  const { type, checked, ...data } = command
  const created: ConnectionEvent = { type: 'ConnectionCreated', data: { ...data, credentialVersion: 1 } }
  const state = evolve({ is: 'absent' }, created)
  return checked && state.is === 'linked' ? [created, ...recordValidation(checked, state)] : [created]
}

function disable(command: Extract<ConnectionCommand, { type: 'DisableConnection' }>): ConnectionEvent[] {
  mustBeSeen(command.unseen)
  return [{ type: 'ConnectionDisabled', data: { reason: command.reason } }]
}

function changeCertificateAuthority(
  certificateAuthority: CertificateAuthority | null,
  state: LinkedConnection,
): ConnectionEvent[] {
  if (certificateAuthority?.pem === state.certificateAuthority?.pem) return []
  return [{ type: 'CertificateAuthorityChanged', data: { certificateAuthority } }]
}
