import { randomUUID } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { processIdentity } from '../database/process-identity.ts'

/**
 * Removes a release, with whatever it holds; links are removed, never followed. It vanishes from its place at once, so
 * that nobody sees half of it. One that is not there is fine.
 */
export async function removeRelease(path: string): Promise<void> {
  const aside = await folderBeside(path)
  try {
    await rename(path, aside)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  await rm(aside, { recursive: true, force: true, maxRetries: 2 })
}

/** A name beside a folder for what is not whole; it says which process works on it. */
export async function folderBeside(path: string): Promise<string> {
  const who = `${process.pid}.${await processIdentity(process.pid)}.${randomUUID().slice(0, 8)}`
  return join(dirname(path), `.${basename(path).slice(0, 100)}.partial.${who}`)
}

/** Removes what processes that died left beside a folder: half-written and half-removed releases. */
export async function sweepBeside(path: string): Promise<void> {
  const parent = dirname(path)
  for (const name of await readdir(parent)) {
    const [, pid = '', identity = ''] = /^\..*\.partial\.(\d+)\.([^.]+)\.[^.]+$/.exec(name) ?? []
    if (pid === '' || (await processIdentity(Number(pid))) === identity) continue
    await rm(join(parent, name), { recursive: true, force: true, maxRetries: 2 })
  }
}
