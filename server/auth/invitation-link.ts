import { v5 as uuidv5 } from 'uuid'
import type { Vault } from '../vault/vault.ts'

type PurposeKey = Vault['purposeKey']

const NAMESPACE = '7b1f2b0e-6a53-4c0c-9b1c-0a4a3c2f5d11'

/**
 * The secret of an invitation's link, made anew from the command that invited whenever the link is shown. It is stored
 * nowhere: the vault's key keeps it from being made by anybody else.
 */
export function invitationSecret(purposeKey: PurposeKey, commandId: string): string {
  return uuidv5(`invitation ${commandId}`, purposeKey('invitations').subarray(0, 16))
}

/** The secret of an invitation that is stored under that reference; null where it can't be made any more. */
export function secretOf(purposeKey: PurposeKey, invitation: { id: string; commandId: string | null }): string | null {
  if (invitation.commandId === null) return null
  const secret = invitationSecret(purposeKey, invitation.commandId)
  return invitationReference(secret) === invitation.id ? secret : null
}

/**
 * What the database, the log and the list of members call an invitation. Whoever holds its secret may join, so that
 * must not be read from what others see.
 */
export function invitationReference(secret: string): string {
  return uuidv5(secret, NAMESPACE)
}
