import { chown, mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseStartError } from './database-start-error.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { type Account, runProgram } from './run-program.ts'

/** The name of every cluster's superuser, who owns our tables. */
export const SUPERUSER = 'postgres'

export interface NewCluster {
  /** Must not exist yet. */
  readonly clusterDir: string
  readonly binaries: PostgresBinaries
  /** Whom the cluster shall belong to; null for ourselves. */
  readonly account: Account | null
  readonly password: string
  /** False leaves out what protects against a power cut. */
  readonly durable: boolean
}

/**
 * Makes an empty cluster, beside its place first and then moved there, so that a kill in between leaves nothing
 * half-made.
 * @throws {DatabaseStartError} with the reason that initdb gave.
 */
export async function createCluster({ clusterDir, binaries, account, password, durable }: NewCluster): Promise<void> {
  const workshop = `${clusterDir}.new`
  await rm(workshop, { recursive: true, force: true })
  await mkdir(workshop, { recursive: true, mode: 0o700 })
  const passwordFile = join(workshop, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (account) {
    for (const path of [passwordFile, workshop]) await chown(path, account.uid, account.gid)
  }
  const { code, output } = await runProgram(
    binaries.initdb,
    [
      ...['--pgdata', join(workshop, 'cluster'), '--username', SUPERUSER, '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-instructions'],
      // Sorts and folds case the same on every machine, whatever its locales are.
      ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
      ...(durable ? [] : ['--no-sync']),
    ],
    account,
  )
  if (code !== 0) {
    await rm(workshop, { recursive: true, force: true })
    throw new DatabaseStartError(`The database could not be made in ${clusterDir}: ${output.split('\n').at(-1)}`)
  }
  await rename(join(workshop, 'cluster'), clusterDir)
  const parent = await open(dirname(clusterDir))
  await parent.sync().finally(() => parent.close())
  await rm(workshop, { recursive: true, force: true })
}
