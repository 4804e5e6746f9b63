import { DatabaseStartError } from './database-start-error.ts'
import { type Account, runProgram } from './run-program.ts'

const NAME = 'postgres'

/** Ways to make a system account, in the dialects of shadow, Debian and BusyBox. */
const CREATION: [string, string[]][] = [
  [
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent', '--shell', '/bin/false', NAME],
  ],
  ['adduser', ['--system', '--group', '--no-create-home', '--home', '/nonexistent', '--shell', '/bin/false', NAME]],
  ['adduser', ['-S', '-D', '-H', '-s', '/bin/false', NAME]],
]

/**
 * The account that PostgreSQL runs as: null for our own, and `postgres` where we are root,
 * since PostgreSQL refuses to run as root. The account is made if it is missing.
 *
 * @throws {DatabaseStartError} when the account is missing and cannot be made.
 */
export async function postgresAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null
  const existing = await lookUp()
  if (existing) return existing
  for (const [program, args] of CREATION) {
    await runProgram(program, args)
    const created = await lookUp()
    if (created) return created
  }
  throw new DatabaseStartError(
    `PostgreSQL does not run as root, and the account "${NAME}" could not be made. Make it (useradd --system ${NAME}), start as another user, or set DATABASE_URL.`,
  )
}

async function lookUp(): Promise<Account | null> {
  const [uid, gid] = await Promise.all([runProgram('id', ['-u', NAME]), runProgram('id', ['-g', NAME])])
  if (uid.code !== 0 || gid.code !== 0) return null
  return { name: NAME, uid: Number(uid.output), gid: Number(gid.output) }
}
