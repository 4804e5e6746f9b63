import { z } from 'zod'
import { PEOPLES_KINDS, TOKEN_KINDS } from './tokens.ts'

const time = z.union([z.date(), z.iso.datetime({ offset: true })]).transform((value) => new Date(value))

const ROLES = ['pull', 'triage', 'push', 'maintain', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** A person. */
const user = z.object({
  login: z.string(),
  id: z.int(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  /** False while the person has confirmed no primary address. */
  emailVerified: z.boolean(),
  suspended: z.boolean(),
  /** True for what acts in the name of a GitHub App; nobody can sign in as it. */
  bot: z.boolean(),
  createdAt: time,
})

/** An organization and its policies; each refuses calls that touch anything of the organization. */
const organization = z.object({
  login: z.string(),
  id: z.int(),
  name: z.string().nullable(),
  /** Its members, and what they may do in each of its repositories. */
  members: z.record(z.string(), z.enum(ROLES)),
  samlEnforced: z.boolean(),
  /** The caller's address as the refusal shows it; null for no IP list. */
  ipRefused: z.string().nullable(),
  classicTokensForbidden: z.boolean(),
  /** The longest life of a token, in days; null for no limit. */
  maxTokenDays: z.int().nullable(),
  oauthAppsRestricted: z.boolean(),
  createdAt: time,
})

const files = z.record(z.string(), z.string())

const branch = z.object({
  name: z.string(),
  protected: z.boolean().default(false),
  committedAt: time.optional(),
  /** Paths and contents; without it, those of the repository. */
  files: files.optional(),
})

const repository = z.object({
  fullName: z.string().regex(/^[^/]+\/[^/]+$/),
  id: z.int(),
  visibility: z.enum(['public', 'private', 'internal']),
  description: z.string().nullable(),
  archived: z.boolean(),
  disabled: z.boolean(),
  fork: z.boolean(),
  defaultBranch: z.string(),
  /** Null in lists, for some that never were pushed to; others show when they were made. */
  pushedAt: time.nullable(),
  createdAt: time,
  /** People who may reach it beside its owner and the organization's members. */
  collaborators: z.record(z.string(), z.enum(ROLES)),
  /** Why GitHub closed it: takedown (451) or terms of service (403). */
  blocked: z.enum(['dmca', 'tos']).nullable(),
  files,
  /** Its branches; without it, the default branch alone. */
  branches: z.array(branch).optional(),
  /** True for one without a single commit. */
  empty: z.boolean(),
})

const token = z.object({
  /** The credential itself; minted when a test needs no known one. */
  token: z.string(),
  id: z.int(),
  kind: z.enum(TOKEN_KINDS),
  user: z.string(),
  /** The scopes of a classic or OAuth token. */
  scopes: z.array(z.string()),
  expiresAt: time.nullable(),
  createdAt: time,
  revoked: z.boolean(),
  /** GitHub writes the end date in one of two forms: `... UTC`, or with an offset. */
  expiryForm: z.enum(['utc', 'offset']),
  /** Organizations for which its owner went through SSO. */
  ssoAuthorized: z.array(z.string()),
  /** Fine-grained: whose repositories it is for. */
  resourceOwner: z.string(),
  /** Fine-grained: full names, or all of the resource owner's. */
  repositories: z.union([z.literal('all'), z.array(z.string())]),
  /** Fine-grained and an App's: what they may do, such as `{ contents: 'read' }`. */
  permissions: z.record(z.string(), z.enum(['none', 'read', 'write', 'admin'])),
  /** False while the organization has not approved it yet: only public things are shown. */
  approved: z.boolean(),
  /** The OAuth App or GitHub App that it was made for. */
  clientId: z.string().nullable(),
  /** Installation tokens: the installation, and the repositories that it was narrowed to; null for all of them. */
  installation: z.int().nullable(),
  repositoryIds: z.array(z.int()).nullable(),
})

export type GitHubUser = z.output<typeof user>
export type GitHubOrganization = z.output<typeof organization>
export type GitHubRepository = z.output<typeof repository>
export type GitHubToken = z.output<typeof token>

/** What must be said to declare each; the rest has defaults. The same is said to change one that exists. */
export const userSchema = user.partial().required({ login: true })
export const organizationSchema = organization.partial().required({ login: true })
export const repositorySchema = repository.extend({ private: z.boolean() }).partial().required({ fullName: true })
const ofPeople = token.omit({ installation: true, repositoryIds: true }).extend({ kind: z.enum(PEOPLES_KINDS) })
export const tokenSchema = ofPeople.partial().required({ user: true })
export const tokenChange = ofPeople.omit({ user: true, id: true }).partial().required({ token: true })

export const USER = {
  name: null,
  email: null,
  emailVerified: true,
  suspended: false,
  bot: false,
} satisfies Partial<GitHubUser>

export const ORGANIZATION = {
  name: null,
  samlEnforced: false,
  ipRefused: null,
  classicTokensForbidden: false,
  maxTokenDays: null,
  oauthAppsRestricted: false,
} satisfies Partial<GitHubOrganization>

export const REPOSITORY = {
  description: null,
  archived: false,
  disabled: false,
  fork: false,
  defaultBranch: 'main',
  blocked: null,
  empty: false,
} satisfies Partial<GitHubRepository>

export const TOKEN = {
  kind: 'classic',
  expiresAt: null,
  revoked: false,
  expiryForm: 'utc',
  repositories: 'all',
  approved: true,
  clientId: null,
  installation: null,
  repositoryIds: null,
} satisfies Partial<GitHubToken>
