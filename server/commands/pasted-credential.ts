import { type CredentialFacts, DomainError } from '@git-connections/events'
import type { Provider } from '../providers/provider.ts'
import type { Place } from '../vault/place.ts'

/** A credential as a person pastes it. */
export type PastedCredential =
  | { readonly kind: 'token'; readonly token: string }
  | {
      readonly kind: 'githubApp'
      readonly appId: string
      readonly installationId: string
      readonly privateKey: string
    }

/** What a paste turned out to be: the secret in its one form, where it is sealed, and what is known beside it. */
export interface ReadPaste {
  readonly secret: string
  readonly field: Extract<Place['field'], 'token' | 'privateKey'>
  readonly facts: Extract<CredentialFacts, { kind: 'token' | 'githubApp' }>
}

/**
 * Reads a pasted credential before any call is made. `at` stands before the names of fields in refusals.
 * @throws {DomainError} InputInvalid, naming the field, with what is wrong and the mend.
 */
export function readPaste(
  provider: Provider,
  pasted: PastedCredential,
  { baseUrl, at }: { baseUrl: string; at: string },
): ReadPaste {
  const refused = (field: string, message: string) =>
    new DomainError('InputInvalid', message, { field: `${at}${field}` })
  if (pasted.kind === 'token') {
    const recognition = provider.recogniseToken(pasted.token)
    if (recognition.is === 'refused') throw refused('token', recognition.message)
    return { secret: recognition.token, field: 'token', facts: { kind: 'token' } }
  }
  if (!provider.app) throw refused('kind', 'Only GitHub has Apps. Use a token, or sign in.')
  const ids = provider.app.readIds(pasted, baseUrl)
  if (ids.is === 'refused') throw refused(ids.field, ids.message)
  const key = provider.app.readKey(pasted.privateKey)
  if (key.is === 'refused') throw refused('privateKey', key.message)
  const { appId, installationId } = ids
  const facts = { kind: 'githubApp', appId, installationId, keyFingerprint: key.fingerprint } as const
  return { secret: key.pem, field: 'privateKey', facts }
}
