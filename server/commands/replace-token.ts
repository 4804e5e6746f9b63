import { DomainError, type LinkedConnection, type Verdict } from '@git-connections/events'
import { firstCheck } from '../providers/provider.ts'
import { readLosses } from '../repositories/losses.ts'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { executeOnConnection, readLinked } from './connection.ts'
import { type PastedCredential, type ReadPaste, readPaste } from './pasted-credential.ts'

/** What is pasted in the old one's place: a token, or for an App a new key. */
export type Replacement = { readonly token: string } | { readonly privateKey: string }

/**
 * Puts a new credential in the old one's place, once the provider has accepted it and all that projects use was tried
 * with it; otherwise the old one stays.
 * @throws {DomainError} InputInvalid, CredentialRefused, CredentialUnchecked, OtherAccount, RepositoriesLost,
 * ConnectionMissing.
 */
export async function replaceToken(
  shell: Shell,
  input: { connectionId: string; replacement: Replacement; acceptOtherAccount: boolean; acceptLosses: boolean },
  by: Cause,
): Promise<void> {
  const { connectionId, acceptOtherAccount, acceptLosses } = input
  const { organizationId } = by
  const linked = await readLinked(shell, connectionId, by)
  const { baseUrl } = linked
  const pasted = pastedFor(linked, input.replacement)
  const read = readPaste(shell.providers[linked.provider], pasted, { baseUrl, at: '' })
  const verdict = await check(shell, linked, read)
  const losses = await losesWith(shell, { connectionId, linked, read, verdict }, by)
  const fingerprint = shell.vault.fingerprint(read.secret)
  const credentialVersion = linked.credentialVersion + 1
  const place = { organizationId, connectionId, field: read.field, version: credentialVersion }
  const sealed = shell.vault.seal(place, read.secret, shell.clock())
  const removed = shell.vault.remove({ ...place, version: linked.credentialVersion })
  const replace = {
    ...{ fingerprint, verdict, acceptOtherAccount, losses, acceptLosses },
    ...{ credentialVersion, credential: read.facts },
  }
  await executeOnConnection(shell, connectionId, { type: 'ReplaceToken', ...replace }, by, {
    request: { replaceToken: connectionId, fingerprint, acceptOtherAccount, acceptLosses },
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

/** What projects would lose; a credential that the provider does not accept is not tried. */
async function losesWith(
  shell: Shell,
  of: { connectionId: string; linked: LinkedConnection; read: ReadPaste; verdict: Verdict },
  { organizationId }: Cause,
): Promise<string[]> {
  const { connectionId, linked, read, verdict } = of
  if (verdict.is !== 'answered' || verdict.outcome !== 'active') return []
  const token = await tokenOf(shell, linked, read)
  return token === null ? [] : readLosses(shell, { organizationId, connectionId }, { linked, token })
}

/** A token for API and git; null where an App gets none just now. */
async function tokenOf(shell: Shell, linked: LinkedConnection, { facts, secret }: ReadPaste): Promise<string | null> {
  if (facts.kind === 'token') return secret
  const { provider, baseUrl } = linked
  const app = { appId: facts.appId, installationId: facts.installationId, pem: secret }
  const capability = shell.reach(linked.certificateAuthority).providers[provider].app
  const minting = await capability?.mint(app, { baseUrl, prior: firstCheck })
  return minting?.is === 'minted' ? minting.token : null
}
