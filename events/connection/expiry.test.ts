import { describe, expect, test } from 'vitest'
import { specify } from '../testing.ts'
import { connection } from './connection.ts'
import type { ConnectionEvent } from './events.ts'
import { created, validated } from './examples.ts'
import { nextWarning, warningAt } from './expiry.ts'

const { given } = specify(connection)
/** Where `examples.ts` lets tokens end. */
const end = '2026-12-20T00:00:00.000Z'
const daysBefore = (days: number) => new Date(Date.parse(end) - days * 24 * 3_600_000)
const approaching = (daysLeft: number, changes = {}): ConnectionEvent => ({
  type: 'ExpiryApproaching',
  data: { what: 'credential', expiresAt: end, daysLeft, ...changes },
})
const warn = (days: number) => ({ type: 'WarnOfExpiry' as const, at: daysBefore(days) })

describe('a warning of an end', () => {
  test.each([30, 14, 7, 1])('is given at %i days', (days) =>
    given(created, validated('active')).when(warn(days)).then(approaching(days)),
  )
  test('is not given before', () => given(created, validated('active')).when(warn(30.1)).thenNothing())
  test('is given once for each of the days', () =>
    given(created, validated('active'), approaching(14)).when(warn(10)).thenNothing())
  test('is given for the nearest of the days only, when several were missed', () =>
    given(created, validated('active')).when(warn(3)).then(approaching(7)))
  test('is given anew when the end has moved', () =>
    given(created, validated('active'), approaching(1, { expiresAt: '2026-11-30T00:00:00.000Z' }))
      .when(warn(14))
      .then(approaching(14)))
  test('is not given for what has ended', () => given(created, validated('active')).when(warn(0)).thenNothing())
  test('is not given for what does not work anyhow', () =>
    given(created, validated('revoked')).when(warn(7)).thenNothing())
  test('is given for the certificate authority too', () => {
    const certificateAuthority = { pem: 'p', subject: 'CN=Acme', expiresAt: daysBefore(20).toISOString() }
    const changed: ConnectionEvent = { type: 'CertificateAuthorityChanged', data: { certificateAuthority } }
    given(created, validated('active'), changed)
      .when(warn(34))
      .then(approaching(14, { what: 'certificateAuthority', expiresAt: certificateAuthority.expiresAt }))
  })
})

describe('the days of warning', () => {
  test('are thirty, fourteen, seven and one', () => {
    expect([40, 30, 20, 14, 8, 7, 2, 1, 0.1].map((days) => warningAt(end, daysBefore(days)))).toEqual([
      null,
      ...[30, 30, 14, 14, 7, 7, 1, 1],
    ])
  })
  test('come one after the other', () => {
    expect([null, 30, 14, 7, 1].map((days) => nextWarning(end, days))).toEqual([
      ...[30, 14, 7, 1].map((days) => daysBefore(days).toISOString()),
      null,
    ])
  })
})
