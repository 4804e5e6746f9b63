import { describe, test } from 'vitest'
import { specify } from '../testing.ts'
import type { OrganizationEvent } from './events.ts'
import { organization } from './organization.ts'

const { given } = specify(organization)
const ada = { userId: 'ada', name: 'Ada', email: 'ada@example.com' }
const founded: OrganizationEvent[] = [
  { type: 'OrganizationCreated', data: { name: 'Acme' } },
  { type: 'MemberJoined', data: { ...ada, role: 'owner', invitationId: null } },
  {
    type: 'MemberJoined',
    data: { userId: 'bo', name: 'Bo', email: 'bo@example.com', role: 'member', invitationId: 'i' },
  },
]
const at = { provider: 'gitlab' as const, baseUrl: 'https://git.acme.example' }
const details = { ...at, applicationId: 'a', clientId: 'c', secretVersion: 1, fingerprint: 'f' }
const set = (changes: { by?: string; secretVersion?: number; applicationId?: string } = {}) => ({
  ...{ type: 'SetOAuthApplication' as const, ...details, by: 'ada', ...changes },
})
const wasSet: OrganizationEvent = { type: 'OAuthApplicationSet', data: details }
const removed: OrganizationEvent = { type: 'OAuthApplicationRemoved', data: { ...at, applicationId: 'a' } }

describe('the OAuth application of an instance', () => {
  test('is set by an admin', () =>
    given(...founded)
      .when(set())
      .then(wasSet))
  test('is not set by a member', () =>
    given(...founded)
      .when(set({ by: 'bo' }))
      .thenRefused('Forbidden'))
  test('is changed under the same id, with the next version of its secret', () =>
    given(...founded, wasSet)
      .when(set({ secretVersion: 2 }))
      .then({ type: 'OAuthApplicationSet', data: { ...details, secretVersion: 2 } }))
  test('is not changed by who has not seen the last change', () =>
    given(...founded, wasSet)
      .when(set())
      .thenRefused('VersionConflict'))
  test('is not replaced under another id', () =>
    given(...founded, wasSet)
      .when(set({ secretVersion: 2, applicationId: 'b' }))
      .thenRefused('VersionConflict'))
  test('is removed by an admin', () =>
    given(...founded, wasSet)
      .when({ type: 'RemoveOAuthApplication', ...at, by: 'ada' })
      .then(removed))
  test('is not removed by a member', () =>
    given(...founded, wasSet)
      .when({ type: 'RemoveOAuthApplication', ...at, by: 'bo' })
      .thenRefused('Forbidden'))
  test('is removed once', () =>
    given(...founded, wasSet, removed)
      .when({ type: 'RemoveOAuthApplication', ...at, by: 'ada' })
      .thenNothing())
  test('can be set again after it was removed', () =>
    given(...founded, wasSet, removed)
      .when(set())
      .then(wasSet))
})
