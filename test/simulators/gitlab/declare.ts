import { z } from 'zod'
import { TOKEN_KINDS } from './tokens.ts'

const time = z.union([z.date(), z.iso.datetime({ offset: true })]).transform((value) => new Date(value))
const files = z.record(z.string(), z.string())

/** Guest, Reporter, Developer, Maintainer, Owner. */
const accessLevel = z.union([z.literal(10), z.literal(20), z.literal(30), z.literal(40), z.literal(50)])
const members = z.record(z.string(), accessLevel)
export type AccessLevel = z.output<typeof accessLevel>

const user = z.object({
  username: z.string(),
  id: z.int(),
  name: z.string(),
  email: z.string(),
  /** Everything but `active` shuts the person's tokens out, each with its own words. */
  state: z.enum([
    'active',
    'blocked',
    'blocked_pending_approval',
    'deactivated',
    'password_expired',
    'terms_not_accepted',
    'unconfirmed',
  ]),
  bot: z.boolean(),
  /** True when GitLab demands a proof of possession with each of this person's calls. */
  dpopEnforced: z.boolean(),
  createdAt: time,
})

const group = z.object({
  fullPath: z.string(),
  id: z.int(),
  name: z.string(),
  /** Direct members; those of the groups above it come in addition. */
  members,
  /** Its SAML sign-in page, which each person's session must have passed; null for none. */
  ssoUrl: z.string().nullable(),
  /** True when the caller's address is not on its list: everything in it looks missing. */
  ipRefused: z.boolean(),
})

const branch = z.object({
  name: z.string(),
  protected: z.boolean().default(false),
  committedAt: time.optional(),
  files: files.optional(),
})

const project = z.object({
  path: z.string().regex(/^[^/]+(\/[^/]+)+$/),
  id: z.int(),
  visibility: z.enum(['public', 'internal', 'private']),
  description: z.string().nullable(),
  archived: z.boolean(),
  defaultBranch: z.string(),
  lastActivityAt: time,
  createdAt: time,
  /** Direct members, beside those of its groups. */
  members,
  /** `disabled`: the project has issues and such, but no code. */
  repositoryAccess: z.enum(['enabled', 'private', 'disabled']),
  markedForDeletionOn: z.iso.date().nullable(),
  forkedFrom: z.string().nullable(),
  files,
  branches: z.array(branch).optional(),
  /** True for one without a single commit. */
  empty: z.boolean(),
})

const token = z.object({
  /** The credential itself; minted when a test needs no known one. */
  token: z.string(),
  id: z.int(),
  kind: z.enum(TOKEN_KINDS),
  form: z.enum(['short', 'routable']),
  /** Whose it is. A project or group token gets a bot of its own instead. */
  user: z.string(),
  /** The project or group of a project or group token, by its full path. */
  of: z.string().nullable(),
  accessLevel,
  name: z.string(),
  scopes: z.array(z.string()),
  /** A date: dead from its first moment in UTC. Null for no end; an OAuth token ends after two hours in any case. */
  expiresAt: z.iso.date().nullable(),
  revoked: z.boolean(),
  createdAt: time,
  lastUsedAt: time.nullable(),
  /** Granular tokens: what they may do, such as `Project: Read`. */
  permissions: z.array(z.string()),
  /** OAuth tokens: the application they were made for, by its id, and what renews them. */
  application: z.string().nullable(),
  refreshToken: z.string().nullable(),
})

export type GitLabUser = z.output<typeof user>
export type GitLabGroup = z.output<typeof group>
export type GitLabProject = z.output<typeof project>
export type GitLabToken = z.output<typeof token>

/** What must be said to declare each; the rest has defaults. The same is said to change one that exists. */
export const userSchema = user.partial().required({ username: true })
export const groupSchema = group.partial().required({ fullPath: true })
export const projectSchema = project.partial().required({ path: true })
export const tokenSchema = token.partial()
export const tokenChange = token.omit({ user: true, of: true, id: true }).partial().required({ token: true })

export const USER = { state: 'active', bot: false, dpopEnforced: false } satisfies Partial<GitLabUser>
export const GROUP = { ssoUrl: null, ipRefused: false } satisfies Partial<GitLabGroup>

export const PROJECT = {
  visibility: 'private',
  description: null,
  archived: false,
  defaultBranch: 'main',
  repositoryAccess: 'enabled',
  markedForDeletionOn: null,
  forkedFrom: null,
  empty: false,
} satisfies Partial<GitLabProject>

export const TOKEN = {
  kind: 'personal',
  form: 'short',
  of: null,
  accessLevel: 40,
  revoked: false,
  lastUsedAt: null,
  application: null,
  refreshToken: null,
} satisfies Partial<GitLabToken>
