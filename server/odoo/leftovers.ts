import { runAs } from './as-account.ts'
import type { InstallAccount } from './install-account.ts'

/** The variable that every process of a run inherits. */
export const RUN_MARK = 'GIT_CONNECTIONS_RUN'
const ROUNDS = 50

/** Signals every process that carries the mark, and says how many there were. */
const SIGNAL_MARKED = `
found=0
for file in $(grep -lzxF -- "${RUN_MARK}=$1" /proc/[0-9]*/environ 2>/dev/null); do
  process=\${file#/proc/}
  kill -s "$2" "\${process%/environ}" 2>/dev/null && found=$((found + 1))
done
echo "$found"`

/**
 * Signals the processes of a run, also those that left its group, and says how many there were. A process that
 * began a program with an emptied environment is not found; only a namespace holds such a one (see confinement.ts).
 */
export async function signalMarked(account: InstallAccount, mark: string, signal: 'TERM' | 'KILL'): Promise<number> {
  // As root we also read the environment of those who hide it from their own account.
  const as: InstallAccount = account.is === 'dropped' ? { is: 'same' } : account
  const { output } = await runAs(as, ['sh', '-c', SIGNAL_MARKED, 'sh', mark, signal])
  return Number(output) || 0
}

/** Ends all processes of a run that are left. */
export async function endLeftovers(account: InstallAccount, mark: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    if ((await signalMarked(account, mark, 'KILL')) === 0) return
  }
}
