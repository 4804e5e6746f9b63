import { apiKey } from '@better-auth/api-key'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import { organization } from 'better-auth/plugins'
import type { Kysely } from 'kysely'
import type { Tables } from '../database/tables.ts'
import type { Log } from '../log.ts'
import { withoutTokens } from '../token-forms.ts'

/** The addresses of better-auth that are served; everything else of it goes through our own procedures. */
export const servedAuthPaths = [
  '/sign-up/email',
  '/sign-in/email',
  '/sign-out',
  '/get-session',
  '/change-password',
  '/update-user',
  '/revoke-other-sessions',
] as const

export type BetterAuth = ReturnType<typeof createBetterAuth>

/** People's accounts, sessions and keys, by better-auth, on our database. */
export function createBetterAuth(options: {
  db: Kysely<Tables>
  baseURL: string
  secret: string
  trustedOrigins: string[]
  log: Log
}) {
  const { db, baseURL, secret, trustedOrigins, log } = options
  return betterAuth({
    ...{ baseURL, secret, trustedOrigins },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message, ...details) => tell(log, message, details) },
    onAPIError: { onError: (error) => tell(log, 'A request about accounts failed.', [error]) },
    database: { db, type: 'postgres', transaction: true },
    advanced: { database: { generateId: 'uuid' }, ipAddress: { ipAddressHeaders: ['x-forwarded-for'] } },
    emailAndPassword: { enabled: true, minPasswordLength: 10, maxPasswordLength: 200 },
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 300,
      customRules: {
        '/sign-in/email': { window: 60, max: 20 },
        '/sign-up/email': { window: 60, max: 20 },
        '/get-session': false,
      },
    },
    databaseHooks: {
      user: {
        create: {
          before: async (user) => {
            await refuseUninvited(db, user.email.toLowerCase())
            return { data: { ...user, name: ownName(user.name) || user.email } }
          },
        },
        update: {
          before: async (user) => {
            if (user.name === undefined) return
            const name = ownName(user.name)
            if (name === '') throw new APIError('BAD_REQUEST', { code: 'NAME_EMPTY', message: 'Type a name.' })
            return { data: { ...user, name } }
          },
        },
      },
    },
    plugins: [
      organization({ allowUserToCreateOrganization: false }),
      apiKey({ enableMetadata: true, defaultPrefix: 'gc_', rateLimit: { enabled: false } }),
    ],
  })
}

/** The library's own words go to our log; that somebody was refused is no trouble of ours. */
function tell(log: Log, message: string, details: readonly unknown[]): void {
  const error = details.find((detail) => detail instanceof Error)
  if (error instanceof APIError && error.statusCode < 500) log.debug({ err: error }, message)
  else log.error(error ? { err: error } : {}, message)
}

/** How long a sign-up that took the first place may take before it counts as given up. */
const ABANDONED_MS = 60_000

/** The first account is free; every later one needs a pending invitation. */
async function refuseUninvited(db: Kysely<Tables>, email: string): Promise<void> {
  const first = await db
    .insertInto('first_account')
    .values({ email })
    .onConflict((conflict) => conflict.column('taken').doNothing())
    .returning('email')
    .executeTakeFirst()
  if (first) return
  const invitation = await db
    .selectFrom('invitation')
    .select('id')
    .where((eb) => eb(eb.fn<string>('lower', ['email']), '=', email))
    .where('status', '=', 'pending')
    .where('expiresAt', '>', new Date())
    .executeTakeFirst()
  if (invitation) return
  // An account that took the first place but never came to be must not lock everybody out for good.
  const taken = await db.selectFrom('first_account').select(['email', 'takenAt']).executeTakeFirst()
  const anybody = await db.selectFrom('user').select('id').limit(1).executeTakeFirst()
  const abandoned = !taken || taken.email === email || Date.now() - taken.takenAt.getTime() > ABANDONED_MS
  if (!anybody && abandoned) return
  throw new APIError('FORBIDDEN', {
    code: 'INVITATION_NEEDED',
    message: 'This server has its organization already. Ask a member to invite this e-mail address.',
  })
}

/** A name stands in every event that its person causes, so it must be storable, and no token. */
function ownName(name: string): string {
  return withoutTokens(name)
    .replace(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, 80)
    .toWellFormed()
}
