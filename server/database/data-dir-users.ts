import { randomInt, randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseStartError } from './database-start-error.ts'
import { processIdentity } from './process-identity.ts'

const SERVER_ATTEMPTS = 4
const TURN_LIMIT_MS = 120_000

/** A process's place among those that use a data folder. */
export interface DataDirUser {
  /** Whether other living processes use the folder too. */
  readonly hasCompany: () => Promise<boolean>
  /**
   * Runs an action while no other process runs one on this folder.
   * @throws {DatabaseStartError} when another holds its turn too long.
   */
  readonly inTurn: <Result>(action: () => Promise<Result>) => Promise<Result>
  readonly leave: () => Promise<void>
}

/**
 * Enters this process among the users of a data folder: one server, and any number of commands beside it.
 *
 * Each process has a file of its own, named after itself: it announces first and looks at the others then, so that of
 * two at the same moment at least one sees the other, and no file is ever taken over from the dead.
 * @throws {DatabaseStartError} when another server uses the folder, naming its process.
 */
export async function enterDataDir(dataDir: string, role: 'server' | 'command'): Promise<DataDirUser> {
  const folder = join(dataDir, 'processes')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const own = role === 'server' ? await claimServer(dataDir, folder) : await announce(folder, 'command')
  return {
    hasCompany: async () => (await othersIn(folder, ['server', 'command'], own)).length > 0,
    inTurn: (action) => inTurn(folder, action),
    leave: () => rm(join(folder, own), { force: true }),
  }
}

async function claimServer(dataDir: string, folder: string): Promise<string> {
  let holder: number | undefined
  for (let attempt = 1; attempt <= SERVER_ATTEMPTS; attempt++) {
    const own = await announce(folder, 'server')
    holder = (await othersIn(folder, ['server'], own))[0]
    if (holder === undefined) return own
    // Two that start together see each other: both step back, for times of their own.
    await rm(join(folder, own), { force: true })
    await delay(randomInt(30, 200))
  }
  throw new DatabaseStartError(
    `Another Git Connections (process ${holder}) uses the data folder ${dataDir}. Stop it, or set DATA_DIR to another folder.`,
  )
}

async function inTurn<Result>(folder: string, action: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + TURN_LIMIT_MS
  for (;;) {
    const own = await announce(folder, 'turn')
    try {
      const [holder] = await othersIn(folder, ['turn'], own)
      if (holder === undefined) return await action()
      if (Date.now() > deadline) {
        throw new DatabaseStartError(`Process ${holder} is starting or stopping the database and does not finish.`)
      }
    } finally {
      await rm(join(folder, own), { force: true })
    }
    await delay(randomInt(20, 120))
  }
}

/** Makes this process's file; its name says who, so nothing needs to be read to judge it. */
async function announce(folder: string, purpose: string): Promise<string> {
  const name = [purpose, process.pid, await processIdentity(process.pid), randomUUID().slice(0, 8)].join('.')
  await writeFile(join(folder, name), '', { flag: 'wx', mode: 0o600 })
  return name
}

/** The living others with one of the purposes; the files of dead ones are swept. */
async function othersIn(folder: string, purposes: readonly string[], own: string): Promise<number[]> {
  const living: number[] = []
  for (const name of await readdir(folder)) {
    const [purpose = '', pid = '', identity = ''] = name.split('.')
    if (name === own || !purposes.includes(purpose)) continue
    if ((await processIdentity(Number(pid))) === identity) living.push(Number(pid))
    else await rm(join(folder, name), { force: true })
  }
  return living
}
