import { randomBytes } from 'node:crypto'
import { readFileSync, type Stats, statSync } from 'node:fs'
import { link, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ConfigError } from '../config.ts'

/** What stands in a key file, as it stands there; `changed` tells cheaply whether it still does. */
export interface KeyFile {
  readonly lines: readonly string[]
  readonly changed: () => boolean
}

/** Where the master keys lie when the operator names none. */
export function keyFileIn(dataDir: string): string {
  return join(dataDir, 'master.key')
}

/**
 * Reads the file; at once, so that who seals with its first key can be sure that it is the first.
 * @throws {ConfigError} when others can read it.
 */
export function readKeyFile(file: string): KeyFile {
  const stats = statSync(file)
  refuseOpen(file, stats)
  const lines = linesOf(readFileSync(file, 'utf8'))
  return { lines, changed: () => isAnother(stats, statSync(file, { throwIfNoEntry: false })) }
}

/** Makes the file with one key, unless there is one: two starts at once end up with one key. */
export async function makeKeyFile(file: string): Promise<void> {
  if (statSync(file, { throwIfNoEntry: false })) return
  await mkdir(dirname(file), { recursive: true })
  const draft = await writeBeside(file, [newKey()], null)
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(draft)
}

/**
 * Puts a new key before the others: the whole file is written beside its place, flushed, and takes the old one's place.
 * Two at once would lose a key, so the caller lets in one at a time.
 * @throws {ConfigError} when others can read the file, or it cannot be given to the one whose it is.
 */
export async function addKey(file: string): Promise<void> {
  // Where the place is a link, the file that it leads to is replaced, not the link.
  const place = await realpath(file)
  const stats = await stat(place)
  refuseOpen(file, stats)
  const draft = await writeBeside(place, [newKey(), ...linesOf(await readFile(place, 'utf8'))], stats)
  await rename(draft, place)
  const folder = await open(dirname(place))
  await folder.sync().finally(() => folder.close())
}

async function writeBeside(file: string, lines: readonly string[], owner: Stats | null): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    const mine = await handle.stat()
    if (owner && (mine.uid !== owner.uid || mine.gid !== owner.gid)) {
      await handle.chown(owner.uid, owner.gid).catch(async () => {
        await rm(draft)
        throw new ConfigError(`The key file ${file} belongs to another user. Run this as that user.`)
      })
    }
    await handle.writeFile(lines.map((line) => `${line}\n`).join(''))
    await handle.sync()
  } finally {
    await handle.close()
  }
  return draft
}

function newKey(): string {
  return randomBytes(32).toString('base64')
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function refuseOpen(file: string, { mode }: Stats): void {
  if ((mode & 0o077) !== 0) {
    throw new ConfigError(`The key file ${file} can be read by others. Run: chmod 600 ${file}`)
  }
}

function isAnother(known: Stats, now: Stats | undefined): boolean {
  return now !== undefined && (now.ino !== known.ino || now.mtimeMs !== known.mtimeMs || now.size !== known.size)
}
