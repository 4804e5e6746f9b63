import { POSTGRES_USER } from '../database/postgres-account.ts'
import { type Account, runProgram } from '../database/run-program.ts'
import { findAccount, systemAccount } from '../database/system-account.ts'
import type { Words } from './command-words.ts'

const DEFAULT_USER = 'git-connections-odoo'
/** What shadow and BusyBox both take for a name. */
const NAME = /^[a-z_][a-z0-9_-]{0,31}$/

/** Who runs the code of repositories, and how we become them. */
export type InstallAccount =
  /** We are root and give up our rights. */
  | { is: 'dropped'; account: Account }
  /** A command such as sudo stands before the program. */
  | { is: 'prefixed'; prefix: Words; uid: number }
  /** Ourselves: the operator allowed that repositories reach everything that we reach. */
  | { is: 'same' }

/** The outcome of looking for that account; `sentence` says what to do. */
export type AccountChoice = InstallAccount | { is: 'refused'; sentence: string }

export interface AccountSettings {
  /** ODOO_USER: the account that a server of root's uses. */
  readonly user: string | undefined
  /** ODOO_RUN_AS: the command by which another server becomes somebody else. */
  readonly runAs: Words | undefined
  /** ODOO_SAME_USER=allow. */
  readonly sameUserAllowed: boolean
}

/**
 * Decides whom the code of repositories runs as: never the server itself, unless that was allowed by name, for that
 * code could then read every credential. A server of root's always has another account, so there the allowance does
 * not count. Makes the account where it is missing.
 */
export async function installAccount(
  settings: AccountSettings,
  serverUid = process.getuid?.() ?? null,
): Promise<AccountChoice> {
  if (serverUid === 0) return droppedTo(settings.user ?? DEFAULT_USER)
  if (settings.runAs) return prefixedBy(settings.runAs, serverUid)
  if (settings.sameUserAllowed) return { is: 'same' }
  return refused(
    'The code of repositories must not run as the user of the server, which holds all credentials. Set ODOO_RUN_AS to a command that becomes another user, such as "sudo -n -u odoo --", start the server as root with ODOO_USER, or accept the risk with ODOO_SAME_USER=allow.',
  )
}

async function droppedTo(name: string): Promise<AccountChoice> {
  if (!NAME.test(name)) {
    return refused('ODOO_USER must be the name of a user: small letters, digits, "-" and "_".')
  }
  const account = await systemAccount(name)
  if (!account) {
    return refused(`The user "${name}" could not be made. Make it (useradd --system ${name}), or set ODOO_USER.`)
  }
  const database = await findAccount(POSTGRES_USER)
  if (account.uid === 0 || account.gid === 0) {
    return refused(`ODOO_USER is "${name}", which has the rights of root. Name a user without them.`)
  }
  if (account.uid === database?.uid || account.gid === database?.gid) {
    return refused(`ODOO_USER is "${name}", to whom the server's own database belongs. Name another user.`)
  }
  return { is: 'dropped', account }
}

async function prefixedBy(prefix: Words, serverUid: number | null): Promise<AccountChoice> {
  const [program, ...args] = prefix
  const { code, output } = await runProgram(program, [...args, 'id', '-u'])
  if (code !== 0 || !/^\d+$/.test(output)) {
    return refused(
      `ODOO_RUN_AS does not run a program as another user: "${[...prefix, 'id', '-u'].join(' ')}" gave ${JSON.stringify(output.slice(0, 200))}. Let it work without a password.`,
    )
  }
  const uid = Number(output)
  if (uid === serverUid || uid === 0) {
    return refused(
      `ODOO_RUN_AS becomes ${uid === 0 ? 'root' : 'the user of the server itself'}. Let it become another user.`,
    )
  }
  return { is: 'prefixed', prefix, uid }
}

function refused(sentence: string): AccountChoice {
  return { is: 'refused', sentence }
}
