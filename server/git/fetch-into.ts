import { objectChecks } from './git-settings.ts'
import { commitAt, packsOf, removeArrivals, sizeOf } from './mirror.ts'
import type { Remote } from './remote.ts'
import { runGit } from './run-git.ts'

const LOOK_AT_SIZE_MS = 400

/**
 * How many commits deep a fetch reaches: enough to tell what changed since the last deployment, little to bring.
 *
 * Every fetch names it, the later ones too. Without it git would follow a merged branch that began before the mirror's
 * oldest commit down to the repository's first one. With it the server sends at most so many commits, and of those only
 * what the mirror lacks: it knows that from the refs that the mirror keeps. Files are never left out (a partial clone
 * would go out for them later, while somebody reads, without a credential or a limit).
 */
export const DEPTH = 100
/** What git takes for all of the history. */
export const FULL_DEPTH = 2_147_483_647

/** One run of `git fetch`. */
export interface Fetching {
  readonly remote: Remote
  readonly mirror: string
  /** A full name of a ref, or the id of a commit. */
  readonly source: string
  /** The ref of the mirror that will lead there. */
  readonly target: string
  readonly depth: number
  readonly deadlineMs: number
  readonly mostBytes: number
  readonly checkObjects: boolean
  readonly path?: string
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((line: string) => void) | undefined
}

/** How it ended. Unless it is done, the mirror holds what it held before. */
export type FetchEnd =
  | { readonly is: 'done' }
  | { readonly is: 'failed'; readonly errors: string }
  | { readonly is: 'too-large' | 'late' | 'stopped' | 'unstartable' }

/**
 * Fetches one thing into a mirror whose turn the caller has. The size of the mirror is looked at all the while, and git
 * is killed when it grows over its quota; a single file can't grow over it at all.
 */
export async function fetchInto(fetching: Fetching): Promise<FetchEnd> {
  const { remote, mirror, source, target, mostBytes, path } = fetching
  const where = path === undefined ? {} : { path }
  const packs = await packsOf(mirror)
  const before = await commitAt(mirror, target, where)
  const overrun = new AbortController()
  const signals = fetching.signal ? [fetching.signal, overrun.signal] : [overrun.signal]
  const watching = watchSize(mirror, mostBytes, () => overrun.abort())
  const run = await runGit({
    args: [
      ...[
        `--git-dir=${mirror}`,
        'fetch',
        '--progress',
        '--no-tags',
        '--no-recurse-submodules',
        '--no-auto-maintenance',
      ],
      ...['--no-write-fetch-head', `--depth=${fetching.depth}`, '--', remote.target.href, `+${source}:${target}`],
    ],
    ...{ remote, deadlineMs: fetching.deadlineMs, settings: objectChecks(fetching.checkObjects) },
    ...{ signal: AbortSignal.any(signals), fileBytes: mostBytes, onLine: fetching.onProgress, ...where },
  })
  await watching.end()
  const over = overrun.signal.aborted || (await sizeOf(mirror)) > mostBytes
  if (run.is === 'ended' && run.code === 0 && !over) return { is: 'done' }
  // A git that was killed at its very end may have come to keep what it brought; then the ref has moved.
  if (over || (await commitAt(mirror, target, where)) === before) {
    if (over) await restore(mirror, { target, before, where })
    await removeArrivals(mirror, packs)
  }
  if (over || (run.is === 'ended' && /File too large|died of signal 25|signal 25/.test(run.errors))) {
    return { is: 'too-large' }
  }
  return run.is === 'ended' ? { is: 'failed', errors: run.errors } : { is: run.is }
}

async function restore(
  mirror: string,
  { target, before, where }: { target: string; before: string | null; where: { path?: string } },
): Promise<void> {
  const args = before === null ? ['update-ref', '-d', target] : ['update-ref', target, before]
  await runGit({ args: [`--git-dir=${mirror}`, ...args], deadlineMs: 10_000, ...where })
}

/** Looks at the size again and again, and tells once when it is over. */
function watchSize(mirror: string, mostBytes: number, onOver: () => void): { end(): Promise<void> } {
  let looking: Promise<void> | null = null
  const look = async () => {
    if ((await sizeOf(mirror)) > mostBytes) onOver()
    looking = null
  }
  const timer = setInterval(() => {
    looking ??= look()
  }, LOOK_AT_SIZE_MS)
  return {
    async end() {
      clearInterval(timer)
      await looking
    },
  }
}
