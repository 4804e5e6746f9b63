import type { CredentialFacts } from './credential.ts'
import type { ConnectionEvent, Revocation } from './events.ts'
import type { Evidence } from './evidence.ts'
import type { CheckedStatus } from './status.ts'
import type { Verdict } from './validation.ts'

/** Histories and verdicts that tests of connections begin with. */
export const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 10, minutes))

export const evidenceAt = (checkedAt: Date, changes: Partial<Evidence> = {}): Evidence => ({
  checkedAt: checkedAt.toISOString(),
  calls: [],
  account: { id: '42', login: 'acme-bot', name: null, kind: 'user', url: null },
  tokenKind: 'classic personal access token',
  scopes: ['repo', 'read:org'],
  missingScopes: [],
  expiresAt: '2026-12-20T00:00:00.000Z',
  rateLimit: null,
  warnings: [],
  canList: { is: 'yes', detail: 'listed' },
  canClone: { is: 'yes', detail: 'cloned' },
  repositories: [],
  durationMs: 120,
  ...changes,
})

export const created: ConnectionEvent = {
  type: 'ConnectionCreated',
  data: {
    ...{ name: 'acme', provider: 'github', method: 'token', baseUrl: 'https://github.com' },
    ...{ credentialVersion: 1, fingerprint: '0123456789abcdef' },
    ...{ credential: { kind: 'token' }, certificateAuthority: null },
  },
}

export const answered = (outcome: CheckedStatus, checkedAt = at(0), changes: Partial<Evidence> = {}): Verdict => ({
  ...{ is: 'answered', outcome, reason: outcome, message: `GitHub said ${outcome}.` },
  evidence: evidenceAt(checkedAt, changes),
})

export const refusedOnce = (checkedAt: Date): Verdict => ({
  ...{ is: 'refusedOnce', outcome: 'revoked', confirmAfterMs: 5_000 },
  ...{ reason: 'badCredentials', message: 'GitHub answered 401.' },
  evidence: evidenceAt(checkedAt, { account: null }),
})

export const unanswered = (checkedAt: Date, retryAfterMs: number | null = null): Verdict => ({
  ...{ is: 'unanswered', retryAfterMs, reason: 'timeout', message: 'GitHub did not answer.' },
  evidence: evidenceAt(checkedAt, { account: null }),
})

export const validated = (outcome: CheckedStatus, credentialVersion = 1): ConnectionEvent => {
  const { reason, message, evidence } = answered(outcome)
  return { type: 'ConnectionValidated', data: { outcome, reason, message, credentialVersion, evidence } }
}

export const deferred = (checkedAt: Date, confirming: boolean, retryAt: Date): ConnectionEvent => {
  const { reason, message, evidence } = confirming ? refusedOnce(checkedAt) : unanswered(checkedAt)
  const said = confirming ? `${message} It is asked again to be sure.` : message
  return {
    type: 'ValidationDeferred',
    data: { reason, message: said, credentialVersion: 1, confirming, retryAt: retryAt.toISOString(), evidence },
  }
}

export const disabled: ConnectionEvent = { type: 'ConnectionDisabled', data: { reason: 'rotation' } }
export const deleted: ConnectionEvent = {
  type: 'ConnectionDeleted',
  data: { restorableUntil: new Date(Date.UTC(2026, 11, 1, 10)).toISOString() },
}
export const revoked: Revocation = { is: 'revoked', message: 'GitHub ended the token.' }
export const destroyed: ConnectionEvent = {
  type: 'CredentialDestroyed',
  data: { credentialVersion: 1, revocation: revoked },
}

/** A grant that can be refreshed: the access token ends in eight hours, the refresh token in half a year. */
export const grant: Extract<CredentialFacts, { kind: 'oauth' }> = {
  ...{ kind: 'oauth', clientId: 'Iv23example', scopes: null, refreshable: true },
  ...{ accessExpiresAt: at(8 * 60).toISOString(), refreshExpiresAt: at(184 * 24 * 60).toISOString() },
}
export const granted = {
  type: 'ConnectionCreated' as const,
  data: {
    ...{ name: 'acme', provider: 'github' as const, method: 'oauth' as const, baseUrl: 'https://github.com' },
    ...{ credentialVersion: 1, fingerprint: '0123456789abcdef', credential: grant, certificateAuthority: null },
  },
}
