import { constants } from 'node:fs'
import { chmod, copyFile, lstat, mkdir, open, rename, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { planRelease, type ReleaseLimits } from './plan-release.ts'
import { ObjectsUnreadable, type ReadObject, readObjects } from './read-objects.ts'
import type { LeftOut, SourcePart, Sources } from './read-sources.ts'
import type { TreeEntry } from './read-tree.ts'
import { folderBeside, removeRelease, sweepBeside } from './remove-release.ts'

const LIMITS: ReleaseLimits = { mostFiles: 200_000, mostBytes: 4_000_000_000 }
/** A file up to this size is held in memory, a larger one streamed. */
const HELD_BYTES = 1_000_000
const MOST_AT_ONCE = 16
const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1\n'

type File = Extract<TreeEntry, { kind: 'file' }>

/** A release to write. */
export interface ReleaseRequest {
  readonly sources: Extract<Sources, { is: 'sources' }>
  /** A folder that does not exist yet. */
  readonly into: string
  readonly limits?: Partial<ReleaseLimits>
  readonly signal?: AbortSignal
  /** The search path for git. */
  readonly path?: string
}

/** What came of it. Unless it was written, nothing is left. */
export type ReleaseOutcome =
  | {
      readonly kind: 'written'
      readonly files: number
      readonly bytes: number
      /** Symbolic links that are not there, as they can be shown: they lead out of the release, in a circle or to nothing. */
      readonly leftLinks: readonly string[]
      /** Submodules that are not there. */
      readonly left: readonly LeftOut[]
      /** Files whose content is kept in Git LFS; what was written are the pointers to it. */
      readonly lfsPointers: number
      /** What went missing, in a sentence each. */
      readonly notes: readonly string[]
    }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'too-large'; readonly text: string }
  | { readonly kind: 'no-space'; readonly text: string }
  | { readonly kind: 'stopped' }

/**
 * Writes a commit's files into a new folder, byte for byte as git keeps them: no filter, attribute or hook has a say.
 * Files are 0644 or 0755, folders 0755, links only those that end inside. It is written beside and renamed at the end,
 * so that the folder is whole once it is there; a machine that loses its power may still lose what was not on disk yet.
 */
export async function writeRelease(request: ReleaseRequest): Promise<ReleaseOutcome> {
  const { sources, into, signal } = request
  const plan = planRelease(sources.entries, {
    limits: { ...LIMITS, ...request.limits },
    folders: sources.submodulePaths,
  })
  if (plan.is !== 'plan') return { kind: plan.is, text: plan.text }
  if (signal?.aborted) return { kind: 'stopped' }
  if (await isThere(into)) throw new Error(`A release is written into a new folder, and ${into} is there already.`)
  await mkdir(dirname(into), { recursive: true })
  await sweepBeside(into)
  const place = await folderBeside(into)
  try {
    await mkdir(place, { mode: 0o755 })
    await chmod(place, 0o755)
    for (const folder of plan.folders) {
      await mkdir(join(place, folder))
      // The mode that mkdir takes is narrowed by the umask.
      await chmod(join(place, folder), 0o755)
    }
    let lfsPointers = 0
    const written = new Set(plan.files)
    for (const part of sources.parts) {
      const files = part.entries.filter((entry) => entry.kind === 'file' && written.has(entry))
      lfsPointers += await writePart(place, { part, files: files.filter((entry) => entry.kind === 'file') }, request)
    }
    // Links come last: until here, no path of the folder leads anywhere else.
    for (const { path, target } of plan.links) await symlink(target, join(place, path))
    await rename(place, into)
    const { leftLinks, bytes } = plan
    const told = { leftLinks, left: sources.left, lfsPointers, unreadable: sources.unreadable }
    return {
      kind: 'written',
      files: plan.files.length,
      bytes,
      leftLinks,
      left: told.left,
      lfsPointers,
      notes: notesOn(told),
    }
  } catch (error) {
    await removeRelease(place)
    return outcomeOf(error, signal)
  }
}

/** Writes the files of one repository; gives how many of them are pointers of Git LFS. */
async function writePart(
  place: string,
  { part, files }: { part: SourcePart; files: readonly File[] },
  { signal, path }: ReleaseRequest,
): Promise<number> {
  const byObject = new Map<string, File[]>()
  for (const file of files) {
    const same = byObject.get(file.object)
    if (same) same.push(file)
    else byObject.set(file.object, [file])
  }
  let pointers = 0
  const running = new Set<Promise<void>>()
  const options = { signal, ...(path === undefined ? {} : { path }) }
  try {
    for await (const read of readObjects(part.mirror, [...byObject.keys()], options)) {
      const wanted = byObject.get(read.object) ?? []
      if (read.size > HELD_BYTES) {
        await stream(read, place, wanted)
        continue
      }
      const content = await whole(read)
      if (isPointer(content)) pointers += wanted.length
      for (const file of wanted) {
        const writing = writeNew(join(place, file.path), { content: [content], executable: file.executable }).finally(
          () => running.delete(writing),
        )
        running.add(writing)
        // What fails is thrown below; until then nobody looks.
        writing.catch(() => {})
        if (running.size >= MOST_AT_ONCE) await Promise.race(running)
      }
    }
    await Promise.all(running)
    return pointers
  } finally {
    await Promise.allSettled(running)
  }
}

async function whole({ content }: ReadObject): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of content) parts.push(part)
  return Buffer.concat(parts)
}

/** Writes a large object to its first path while it is read, and copies it to the others. */
async function stream(read: ReadObject, place: string, [first, ...others]: readonly File[]): Promise<void> {
  if (!first) return
  const path = join(place, first.path)
  await writeNew(path, { content: read.content, executable: first.executable })
  for (const other of others) {
    await copyFile(path, join(place, other.path), constants.COPYFILE_EXCL)
    await chmod(join(place, other.path), modeOf(other.executable))
  }
}

/** Makes a file, which must not be there. The mode that open takes is narrowed by the umask. */
async function writeNew(
  path: string,
  { content, executable }: { content: Iterable<Buffer> | AsyncIterable<Buffer>; executable: boolean },
): Promise<void> {
  const file = await open(path, 'wx', modeOf(executable))
  try {
    for await (const piece of content) await file.writeFile(piece)
    await file.chmod(modeOf(executable))
  } finally {
    await file.close()
  }
}

function modeOf(executable: boolean): number {
  return executable ? 0o755 : 0o644
}

/** @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
function isPointer(content: Buffer): boolean {
  return content.length < 1024 && content.toString('latin1').startsWith(LFS_POINTER)
}

function notesOn(told: {
  leftLinks: readonly string[]
  left: readonly LeftOut[]
  lfsPointers: number
  unreadable: readonly string[]
}): string[] {
  const { leftLinks, left, lfsPointers, unreadable } = told
  const some = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`)
  return [
    ...left.map(({ path, why }) => `The submodule ${path} was left out: it ${why}`),
    ...(lfsPointers > 0
      ? [
          `${some(lfsPointers, 'file is', 'files are')} kept in Git LFS and ${lfsPointers === 1 ? 'was' : 'were'} not fetched.`,
        ]
      : []),
    ...(leftLinks.length > 0
      ? [`${some(leftLinks.length, 'link was', 'links were')} left out: ${leftLinks.slice(0, 5).join(', ')}.`]
      : []),
    ...(unreadable.length > 0
      ? [`${some(unreadable.length, 'file was', 'files were')} left out for a name that is no text.`]
      : []),
  ]
}

function outcomeOf(error: unknown, signal: AbortSignal | undefined): ReleaseOutcome {
  if (signal?.aborted) return { kind: 'stopped' }
  if (error instanceof ObjectsUnreadable) return { kind: 'refused', text: `The commit is not whole: ${error.message}` }
  const code = error instanceof Error && 'code' in error ? error.code : null
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        kind: 'no-space',
        text: 'There is no space left for the release. Make room on the disk, then deploy again.',
      }
    case 'ENAMETOOLONG':
    case 'EEXIST':
    case 'EILSEQ':
      return { kind: 'refused', text: 'The repository holds names that this file system does not take.' }
    default:
      throw error
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch {
    return false
  }
}
