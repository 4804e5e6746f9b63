import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import { appClientSchema, type OAuthClient } from '../oauth/client.ts'

const permissions = z.record(z.string(), z.enum(['read', 'write', 'admin']))
export type Permissions = z.output<typeof permissions>

/** A key with which an App signs; GitHub has the public half alone. */
export type AppKey = {
  /** SHA-256 of the public key in DER, in base64, as GitHub's settings show it. */
  readonly fingerprint: string
  readonly publicKey: KeyObject
  /** GitHub's replicas learn of a fresh key late. */
  readonly visibleFrom: Date
}

/** A GitHub App: what it is, what it asks for, and its keys. Its user side is an OAuth client. */
export type GitHubApp = OAuthClient & {
  readonly id: number
  readonly slug: string
  /** The login of the person or organization that registered it. */
  readonly owner: string
  readonly description: string | null
  permissions: Permissions
  readonly events: readonly string[]
  readonly createdAt: Date
  readonly keys: AppKey[]
}

/** What must be said to declare an App; the rest has defaults. */
export const appSchema = appClientSchema.extend({
  owner: z.string(),
  id: z.int().optional(),
  slug: z.string().optional(),
  description: z.string().nullable().default(null),
  permissions: permissions.default({ metadata: 'read', contents: 'read' }),
  events: z.array(z.string()).default(['push']),
})

/** An App on the account of a person or an organization. */
export type Installation = {
  readonly id: number
  readonly app: GitHubApp
  readonly account: string
  repositoryIds: 'all' | readonly number[]
  permissions: Permissions
  suspendedAt: Date | null
  readonly createdAt: Date
}

const grantable = z.object({
  /** Full names, or all of the account's, also those to come. */
  repositories: z.union([z.literal('all'), z.array(z.string())]),
  /** What the account's owner granted, which may be less than the App asks for since. */
  permissions,
  suspended: z.boolean(),
})
export const installationSchema = grantable.partial().extend({
  /** The App's id. */
  app: z.int(),
  account: z.string(),
  id: z.int().optional(),
})
export const installationChange = grantable.partial().extend({ id: z.int() })

/** What a token may be narrowed to when it is made. */
export const narrowing = z.object({
  permissions: z.record(z.string(), z.string()).optional(),
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.int()).optional(),
})
