import { randomBytes } from 'node:crypto'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import type { Words } from '../../server/odoo/command-words.ts'
import { type InstallAccount, installAccount } from '../../server/odoo/install-account.ts'
import { moduleStates, postgresEnvironment } from '../../server/odoo/module-states.ts'
import { odooCommand } from '../../server/odoo/odoo-command.ts'
import { readOdooLog } from '../../server/odoo/odoo-log.ts'
import { type ConfinedRun, runConfined } from '../../server/odoo/run-confined.ts'
import { NOTHING_READ, readRecord } from '../../server/odoo/run-reading.ts'
import { judge, type PlannedModule } from '../../server/odoo/verdict.ts'

/** What a run is told beside its modules. */
export interface RunOptions extends Partial<ConfinedRun> {
  readonly series?: string
  /** Further words of ODOO_COMMAND. */
  readonly more?: readonly string[]
}

/** Another account where we are root, else ourselves, who then can't be kept apart. */
export async function odooAccount(): Promise<InstallAccount> {
  const none = { user: undefined, runAs: undefined, sameUserAllowed: true }
  const choice = await installAccount(none)
  if (choice.is === 'refused') throw new Error(choice.sentence)
  return choice
}

/** A place with a stand-in for Odoo, a release to put modules into, and a database user of Odoo's own. */
export async function openWorkbench() {
  const base = await mkdtemp(join(tmpdir(), 'git-connections-odoo-'))
  await chmod(base, 0o755)
  const [program, release] = [join(base, 'odoo-bin'), join(base, 'release')]
  for (const file of ['odoo-bin', 'postgres_wire.py']) await cp(join(import.meta.dirname, file), join(base, file))
  await mkdir(release)
  const account = await odooAccount()
  const role = `odoo_${randomBytes(6).toString('hex')}`
  const password = randomBytes(12).toString('base64url')
  await asSuperuser(`create role ${role} login createdb password '${password}'`)
  const server = new URL(inject('postgresUrl'))
  server.username = role
  server.password = password
  const databases: string[] = []

  return {
    ...{ base, release, account, databaseUrl: server.href, role },
    /** Names a database that is not there yet. */
    freshDatabase(): string {
      const name = `${role}_${databases.length}`
      databases.push(name)
      return name
    },
    /** Puts a module into the release. */
    async addModule(name: string, manifest: Record<string, unknown> = {}, files: Record<string, string> = {}) {
      const declared = JSON.stringify({ name, version: '17.0.1.0.0', depends: ['base'], ...manifest })
      const literal = declared.replace(/\b(true|false)\b/g, (word) => (word === 'true' ? 'True' : 'False'))
      for (const [path, text] of Object.entries({ '__init__.py': '', ...files, '__manifest__.py': literal })) {
        await mkdir(dirname(join(release, name, path)), { recursive: true })
        await writeFile(join(release, name, path), text)
      }
    },
    /** Runs the plan as a deployment does, and judges it. */
    async run(database: string, planned: readonly PlannedModule[], options: RunOptions = {}) {
      const { series = '17.0', more = [], ...confined } = options
      const config = join(base, 'odoo.conf')
      await writeFile(config, `[options]\nseries = ${series}\n`)
      const names = (action: PlannedModule['action']) =>
        planned.filter((module) => module.action === action).map(({ name }) => name)
      const program_: Words = ['python3', program, '-c', config, ...more]
      const command = odooCommand(program_, {
        ...{ series, database, addonsPath: [release], install: names('install'), update: names('update'), demo: false },
      })
      const reader = readOdooLog()
      let reading = NOTHING_READ
      let lines = 0
      const hear = (record: ReturnType<typeof reader.end>) => {
        if (record) reading = readRecord(reading, record)
      }
      const { end, linesLeftOut } = await runConfined({
        ...{ account, command, environment: postgresEnvironment(server.href), deadlineMs: 60_000 },
        ...{ signal: new AbortController().signal, graceMs: 1_000, ...confined },
        onLine: (stream, text) => {
          lines++
          if (stream === 'stderr') hear(reader.push(text))
          return confined.onLine?.(stream, text)
        },
      })
      hear(reader.end())
      const asked = await moduleStates(server.href, database)
      const states = asked.is === 'known' ? asked.modules : null
      return { end, lines, reading, states, verdict: judge({ end, reading, linesLeftOut, planned, states }) }
    },
    async [Symbol.asyncDispose]() {
      for (const name of databases) await asSuperuser(`drop database if exists ${name} with (force)`)
      await asSuperuser(`drop role ${role}`)
      await rm(base, { recursive: true, force: true })
    },
  }
}

/** Carries a statement out in the tests' PostgreSQL. */
async function asSuperuser(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}
