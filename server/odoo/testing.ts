import { readdir, readFile } from 'node:fs/promises'
import type { Words } from './command-words.ts'
import { type InstallAccount, installAccount } from './install-account.ts'
import { type ConfinedRun, type RunOutcome, runConfined } from './run-confined.ts'

/** The ways in which a program is confined: those that this machine and our rights allow. */
export async function ways(): Promise<[name: string, account: InstallAccount, namespace: boolean][]> {
  if (process.getuid?.() !== 0) return [['as the same user', { is: 'same' }, false]]
  const dropped = await installAccount({ user: undefined, runAs: undefined, sameUserAllowed: false })
  if (dropped.is !== 'dropped') throw new Error('no account')
  const { uid, gid } = dropped.account
  // sudo, too, adds variables of its own.
  const prefix: Words = [
    'env',
    'SUDO_USER=somebody',
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--',
  ]
  return [
    ['in a namespace', dropped, true],
    ['in a group', dropped, false],
    ['by a prefix', { is: 'prefixed', prefix, uid }, false],
    ['as the same user', { is: 'same' }, false],
  ]
}

/** An outcome with all that was written. */
export type Run = RunOutcome & { out: string[]; err: string[] }

/** Runs a program and collects what it writes. */
export async function run(account: InstallAccount, command: Words, more: Partial<ConfinedRun> = {}): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []]
  const outcome = await runConfined({
    ...{ account, command, environment: {}, deadlineMs: 15_000, signal: new AbortController().signal },
    onLine: (stream, text) => void (stream === 'stdout' ? out : err).push(text),
    ...more,
  })
  return { ...outcome, out, err }
}

/** A command that is a script for the shell. */
export const sh = (script: string): Words => ['sh', '-c', script]

/** The command lines of living processes that hold the word. */
export async function marked(word: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await readdir('/proc')) {
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(word)) found.push(line)
  }
  return found
}
