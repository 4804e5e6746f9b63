import { branchRef, emptyMirror, gitIn, type MirrorGit, openMirror, setRef } from './mirror.ts'
import { inTurn } from './mirror-turn.ts'

const PATIENCE_MS = 60_000
const TIDY_DEADLINE_MS = 10 * 60_000
/** What came within this time may belong to a deployment that has not kept it yet. */
const GRACE = '2.hours.ago'

/** What came of a write to a mirror. */
export type MirrorWrite = 'done' | 'stopped' | 'crowded' | 'late'

/**
 * Keeps a release's commit alive in its mirror, so that going back to it needs no provider.
 * @param id letters, digits and dashes, such as a UUID
 * @throws {Error} when the mirror does not have the commit.
 */
export async function keepRelease(
  mirror: string,
  { id, commit }: { readonly id: string; readonly commit: string },
  options: MirrorGit = {},
): Promise<MirrorWrite> {
  const turn = await inTurn(mirror, { patienceMs: PATIENCE_MS, signal: options.signal }, () =>
    setRef(mirror, releaseRef(id), commit, options),
  )
  return turn.is === 'had' ? 'done' : turn.is
}

/**
 * Lets go of every commit that is neither a release's nor the head of a branch that is still wanted, and gives the space
 * back. It takes ten minutes at most; what is not done then is done the next time.
 */
export async function pruneMirror(
  mirror: string,
  keep: { readonly releases: readonly string[]; readonly branches: readonly string[] },
  options: MirrorGit = {},
): Promise<MirrorWrite> {
  const kept = new Set([...keep.releases.map(releaseRef), ...keep.branches.map(branchRef)])
  const turn = await inTurn(mirror, { patienceMs: PATIENCE_MS, signal: options.signal }, async () => {
    await openMirror(mirror, options)
    const listed = await gitIn(mirror, ['for-each-ref', '--format=%(refname)', 'refs/'], options)
    const refs = listed.output.toString('utf8').split('\n')
    for (const ref of refs) {
      if (ref !== '' && !kept.has(ref)) await gitIn(mirror, ['update-ref', '--no-deref', '-d', ref], options)
    }
    const tidy = [
      '-c',
      'gc.reflogExpire=now',
      '-c',
      'gc.reflogExpireUnreachable=now',
      'gc',
      '--quiet',
      `--prune=${GRACE}`,
    ]
    return gitIn(mirror, tidy, { ...options, deadlineMs: options.deadlineMs ?? TIDY_DEADLINE_MS })
  })
  if (turn.is !== 'had') return turn.is
  switch (turn.result.is) {
    case 'ended':
    case 'unstartable':
      return 'done'
    case 'late':
    case 'stopped':
      return turn.result.is
  }
}

/**
 * Empties a mirror that turned out not to be whole; the next fetch fills it again, though not with commits that the
 * provider no longer has.
 */
export async function discardMirror(mirror: string, options: MirrorGit = {}): Promise<MirrorWrite> {
  const turn = await inTurn(mirror, { patienceMs: PATIENCE_MS, signal: options.signal }, () => emptyMirror(mirror))
  return turn.is === 'had' ? 'done' : turn.is
}

function releaseRef(id: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,99}$/i.test(id)) throw new Error('This is no id of a release.')
  return `refs/releases/${id}`
}
