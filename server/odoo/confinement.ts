import { quote } from 'shlex'
import { runProgram } from '../database/run-program.ts'
import { runAs } from './as-account.ts'
import type { Words } from './command-words.ts'
import type { InstallAccount } from './install-account.ts'
import { RUN_MARK } from './leftovers.ts'

/**
 * Files are for that account alone, and a crash writes no memory to disk. The shell only ever sees this text of ours;
 * the command comes as its arguments.
 */
const LIMITS = 'umask 077; ulimit -c 0'
const EXEC = `${LIMITS}; exec "$@"`
/** Stays, as the first process of a namespace: it does not end by what ends others, and all others end with it. */
const STAY = `${LIMITS}; "$@"; exit $?`
/** sudo and its like pass no environment on, and on a command line all users could read it. */
const READ_ENVIRONMENT = `${LIMITS}; eval "$(cat)"; exec </dev/null; exec "$@"`

/** How a program is started so that it is confined to an account. */
export interface Confinement {
  readonly words: Words
  readonly environment: Readonly<Record<string, string>>
  /** Whom the operating system makes of the child at once; null keeps us. */
  readonly become: { readonly uid: number; readonly gid: number } | null
  /** What is written to it first; null gives it nothing to read. */
  readonly input: string | null
  /** Whether everything it starts ends with it, whatever it does. */
  readonly endsWhole: boolean
}

export interface ToConfine {
  readonly account: InstallAccount
  readonly command: Words
  readonly environment: Readonly<Record<string, string>>
  /** False does without a namespace where one would be possible. */
  readonly namespace: boolean
}

/**
 * Finds the strongest way that this machine has. As root that is a process namespace with a `/proc` of its own: code in
 * it sees no process outside, and the kernel ends whatever is left when its first process ends, or when the server does
 * (a process that calls setsid and forks twice leaves any group, but no namespace). Containers often forbid that; then
 * leftovers are found by a mark in their environment (see leftovers.ts).
 * @see https://man7.org/linux/man-pages/man7/pid_namespaces.7.html
 */
export async function confine(what: ToConfine): Promise<Confinement> {
  const { account, command, environment } = what
  switch (account.is) {
    case 'dropped': {
      const { uid, gid } = account.account
      if (what.namespace && (await works(inNamespace(uid, gid, ['true'])))) {
        return { words: inNamespace(uid, gid, command), environment, become: null, input: null, endsWhole: true }
      }
      const words = await inGroup(account, command)
      return { words, environment, become: { uid, gid }, input: null, endsWhole: false }
    }
    case 'prefixed':
      return prefixed(account.prefix, await withoutNewRights(account, [], command), environment)
    case 'same':
      return { words: await inGroup(account, command), environment, become: null, input: null, endsWhole: false }
  }
}

/** The first process stays root's, so that code in the namespace can neither stop it nor outlive the server. */
function inNamespace(uid: number, gid: number, command: Words): Words {
  return [
    ...(['setpriv', '--pdeathsig', 'KILL', '--'] as const),
    ...['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--', 'sh', '-c', STAY, 'sh'],
    ...['setpriv', '--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--no-new-privs'],
    ...['--inh-caps', '-all', '--bounding-set', '-all', '--', ...command],
  ]
}

async function inGroup(account: InstallAccount, command: Words): Promise<Words> {
  return ['sh', '-c', EXEC, 'sh', ...(await withoutNewRights(account, ['--pdeathsig', 'KILL'], command))]
}

/** No set-user-id program gives more rights than the account has, where util-linux is there to say so. */
async function withoutNewRights(account: InstallAccount, more: readonly string[], command: Words): Promise<Words> {
  const setpriv = ['setpriv', '--no-new-privs', ...more, '--'] as const
  const { code } = await runAs(account, [...setpriv, 'true'])
  return code === 0 ? [...setpriv, ...command] : command
}

function prefixed(prefix: Words, command: Words, environment: Readonly<Record<string, string>>): Confinement {
  const seen = [`PATH=${environment.PATH ?? ''}`, `${RUN_MARK}=${environment[RUN_MARK] ?? ''}`]
  return {
    words: [...prefix, 'env', '-i', ...seen, 'sh', '-c', READ_ENVIRONMENT, 'sh', ...command],
    environment: { PATH: environment.PATH ?? '' },
    become: null,
    input: Object.entries(environment)
      .map(([name, value]) => `export ${name}=${quote(value)}\n`)
      .join(''),
    endsWhole: false,
  }
}

async function works([program, ...args]: Words): Promise<boolean> {
  return (await runProgram(program, args)).code === 0
}
