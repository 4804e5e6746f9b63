import { z } from 'zod'
import { defineEvent, type EventOf } from '../event.ts'
import { providerName } from '../provider.ts'

export const roles = ['owner', 'admin', 'member'] as const
export const rights = ['see', 'use', 'manage'] as const
export const roleName = z.enum(roles)
export const rightName = z.enum(rights)
export type Role = z.infer<typeof roleName>
export type Right = z.infer<typeof rightName>

const person = { userId: z.string(), name: z.string() }

export const organizationCreated = defineEvent('OrganizationCreated', {
  version: 1,
  data: z.object({ name: z.string() }),
})
export const memberInvited = defineEvent('MemberInvited', {
  version: 1,
  data: z.object({ invitationId: z.string(), email: z.string(), role: roleName }),
})
export const invitationCancelled = defineEvent('InvitationCancelled', {
  version: 1,
  data: z.object({ invitationId: z.string(), email: z.string() }),
})
/** `invitationId` is null for the person who made the organization. */
export const memberJoined = defineEvent('MemberJoined', {
  version: 1,
  data: z.object({ ...person, email: z.string(), role: roleName, invitationId: z.string().nullable() }),
})
export const memberLeft = defineEvent('MemberLeft', { version: 1, data: z.object(person) })
export const memberRemoved = defineEvent('MemberRemoved', { version: 1, data: z.object(person) })
export const keyCreated = defineEvent('KeyCreated', {
  version: 1,
  data: z.object({
    keyId: z.string(),
    name: z.string(),
    rights: z.array(rightName),
    /** Null when it has no end. */
    expiresAt: z.iso.datetime().nullable(),
  }),
})
export const keyRevoked = defineEvent('KeyRevoked', {
  version: 1,
  data: z.object({ keyId: z.string(), name: z.string() }),
})

/** The organization named the OAuth application by which its members sign in at an instance. */
export const oauthApplicationSet = defineEvent('OAuthApplicationSet', {
  version: 1,
  data: z.object({
    applicationId: z.string(),
    provider: providerName,
    baseUrl: z.string(),
    clientId: z.string(),
    /** The version of its secret, which lies sealed in the vault. */
    secretVersion: z.number().int(),
    fingerprint: z.string(),
  }),
})
export const oauthApplicationRemoved = defineEvent('OAuthApplicationRemoved', {
  version: 1,
  data: z.object({ applicationId: z.string(), provider: providerName, baseUrl: z.string() }),
})

export const organizationEvents = [
  organizationCreated,
  memberInvited,
  invitationCancelled,
  memberJoined,
  memberLeft,
  memberRemoved,
  keyCreated,
  keyRevoked,
  oauthApplicationSet,
  oauthApplicationRemoved,
] as const
export type OrganizationEvent = EventOf<(typeof organizationEvents)[number]>
