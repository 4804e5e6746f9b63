import type { Kysely } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { createOrganization } from '../commands/organization.ts'
import type { Tables } from '../database/tables.ts'
import type { Log } from '../log.ts'
import type { Shell } from '../shell.ts'
import { type BetterAuth, createBetterAuth, servedAuthPaths } from './auth.ts'
import { findPrincipal, findUser, type Principal } from './principal.ts'

/** People: who asks, and better-auth's own addresses. */
export interface People {
  readonly betterAuth: BetterAuth
  /** Null when nobody we know asks, or the person belongs to no organization. */
  readonly authenticate: (headers: Headers) => Promise<Principal | null>
  /** The signed-in person, member or not, with the secret of their session. */
  readonly user: (headers: Headers) => Promise<{ id: string; name: string; email: string; sessionToken: string } | null>
  /** Answers a request below /api/auth. */
  readonly handler: (request: Request, shell: Shell) => Promise<Response>
}

/** Puts people's accounts on the database. */
export function createPeople(options: {
  db: Kysely<Tables>
  baseURL: string
  secret: string
  trustedOrigins: string[]
  log: Log
}): People {
  const { db } = options
  const betterAuth = createBetterAuth(options)
  const served = new Set(servedAuthPaths.map((path) => `/api/auth${path}`))
  return {
    betterAuth,
    authenticate: (headers) => findPrincipal(betterAuth, db, headers),
    user: (headers) => findUser(betterAuth, headers),
    async handler(request, shell) {
      const { pathname } = new URL(request.url)
      if (!served.has(pathname)) {
        return Response.json({ message: 'There is nothing at this address.' }, { status: 404 })
      }
      const response = await betterAuth.handler(request)
      if (response.ok && (pathname.endsWith('/sign-up/email') || pathname.endsWith('/sign-in/email'))) {
        await foundOrganization(shell)
      }
      return withoutSessionToken(response)
    },
  }
}

/** The token of a session is for its cookie alone, which no script can read. */
async function withoutSessionToken(response: Response): Promise<Response> {
  const text = await response.text()
  const { status, headers } = response
  if (text === '' || !headers.get('content-type')?.startsWith('application/json')) {
    return new Response(text === '' ? null : text, { status, headers })
  }
  const body: unknown = JSON.parse(text, (name, value: unknown) => (name === 'token' ? undefined : value))
  return new Response(JSON.stringify(body), { status, headers })
}

/** The first account gets its organization; done again after a crash in between, by its next sign-in. */
async function foundOrganization(shell: Shell): Promise<void> {
  const { db } = shell
  const existing = await db.selectFrom('organization').select('id').limit(1).executeTakeFirst()
  if (existing) return
  const first = await db
    .selectFrom('user')
    .select(['id', 'name', 'email'])
    .orderBy('createdAt')
    .limit(1)
    .executeTakeFirst()
  if (first) await createOrganization(shell, { userId: first.id, name: first.name, email: first.email }, uuidv7())
}
