import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startEmbeddedPostgres } from '../../server/database/embedded-postgres.ts'
import { postgresAccount } from '../../server/database/postgres-account.ts'
import { postgresBinaries } from '../../server/database/postgres-binaries.ts'
import { stopPostmaster } from '../../server/database/postmaster.ts'
import { runProgram } from '../../server/database/run-program.ts'
import { startPostmaster } from '../../server/database/start-postmaster.ts'

/** `immediate`: told to drop everything at once. `killed`: its main process is killed, its sessions find out later. */
export type Crash = 'immediate' | 'killed'

/** A PostgreSQL that keeps what it acknowledged, and can be made to crash. */
export type DurablePostgres = AsyncDisposable & {
  /** The same after each crash. */
  readonly connectionString: string
  readonly crash: (how: Crash) => Promise<void>
  /** Starts it after a crash; resolves when it has recovered. */
  readonly revive: () => Promise<void>
}

/** Makes a cluster with every protection on, and runs PostgreSQL on it. */
export async function startDurablePostgres(): Promise<DurablePostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'git-connections-durable-'))
  // PostgreSQL runs as another account where we are root, and must get through.
  await chmod(folder, 0o711)
  const clusterDir = join(folder, 'postgres')
  const postgres = await startEmbeddedPostgres({ clusterDir, durable: true })
  const account = await postgresAccount()
  const binaries = await postgresBinaries(account)
  let pid: number | null = postgres.pid
  return {
    connectionString: postgres.connectionString,
    async crash(how) {
      if (pid === null) throw new Error('It has crashed already.')
      if (how === 'killed') process.kill(pid, 'SIGKILL')
      else {
        const pgCtl = join(dirname(binaries.postgres), 'pg_ctl')
        const { code, output } = await runProgram(pgCtl, ['stop', '-m', 'immediate', '-D', clusterDir], account)
        if (code !== 0) throw new Error(output)
      }
      pid = null
    },
    async revive() {
      const port = Number(new URL(postgres.connectionString).port)
      pid = (await startPostmaster({ clusterDir, binaries, account, settings: {}, port })).pid
    },
    async [Symbol.asyncDispose]() {
      if (pid !== null) await stopPostmaster(pid)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
