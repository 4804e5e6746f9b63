import { DomainError, type LinkedConnection, type Verdict } from '@git-connections/events'
import { firstCheck } from '../providers/provider.ts'
import type { Shell } from '../shell.ts'
import { executeOnConnection, readLinked } from './connection.ts'
import type { Cause } from './execute.ts'
import { type PastedCredential, type ReadPaste, readPaste } from './pasted-credential.ts'

/** What is pasted in the old one's place: a token, or for an App a new key. */
export type Replacement = { readonly token: string } | { readonly privateKey: string }

/**
 * Puts a new credential in the old one's place, once the provider has accepted it; otherwise the old one stays.
 * @throws {DomainError} InputInvalid, CredentialRefused, CredentialUnchecked, OtherAccount, ConnectionMissing.
 */
export async function replaceToken(
  shell: Shell,
  input: { connectionId: string; replacement: Replacement; acceptOtherAccount: boolean },
  by: Cause,
): Promise<void> {
  const { connectionId, acceptOtherAccount } = input
  const { organizationId } = by
  const linked = await readLinked(shell, connectionId, by)
  const { baseUrl } = linked
  const pasted = pastedFor(linked, input.replacement)
  const read = readPaste(shell.providers[linked.provider], pasted, { baseUrl, at: '' })
  const verdict = await check(shell, linked, read)
  const fingerprint = shell.vault.fingerprint(read.secret)
  const credentialVersion = linked.credentialVersion + 1
  const place = { organizationId, connectionId, field: read.field, version: credentialVersion }
  const sealed = shell.vault.seal(place, read.secret, shell.clock())
  const removed = shell.vault.remove({ ...place, version: linked.credentialVersion })
  const replace = { fingerprint, verdict, acceptOtherAccount, credentialVersion, credential: read.facts }
  await executeOnConnection(shell, connectionId, { type: 'ReplaceToken', ...replace }, by, {
    request: { replaceToken: connectionId, fingerprint, acceptOtherAccount },
    rows: () => [sealed, removed],
  })
}

function pastedFor({ credential }: LinkedConnection, replacement: Replacement): PastedCredential {
  const refused = (message: string, field: string) => new DomainError('InputInvalid', message, { field })
  switch (credential.kind) {
    case 'oauth':
      throw refused('This connection signs in at the provider. Reconnect it instead.', 'token')
    case 'token':
      if ('token' in replacement) return { kind: 'token', token: replacement.token }
      throw refused('This connection uses a token. Paste a token.', 'privateKey')
    case 'githubApp': {
      const { appId, installationId } = credential
      if ('privateKey' in replacement) {
        return { kind: 'githubApp', appId, installationId, privateKey: replacement.privateKey }
      }
      throw refused('This connection is a GitHub App. Paste a private key of the App.', 'token')
    }
  }
}

function check(shell: Shell, linked: LinkedConnection, read: ReadPaste): Promise<Verdict> {
  const { provider, baseUrl } = linked
  const asked = shell.reach(linked.certificateAuthority).providers[provider]
  const instance = { baseUrl, prior: firstCheck }
  if (read.facts.kind === 'token' || !asked.app) return asked.checkToken(read.secret, { ...instance, kind: 'token' })
  const { appId, installationId } = read.facts
  return asked.app.check({ appId, installationId, pem: read.secret }, instance)
}
