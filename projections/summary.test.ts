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

describe('what happened to a project', () => {
  const inProject = (type: string, data: object) => summarise({ streamType: 'project', type, data })
  const web = { connectionId: 'c', repositoryId: '7', fullName: 'acme/web' }
  const chosen = { ...web, baseUrl: 'https://github.com', branch: '17.0' }

  it.each([
    ['ProjectCreated', { name: 'ERP' }, 'created the project "ERP"'],
    ['ProjectRenamed', { name: 'Acme' }, 'renamed it to "Acme"'],
    ['RepositorySelected', chosen, 'chose acme/web as its repository, branch 17.0'],
    ['AddonRepositoryAdded', chosen, 'added acme/web as an addon repository, branch 17.0'],
    ['AddonRepositoryChanged', chosen, 'changed the addon repository acme/web: branch 17.0'],
    ['AddonRepositoryRemoved', web, 'removed the addon repository acme/web'],
    [
      'AddonRepositoriesReordered',
      { order: [web, { ...web, fullName: 'acme/hr' }] },
      'put its addon repositories in order: acme/web, acme/hr',
    ],
    ['RepositoryAccessLost', { ...web, reason: 'notFound' }, 'lost access to acme/web: not found'],
    ['RepositoryAccessRegained', web, 'regained access to acme/web'],
    ['ProjectDeleted', {}, 'deleted it'],
  ])('is told with the repository it was about: %s', (type, data, told) => {
    expect(inProject(type, data)).toBe(told)
  })
})
