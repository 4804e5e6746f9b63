import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openOwnDatabase } from './own-database.ts'
import { findPostmaster } from './postmaster.ts'
import { runProgram } from './run-program.ts'

const NOBODY = 65_534
const HOLDER = `
  import { openOwnDatabase } from '${new URL('own-database.ts', import.meta.url)}'
  try {
    const database = await openOwnDatabase({ dataDir: process.argv[1], role: process.argv[2] })
    console.log(database.connectionString)
    process.once('SIGTERM', () => database.stop().then(() => process.exit(0)))
    setInterval(() => {}, 1e6)
  } catch (error) {
    console.log(error.message)
    process.exit(1)
  }`

let base: string
const holders: ChildProcess[] = []

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'git-connections-left-'))
  await chmod(base, 0o777)
})

afterEach(async () => {
  for (const holder of holders.splice(0)) {
    if (holder.exitCode === null && holder.signalCode === null) {
      holder.kill('SIGTERM')
      await once(holder, 'exit')
    }
  }
  await rm(base, { recursive: true, force: true })
})

/** A process of its own that opens the database, and what it first says. */
async function hold(role: 'server' | 'command', uid?: number): Promise<{ holder: ChildProcess; said: string }> {
  const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, join(base, 'data'), role], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid !== undefined && { uid, gid: uid }),
  })
  holders.push(holder)
  const first = once(holder.stdout, 'data').then(([chunk]) => String(chunk).trim())
  const said = await Promise.race([first, once(holder, 'exit').then(([code]) => `ended with ${code}`)])
  return { holder, said }
}

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const { rows } = await client.query(text).finally(() => client.end())
  return rows
}

const clusterDir = () => join(base, 'data', 'postgres', 'cluster')

describe('a PostgreSQL that outlived its server', () => {
  it('is stopped and started anew by the next one, with every row that was acknowledged', async () => {
    const { holder, said } = await hold('server')
    await query(said, 'create table kept as select 1 as row')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const orphan = await findPostmaster(clusterDir())
    expect(orphan?.ready).toBe(true)
    const database = await openOwnDatabase({ dataDir: join(base, 'data'), role: 'server' })
    expect((await findPostmaster(clusterDir()))?.pid).not.toBe(orphan?.pid)
    expect(await query(database.connectionString, 'select * from kept')).toEqual([{ row: 1 }])
    await database.stop()
  })

  it('is used as it is while a command works on it', async () => {
    const { holder } = await hold('server')
    const command = await hold('command')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const database = await openOwnDatabase({ dataDir: join(base, 'data'), role: 'server' })
    expect(database.connectionString).toBe(command.said)
    await database.stop()
    expect(await query(command.said, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('survives a Ctrl+C in the terminal, which is for the server to answer', async () => {
    const { said } = await hold('server')
    const running = await findPostmaster(clusterDir())
    const { output } = await runProgram('ps', ['-o', 'pgid=', '-p', String(running?.pid)])
    expect(Number(output)).toBe(running?.pid)
    expect(await query(said, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('knows no secret from the environment of the server', async () => {
    process.env.MASTER_KEYS = 'canary-of-the-environment'
    await hold('server').finally(() => delete process.env.MASTER_KEYS)
    const running = await findPostmaster(clusterDir())
    const environment =
      process.platform === 'linux'
        ? await readFile(`/proc/${running?.pid}/environ`, 'utf8')
        : (await runProgram('ps', ['-Eww', '-o', 'command=', '-p', String(running?.pid)])).output
    expect(environment).toContain('LC_ALL=C')
    expect(environment).not.toContain('canary-of-the-environment')
  })
})

// Only root can become somebody else, and somebody else must be able to read this project.
const mayBeAnother =
  process.getuid?.() === 0 &&
  (await runProgram(process.execPath, ['-e', `fs.accessSync(${JSON.stringify(import.meta.filename)})`], {
    name: 'nobody',
    uid: NOBODY,
    gid: NOBODY,
  }).then(({ code }) => code === 0))

describe.runIf(mayBeAnother)('started by a plain user', () => {
  it('runs as that user', async () => {
    const { said } = await hold('server', NOBODY)
    expect(await query(said, 'select 1 as one')).toEqual([{ one: 1 }])
    const running = await findPostmaster(clusterDir())
    const { output } = await runProgram('ps', ['-o', 'uid=', '-p', String(running?.pid)])
    expect(Number(output)).toBe(NOBODY)
  })

  it('is told whose the data folder is when root made it', async () => {
    const database = await openOwnDatabase({ dataDir: join(base, 'data'), role: 'server' })
    await database.stop()
    await access(clusterDir())
    const { said } = await hold('server', NOBODY)
    expect(said).toMatch(
      /^The data folder .* cannot be used \(EACCES at .*\)\. Make it writable for the user who starts/,
    )
  })
})
