import { z } from 'zod'
import type { MintedToken } from '../app.ts'
import type { Answer } from '../conversation.ts'

const permissions = z.record(z.string(), z.string())
const repositorySelection = z.enum(['all', 'selected'])

const app = z.object({
  id: z.number(),
  slug: z.string().optional(),
  name: z.string(),
  html_url: z.string().optional(),
  permissions,
})
export type App = z.infer<typeof app>

const installation = z.object({
  id: z.number(),
  app_id: z.number(),
  /** An enterprise has a slug in place of a login. */
  account: z
    .object({
      id: z.number(),
      login: z.string().optional(),
      slug: z.string().optional(),
      type: z.string().optional(),
    })
    .nullish(),
  permissions,
  repository_selection: repositorySelection,
  suspended_at: z.string().nullish(),
  suspended_by: z.object({ login: z.string() }).nullish(),
  html_url: z.string().optional(),
})
export type Installation = z.infer<typeof installation>

const minted = z.object({
  // It becomes a header and a line for git; the length keeps a wrong answer from looking like a token.
  token: z.string().regex(/^[\x21-\x7e]{20,}$/),
  expires_at: z.iso.datetime({ offset: true }),
  permissions: permissions.default({}),
  repository_selection: repositorySelection.default('selected'),
})

const listing = z.object({ total_count: z.number().int().nonnegative(), repositories: z.array(z.unknown()) })

export function appIn(answer: Answer | null): App | null {
  return bodyOf(answer, 200, app)
}

export function installationIn(answer: Answer | null): Installation | null {
  return bodyOf(answer, 200, installation)
}

export function mintedIn(answer: Answer | null): MintedToken | null {
  const body = bodyOf(answer, 201, minted)
  if (!body) return null
  const { token, expires_at, repository_selection } = body
  return {
    ...{ is: 'minted', token, expiresAt: new Date(expires_at) },
    ...{ permissions: body.permissions, repositorySelection: repository_selection },
  }
}

export function listingIn(answer: Answer | null): z.infer<typeof listing> | null {
  return bodyOf(answer, 200, listing)
}

/** The body of an answer of that status and form; null for any other. */
function bodyOf<Body>(answer: Answer | null, status: number, form: z.ZodType<Body>): Body | null {
  if (answer?.is !== 'http' || answer.status !== status) return null
  return form.safeParse(answer.json).data ?? null
}
