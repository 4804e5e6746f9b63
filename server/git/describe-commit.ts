import { plainText } from '../providers/plain-text.ts'
import { gitIn, type MirrorGit } from './mirror.ts'
import { objectId } from './object-id.ts'

/** Who wrote a commit, when, and its first line; one printable line each. */
export interface CommitDescription {
  readonly commit: string
  readonly author: string
  readonly authoredAt: Date
  readonly committedAt: Date
  readonly subject: string
}

/** What lies between two commits. */
export interface CommitsBetween {
  /** The newest first. */
  readonly commits: readonly CommitDescription[]
  /** False when there are more, or the mirror does not reach back to the older one. */
  readonly complete: boolean
}

const FIELDS = ['%H', '%an', '%at', '%ct', '%s']
const LOG = ['log', '-z', '--no-show-signature', '--no-mailmap', '--no-color', `--format=${FIELDS.join('%x00')}`]

/** Describes a commit; null when the mirror does not have it. */
export async function describeCommit(
  mirror: string,
  commit: string,
  options: MirrorGit = {},
): Promise<CommitDescription | null> {
  const run = await gitIn(mirror, [...LOG, '--max-count=1', objectId(commit), '--'], options)
  if (run.is !== 'ended' || run.code !== 0) return null
  return read(run.output)[0] ?? null
}

/**
 * What is in `to` and not in `from`, at most so many: what a deployment brings that the last one did not have. Null when
 * the mirror lacks one of them.
 */
export async function commitsBetween(
  mirror: string,
  { from, to, most }: { readonly from: string; readonly to: string; readonly most: number },
  options: MirrorGit = {},
): Promise<CommitsBetween | null> {
  const range = [objectId(to), `^${objectId(from)}`, '--']
  const run = await gitIn(mirror, [...LOG, `--max-count=${most + 1}`, ...range], options)
  if (run.is !== 'ended' || run.code !== 0) return null
  const found = read(run.output)
  const reached = await gitIn(mirror, ['merge-base', '--is-ancestor', from, to], options)
  const back = await gitIn(mirror, ['merge-base', '--is-ancestor', to, from], options)
  const connected = [reached, back].some((asked) => asked.is === 'ended' && asked.code === 0)
  return { commits: found.slice(0, most), complete: connected && found.length <= most && !run.cut }
}

/** The fields, one after the other: no author and no subject can hold a NUL. */
function read(output: Buffer): CommitDescription[] {
  const fields = output.toString('utf8').split('\0')
  const described: CommitDescription[] = []
  for (let at = 0; at + FIELDS.length <= fields.length; at += FIELDS.length) {
    const [commit = '', author = '', authored = '', committed = '', subject = ''] = fields.slice(at, at + FIELDS.length)
    const times = { authoredAt: dateOf(authored), committedAt: dateOf(committed) }
    described.push({ commit, author: plainText(author, 100), ...times, subject: plainText(subject, 200) })
  }
  return described
}

/** Anybody may write any time into a commit; one that is none in our calendar becomes its beginning. */
function dateOf(seconds: string): Date {
  const date = new Date(Number(seconds) * 1000)
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999 ? new Date(0) : date
}
