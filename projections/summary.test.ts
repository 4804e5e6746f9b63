import { describe, expect, it } from 'vitest'
import { summarise } from './summary.ts'

const inOrganization = (type: string, data: object) => summarise({ streamType: 'organization', type, data })

describe('what happened to an organization', () => {
  it('is told with whom and what it was about', () => {
    const [invitationId, userId, keyId] = ['i', 'u', 'k']
    expect(inOrganization('MemberInvited', { invitationId, email: 'grace@example.com', role: 'member' })).toBe(
      'invited grace@example.com as member',
    )
    expect(inOrganization('InvitationCancelled', { invitationId, email: 'grace@example.com' })).toBe(
      'cancelled the invitation of grace@example.com',
    )
    expect(inOrganization('MemberRemoved', { userId, name: 'Grace' })).toBe('removed Grace')
    const key = { keyId, name: 'ci', rights: ['see', 'use'], expiresAt: null }
    expect(inOrganization('KeyCreated', key)).toBe('made the key "ci": see, use')
    expect(inOrganization('KeyRevoked', { keyId, name: 'ci' })).toBe('revoked the key "ci"')
  })
})
