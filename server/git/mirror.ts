import { createHash } from 'node:crypto'
import { lstat, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isTurn } from './mirror-turn.ts'
import { objectId } from './object-id.ts'
import { type GitOutcome, runGit } from './run-git.ts'

const LOCAL_DEADLINE_MS = 60_000

/** Where a mirror keeps the head of a branch. Its name is hashed: `a` and `a/b` can't be files of one folder. */
export function branchRef(branch: string): string {
  return `refs/fetched/branch-${createHash('sha1').update(branch).digest('hex')}`
}

/** Where a mirror keeps a commit that was asked for by its id. */
export function commitRef(commit: string): string {
  return `refs/fetched/commit-${objectId(commit)}`
}

/** What a local git of a mirror is run with. */
export interface MirrorGit {
  readonly path?: string
  readonly signal?: AbortSignal | undefined
  readonly deadlineMs?: number
}

/** Runs git in a mirror, without any way out. */
export function gitIn(mirror: string, args: readonly string[], options: MirrorGit = {}): Promise<GitOutcome> {
  const { path, signal, deadlineMs = LOCAL_DEADLINE_MS } = options
  const where = path === undefined ? {} : { path }
  return runGit({ args: [`--git-dir=${mirror}`, ...args], deadlineMs, signal, ...where })
}

/**
 * Makes the bare repository where there is none, and clears away what killed programs left in it: locks of git's own,
 * and packs that were not finished. Only whoever has the turn may call it. Gives whether it was made.
 * @throws {Error} when git can't make it, such as on a full disk.
 */
export async function openMirror(mirror: string, options: MirrorGit = {}): Promise<boolean> {
  await mkdir(mirror, { recursive: true, mode: 0o700 })
  const names = await readdir(mirror)
  if (names.includes('HEAD') && names.includes('objects') && names.includes('config')) {
    await sweep(mirror)
    return false
  }
  const made = await runGit({
    args: ['init', '--quiet', '--bare', '--template=', '--', mirror],
    deadlineMs: LOCAL_DEADLINE_MS,
    ...(options.path === undefined ? {} : { path: options.path }),
  })
  if (made.is !== 'ended' || made.code !== 0) throw new Error(`A mirror could not be made in ${mirror}.`)
  return true
}

/**
 * Whether a mirror has a commit with all that it needs: one that a kept ref leads to. Objects alone prove nothing, they
 * may be what a fetch left that did not come to its end.
 */
export async function hasCommit(mirror: string, commit: string, options: MirrorGit = {}): Promise<boolean> {
  const args = ['rev-list', '--max-count=1', `${objectId(commit)}^{commit}`, '--not', '--all', '--']
  const run = await gitIn(mirror, args, options)
  return run.is === 'ended' && run.code === 0 && run.output.length === 0
}

/** The commit that a ref of the mirror leads to; null when there is none. */
export async function commitAt(mirror: string, ref: string, options: MirrorGit = {}): Promise<string | null> {
  const run = await gitIn(mirror, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`], options)
  return run.is === 'ended' && run.code === 0 ? run.output.toString('utf8').trim() : null
}

/** Lets a ref of the mirror lead to a commit that it has. @throws {Error} when git refuses. */
export async function setRef(mirror: string, ref: string, commit: string, options: MirrorGit = {}): Promise<void> {
  const run = await gitIn(mirror, ['update-ref', '--no-deref', ref, objectId(commit)], options)
  if (run.is !== 'ended' || run.code !== 0) throw new Error(`The ref ${ref} could not be set.`)
}

/** The packs of a mirror, by the names of their files. */
export async function packsOf(mirror: string): Promise<ReadonlySet<string>> {
  return new Set(await readdir(join(mirror, 'objects', 'pack')).catch(() => []))
}

/** Removes what came since the packs were listed, and what a killed git left. */
export async function removeArrivals(mirror: string, before: ReadonlySet<string>): Promise<void> {
  const folder = join(mirror, 'objects', 'pack')
  for (const name of await packsOf(mirror)) if (!before.has(name)) await rm(join(folder, name), { force: true })
  await sweep(mirror)
}

/** The bytes of a folder's files; links are counted, never followed. */
export async function sizeOf(folder: string): Promise<number> {
  let size = 0
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(folder, entry.name)
    // A file may vanish while others are counted.
    if (entry.isDirectory()) size += await sizeOf(path)
    else size += (await lstat(path).catch(() => null))?.size ?? 0
  }
  return size
}

/** Whether something that the refs lead to is certainly missing; a look that comes to no end says nothing. */
export async function isBroken(mirror: string, options: MirrorGit = {}): Promise<boolean> {
  const run = await gitIn(mirror, ['rev-list', '--objects', '--all', '--quiet'], options)
  return run.is === 'ended' && run.code !== 0 && run.code !== null
}

/** Empties a mirror whose turn the caller has, down to the files that say who has it. */
export async function emptyMirror(mirror: string): Promise<void> {
  for (const name of await readdir(mirror)) {
    if (!isTurn(name)) await rm(join(mirror, name), { recursive: true, force: true })
  }
}

async function sweep(mirror: string): Promise<void> {
  const entries = await readdir(mirror, { recursive: true, withFileTypes: true }).catch(() => [])
  for (const { name, parentPath } of entries) {
    const inObjects = parentPath.startsWith(join(mirror, 'objects'))
    const left = inObjects ? /^(tmp_|\.tmp-|incoming-)/.test(name) : name.endsWith('.lock')
    if (left) await rm(join(parentPath, name), { recursive: true, force: true })
  }
}
