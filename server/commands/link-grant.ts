import type { CredentialFacts, Verdict } from '@git-connections/events'
import type { Selectable } from 'kysely'
import type { AuthorizationTables } from '../oauth/authorization-table.ts'
import type { TokenSet } from '../providers/oauth/grant.ts'
import { readLosses } from '../repositories/losses.ts'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { executeOnConnection, readLinked } from './connection.ts'

/** A grant that a person brought back from a provider, and what the provider said about it. */
export interface BroughtGrant {
  readonly authorization: Selectable<AuthorizationTables['oauth_authorization']>
  readonly tokens: Pick<TokenSet, 'accessToken' | 'refreshToken'>
  readonly credential: Extract<CredentialFacts, { kind: 'oauth' }>
  readonly verdict: Verdict
  /** Whether the person confirmed that it is another account than before, or reaches less. */
  readonly accept: boolean
}

/**
 * Makes a connection of a grant, or puts it in the old one's place. Returns the connection's id.
 * @throws {DomainError} CredentialRefused, OtherAccount, RepositoriesLost, VersionConflict, ConnectionMissing; nothing is stored then.
 */
export async function linkGrant(shell: Shell, grant: BroughtGrant, by: Cause): Promise<string> {
  const { authorization, tokens, credential, verdict } = grant
  const fingerprint = shell.vault.fingerprint(tokens.accessToken)
  const at = shell.clock()
  const checked = { verdict, at, jitter: Math.random() }
  if (authorization.connection_id === null) {
    const { provider, base_url: baseUrl, certificate_authority: certificateAuthority } = authorization
    const name = authorization.name ?? verdict.evidence.account?.login ?? new URL(baseUrl).host
    const described = { name, provider, method: 'oauth' as const, baseUrl, fingerprint, credential }
    const connectionId = authorization.id
    await executeOnConnection(
      shell,
      connectionId,
      { type: 'CreateConnection', ...described, certificateAuthority, checked },
      by,
      { request: { create: described }, rows: () => sealed(shell, { by, connectionId, version: 1 }, tokens) },
    )
    return connectionId
  }
  const connectionId = authorization.connection_id
  const before = await readLinked(shell, connectionId, by)
  const credentialVersion = before.credentialVersion + 1
  const refused = verdict.is === 'answered' && verdict.outcome !== 'active'
  const of = { linked: before, token: tokens.accessToken }
  const losses = refused ? [] : await readLosses(shell, { organizationId: by.organizationId, connectionId }, of)
  const accepted = { acceptOtherAccount: grant.accept, losses, acceptLosses: grant.accept }
  const reauthorize = { fingerprint, credential, ...accepted, credentialVersion }
  await executeOnConnection(shell, connectionId, { type: 'ReauthorizeConnection', ...reauthorize, ...checked }, by, {
    request: { reauthorize: connectionId, fingerprint },
    rows: () => [
      ...sealed(shell, { by, connectionId, version: credentialVersion }, tokens),
      ...(['accessToken', 'refreshToken'] as const).map((field) =>
        shell.vault.remove({ ...placeOf(by, connectionId, before.credentialVersion), field }),
      ),
    ],
  })
  return connectionId
}

function placeOf(by: Cause, connectionId: string, version: number) {
  return { organizationId: by.organizationId, connectionId, version }
}

function sealed(
  shell: Shell,
  at: { by: Cause; connectionId: string; version: number },
  { accessToken, refreshToken }: BroughtGrant['tokens'],
) {
  const place = placeOf(at.by, at.connectionId, at.version)
  const now = shell.clock()
  const rows = [shell.vault.seal({ ...place, field: 'accessToken' }, accessToken, now)]
  if (refreshToken) rows.push(shell.vault.seal({ ...place, field: 'refreshToken' }, refreshToken, now))
  return rows
}
