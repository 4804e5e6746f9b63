import { DatabaseStartError } from './database-start-error.ts'
import type { Account } from './run-program.ts'
import { systemAccount } from './system-account.ts'

/** Whom PostgreSQL runs as where we are root. */
export const POSTGRES_USER = 'postgres'

/**
 * The account that PostgreSQL runs as: null for our own, and `postgres` where we are root,
 * since PostgreSQL refuses to run as root. The account is made if it is missing.
 *
 * @throws {DatabaseStartError} when the account is missing and cannot be made.
 */
export async function postgresAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const account = await systemAccount(POSTGRES_USER)
  if (account) return account
  throw new DatabaseStartError(
    `PostgreSQL does not run as root, and the account "${POSTGRES_USER}" could not be made. Make it (useradd --system ${POSTGRES_USER}), start as another user, or set DATABASE_URL.`,
  )
}
