import { isUtf8 } from 'node:buffer'
import type { MirrorGit } from './mirror.ts'
import { objectId } from './object-id.ts'
import { shownPath } from './path-safety.ts'
import { ObjectsUnreadable, readObjects } from './read-objects.ts'
import { startGit } from './run-git.ts'

const DEADLINE_MS = 5 * 60_000
const MOST_ENTRIES = 500_000
/** Linux takes no longer path (PATH_MAX), and a release has a folder before it. */
const LONGEST_PATH_BYTES = 3_000
const LONGEST_TARGET_BYTES = 4_000

/** Something in a repository's tree: its path is relative to the root, with `/` between. */
export type TreeEntry = {
  readonly path: string
  /** The id of the blob, or of a submodule's commit. */
  readonly object: string
  /** In bytes; 0 for a submodule. */
  readonly size: number
} & (
  | { readonly kind: 'file'; readonly executable: boolean }
  | { readonly kind: 'symlink'; readonly target: string }
  | { readonly kind: 'submodule'; readonly commit: string }
)

/** All that a commit holds. */
export type Tree =
  | {
      readonly is: 'tree'
      readonly entries: readonly TreeEntry[]
      /** Entries left out because their name or target is no UTF-8 or holds a NUL; printable, not exact. */
      readonly unreadable: readonly string[]
    }
  | { readonly is: 'refused'; readonly text: string }
  | { readonly is: 'stopped' }

/** How much of a tree is read; absent: 500,000 entries, paths of 3,000 bytes. */
export interface TreeLimits {
  readonly mostEntries?: number
  readonly longestPathBytes?: number
}

/** Lists everything in a commit, without writing a file. */
export async function readTree(
  mirror: string,
  commit: string,
  { mostEntries = MOST_ENTRIES, longestPathBytes = LONGEST_PATH_BYTES, ...options }: TreeLimits & MirrorGit = {},
): Promise<Tree> {
  const { path, signal, deadlineMs = DEADLINE_MS } = options
  const stop = new AbortController()
  const { output, ended } = startGit({
    args: [`--git-dir=${mirror}`, 'ls-tree', '-r', '-l', '-z', '--full-tree', `${objectId(commit)}^{commit}`],
    ...{ deadlineMs, ...(path === undefined ? {} : { path }) },
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  })
  const lines: Line[] = []
  const unreadable: string[] = []
  const refuse = async (text: string): Promise<Tree> => {
    stop.abort()
    await ended
    return { is: 'refused', text }
  }
  try {
    for await (const record of records(output, longestPathBytes + 200)) {
      if (record === null) return await refuse(`A path is longer than ${longestPathBytes} bytes.`)
      if (lines.length + unreadable.length >= mostEntries) {
        return await refuse(`The repository holds more than ${mostEntries.toLocaleString('en')} files.`)
      }
      const line = readLine(record)
      if (line === null) return await refuse('The list of files is malformed.')
      if (line.path === null) unreadable.push(shownPath(line.name.toString('utf8')))
      else lines.push({ ...line, path: line.path })
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error
  }
  const end = await ended
  if (end.is === 'stopped') return { is: 'stopped' }
  if (end.is !== 'ended' || end.code !== 0) return { is: 'refused', text: TOLD[end.is] }
  const targets = await targetsOf(mirror, lines, options)
  if (signal?.aborted) return { is: 'stopped' }
  if (targets === null) return { is: 'refused', text: 'The target of a symbolic link is missing.' }
  const entries: TreeEntry[] = []
  for (const line of lines) {
    const entry = entryOf(line, targets)
    if (entry) entries.push(entry)
    else unreadable.push(shownPath(line.path))
  }
  return { is: 'tree', entries, unreadable }
}

const TOLD = {
  ended: 'git could not list the files of this commit.',
  late: 'git did not list the files of this commit in time.',
  unstartable: 'git could not be run here.',
} as const

interface Line {
  readonly mode: number
  readonly object: string
  readonly size: number
  readonly path: string
}

/** Splits at NUL; null for what is longer than a record can be. */
async function* records(output: AsyncIterable<Buffer>, longest: number): AsyncGenerator<Buffer | null> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const piece of output) {
    let bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0)) {
      yield end > longest ? null : bytes.subarray(0, end)
      bytes = bytes.subarray(end + 1)
    }
    if (bytes.length > longest) yield null
    rest = bytes
  }
}

/** Reads `<mode> <type> <object> <size>\t<path>`; a path of null is none that can be told. */
function readLine(record: Buffer): (Omit<Line, 'path'> & { path: string | null; name: Buffer }) | null {
  const tab = record.indexOf(9)
  const [mode = '', type, object = '', size = ''] = record.toString('latin1', 0, Math.max(tab, 0)).split(/ +/)
  const name = record.subarray(tab + 1)
  if (tab < 0 || !/^[0-7]{6}$/.test(mode) || (type !== 'blob' && type !== 'commit') || name.length === 0) return null
  const path = isUtf8(name) ? name.toString('utf8') : null
  return { mode: Number.parseInt(mode, 8), object, size: size === '-' ? 0 : Number(size), path, name }
}

function entryOf({ mode, ...line }: Line, targets: ReadonlyMap<string, string>): TreeEntry | null {
  switch (mode & 0o170000) {
    case 0o100000:
      return { ...line, kind: 'file', executable: (mode & 0o100) !== 0 }
    case 0o120000: {
      const target = targets.get(line.object)
      return target === undefined ? null : { ...line, kind: 'symlink', target }
    }
    case 0o160000:
      return { ...line, kind: 'submodule', commit: line.object }
    default:
      return null
  }
}

/** The targets of the links by their blobs, without those that no file system takes; null when one can't be read. */
async function targetsOf(
  mirror: string,
  lines: readonly Line[],
  options: MirrorGit,
): Promise<ReadonlyMap<string, string> | null> {
  const targets = new Map<string, string>()
  const objects = lines.filter(({ mode }) => (mode & 0o170000) === 0o120000).map(({ object }) => object)
  try {
    for await (const { object, size, content } of readObjects(mirror, [...new Set(objects)], options)) {
      if (size > LONGEST_TARGET_BYTES) continue
      const parts: Buffer[] = []
      for await (const part of content) parts.push(part)
      const target = Buffer.concat(parts)
      if (isUtf8(target) && !target.includes(0)) targets.set(object, target.toString('utf8'))
    }
  } catch (error) {
    if (error instanceof ObjectsUnreadable) return null
    throw error
  }
  return targets
}
