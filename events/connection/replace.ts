import { DomainError } from '../error.ts'
import type { ConnectionCommand } from './connection.ts'
import type { ConnectionEvent } from './events.ts'
import type { LinkedConnection } from './state.ts'
import { recordValidation } from './validation.ts'

const MOST_NAMED = 10

type Commands<Type> = Extract<ConnectionCommand, { type: Type }>

/** Puts a pasted credential in the old one's place, once the provider has accepted it. */
export function replaceToken(command: Commands<'ReplaceToken'>, state: LinkedConnection): ConnectionEvent[] {
  const { verdict, fingerprint, credentialVersion, credential } = command
  refuseIfMoved(command, state)
  if (verdict.is === 'unanswered') {
    throw new DomainError('CredentialUnchecked', `${verdict.message} The old credential stays in use.`)
  }
  refuseUnlessAccepted(command)
  refuseUnconfirmed(command, state)
  const { outcome, reason, message, evidence } = accepted(command)
  return [
    { type: 'TokenReplaced', data: { credentialVersion, fingerprint, credential } },
    { type: 'ConnectionValidated', data: { outcome, reason, message, credentialVersion, evidence } },
  ]
}

/**
 * Puts a new grant in the old one's place. The provider gave it just now, so a check that could not be done does not
 * stand against it; one that failed does.
 */
export function reauthorize(command: Commands<'ReauthorizeConnection'>, state: LinkedConnection): ConnectionEvent[] {
  const { verdict, fingerprint, credentialVersion, credential } = command
  refuseIfMoved(command, state)
  if (verdict.is !== 'unanswered') refuseUnlessAccepted(command)
  refuseUnconfirmed(command, state)
  const { at, jitter } = command
  return [
    { type: 'ConnectionReauthorized', data: { credentialVersion, fingerprint, credential } },
    ...recordValidation({ verdict, at, jitter }, { ...state, credentialVersion, unanswered: null, refusedAt: null }),
  ]
}

type Replacement = Commands<'ReplaceToken'> | Commands<'ReauthorizeConnection'>

function refuseIfMoved(command: Replacement, state: LinkedConnection): void {
  if (command.credentialVersion === state.credentialVersion + 1) return
  throw new DomainError(
    'VersionConflict',
    'Somebody else replaced this credential just now. Look at it, then try again.',
  )
}

function refuseUnlessAccepted(command: Replacement): void {
  const { verdict } = command
  if (verdict.is === 'answered' && verdict.outcome === 'active') return
  throw new DomainError('CredentialRefused', `${verdict.message} The old credential stays in use.`, {
    field: command.type === 'ReplaceToken' && command.credential.kind === 'githubApp' ? 'privateKey' : 'token',
  })
}

function accepted({ verdict }: Replacement) {
  if (verdict.is !== 'answered') throw new Error('A verdict that was not answered cannot be accepted')
  return verdict
}

/** Another account and a narrower reach are taken only from somebody who was told of them. */
function refuseUnconfirmed(command: Replacement, state: LinkedConnection): void {
  const { acceptOtherAccount, losses, acceptLosses } = command
  const { account } = command.verdict.evidence
  const lost = losses.length > 0 && !acceptLosses ? lossesInWords(losses) : ''
  if (state.account && account && account.id !== state.account.id && !acceptOtherAccount) {
    throw new DomainError(
      'OtherAccount',
      `This credential belongs to ${account.login}; the connection acts as ${state.account.login} until now. ${lost}Confirm the change of account, or use a credential of ${state.account.login}.`,
      { field: 'token' },
    )
  }
  if (!lost) return
  throw new DomainError('RepositoriesLost', `${lost}Confirm that, or use another credential.`, { field: 'token' })
}

function lossesInWords(losses: readonly string[]): string {
  const named = losses.slice(0, MOST_NAMED).join(', ')
  const more = losses.length > MOST_NAMED ? ` and ${losses.length - MOST_NAMED} more` : ''
  return `It does not reach ${named}${more}, which projects use. `
}
