import { z } from 'zod'

const instant = z.iso.datetime()

export const role = z.enum(['owner', 'admin', 'member'])
export const right = z.enum(['see', 'use', 'manage'])

/** A person of the organization. */
export const memberView = z.object({
  id: z.string(),
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  joinedAt: instant,
  you: z.boolean(),
})

/** An invitation that was not accepted yet; its id names it, and opens nothing. */
export const invitationView = z.object({
  id: z.string(),
  email: z.string(),
  role,
  /** The link to send: whoever opens it with that e-mail address joins. Null for all but the person who invited. */
  url: z.string().nullable(),
  invitedBy: z.string(),
  expiresAt: instant,
})

/** An API key; the key itself is shown once, when it is made. */
export const keyView = z.object({
  id: z.string(),
  name: z.string(),
  /** Its first characters, to tell it from others. */
  start: z.string(),
  rights: z.array(right),
  createdBy: z.string(),
  /** The user id of that person: their keys end with their membership. */
  createdById: z.string(),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  expiresAt: instant.nullable(),
})
