import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { openPool, queryBuilder } from '@git-connections/events/store'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Tables } from '../../server/database/tables.ts'
import { readInstallationKey } from '../../server/vault/installation-key.ts'
import { readKeyring } from '../../server/vault/keyring.ts'
import { freePort } from '../free-port.ts'
import { startGitHub } from '../simulators/github.ts'
import { startGitLab } from '../simulators/gitlab.ts'
import { type Answer, createCaller, listen } from './canary/caller.ts'
import { changeConnections, connect, fillProviders, hearEchoes } from './canary/connections-story.ts'
import { deploy } from './canary/deploy-story.ts'
import { registerApplications, shownAt, signIn, useApp } from './canary/grants-story.ts'
import { changePassword, EMAIL, invite, signUp, useKeys } from './canary/people-story.ts'
import { startPostgresThatLogs } from './canary/postgres-that-logs.ts'
import { createScanner, type Leak, type Secret } from './canary/scanner.ts'
import { control, refusedPastes, secrets } from './canary/secrets.ts'
import { runProgram, startWatchedServer } from './canary/watched-server.ts'
import { askFor, mistake } from './canary/wrong-inputs.ts'

const known: Secret[] = [...Object.values(secrets), ...refusedPastes]
/** What each place held once everything was done. */
const places = new Map<string, (Buffer | string)[]>()
const columns = new Map<string, string>()
let answers: readonly Answer[] = []
const closers: (() => PromiseLike<unknown>)[] = []

beforeAll(tell, 600_000)
afterAll(async () => {
  for (const close of closers.reverse()) await close()
})

async function tell(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'canary-'))
  closers.push(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o711)
  const [temporary, home, dataDir, releases] = [
    join(folder, 'tmp'),
    join(folder, 'home'),
    join(folder, 'data'),
    join(folder, 'releases'),
  ]
  for (const path of [temporary, home, dataDir]) await mkdir(path)
  const [github, gitlab, postgres, port] = await Promise.all([
    startGitHub(),
    startGitLab(),
    startPostgresThatLogs(folder, secrets.databasePassword.value),
    freePort(),
  ])
  closers.push(
    () => github[Symbol.asyncDispose](),
    () => gitlab[Symbol.asyncDispose](),
    () => postgres.stop(),
  )
  fillProviders({ github, gitlab })
  const origin = `http://${control.text.marker}.localhost:${port}`
  const learn = (secret: Secret) => known.push(secret)
  const applications = await registerApplications({ github, gitlab, learn }, origin)
  const trusted = [github.url, github.apiUrl, gitlab.url].map((address) => new URL(address).host).join(',')
  const env = {
    ...{ PATH: [process.env.PATH, join('/nowhere', control.text.marker)].join(delimiter) },
    ...{
      HOME: home,
      TMPDIR: temporary,
      DATA_DIR: dataDir,
      DEPLOY_DIR: releases,
      PORT: String(port),
      PUBLIC_URL: origin,
    },
    ...{ DATABASE_URL: postgres.connectionString, MASTER_KEYS: secrets.masterKey.value, LOG_LEVEL: 'trace' },
    ...{ GITHUB_URL: github.url, GITHUB_API_URL: github.apiUrl, GITLAB_URL: gitlab.url, TRUSTED_HOSTS: trusted },
    ...{ GITHUB_CLIENT_ID: applications.hub.clientId, GITHUB_CLIENT_SECRET: applications.hub.clientSecret },
  }
  const server = await startWatchedServer(env)
  closers.push(() => server.stop())
  const caller = createCaller(`http://127.0.0.1:${port}`, origin)
  const part = { caller, github, gitlab, learn }
  await signUp(part)
  const live = await listen(`http://127.0.0.1:${port}`, caller.cookie())
  const ids = await connect(part)
  await hearEchoes(part, ids)

  // While git waits for its answer, it has the token, and whoever looks can look for as long as they like.
  const waiting = github.fault({ kind: 'hang', area: 'git', token: secrets.classic.value })
  const validation = caller.mutate('connections.validate', { connectionId: control.id.marker })
  await vi.waitFor(() => expect(waiting.hits).toBe(1), { timeout: 20_000 })
  for (const path of [temporary, home]) await writeFile(join(path, 'planted'), control.text.marker)
  const whileGitRan = await contentsOf(temporary)
  waiting.lift()
  await validation
  await deploy(part, control.id.marker)

  await changeConnections(part, ids)
  await signIn(part, applications)
  await useApp(part, applications)
  await invite(part)
  await useKeys(part)
  await changePassword(part)
  await mistake(caller, secrets.fineGrained)
  await mistake(caller, secrets.personal)
  await askFor(caller)
  const programs = [
    ['server/cli/replay.ts'],
    ['server/cli/replay.ts', '--verify'],
    ['server/cli/replay.ts', '--as-of', new Date().toISOString()],
    ['server/cli/admin.ts', 'list-people'],
  ]
  const printed: string[] = []
  for (const args of programs) printed.push(await runProgram(args, env))
  printed.push(await runProgram(['server/main.ts'], { ...env, MASTER_KEYS: secrets.malformedKey.value }))
  const reset = await runProgram(['server/cli/admin.ts', 'reset-password', EMAIL], env)
  known.push({ kind: 'password that the operator set', marker: /: (\S{20})$/m.exec(reset)?.[1] ?? '' })
  await learnDerivedKeys(postgres.connectionString, folder)

  known.push(...shownAt('GitHub', github.requests), ...shownAt('GitLab', gitlab.requests))
  await live.stop()
  await server.stop()
  for (const [name, text] of await postgres.columns()) columns.set(name, text)
  await postgres.stop()

  answers = caller.answers
  const seen = server.seen()
  places.set('what the server printed', [server.output()])
  places.set('what the command line printed', printed)
  places.set('the stream of events', [live.text()])
  places.set(
    'the command lines of child processes',
    seen.map(({ commandLine }) => commandLine),
  )
  places.set(
    'the environments of child processes',
    seen.map(({ environment }) => environment),
  )
  places.set('temporary files while git runs', whileGitRan)
  places.set('temporary files afterwards', await contentsOf(temporary))
  places.set('home and data folder', [
    ...(await contentsOf(home)),
    ...(await contentsOf(dataDir)),
    ...(await contentsOf(releases)),
  ])
  places.set("the database's log", [await readFile(postgres.logFile)])
  places.set("the database's files", await contentsOf(postgres.clusterDir))
}

const EVERYWHERE = [
  'what the server printed',
  'what the command line printed',
  'the stream of events',
  'the command lines of child processes',
  'the environments of child processes',
  'temporary files while git runs',
  'temporary files afterwards',
  'home and data folder',
  "the database's log",
  "the database's files",
]

/**
 * Sessions are looked up by their token, so the database holds it. Without its signature, made with a key of the vault,
 * it opens nothing.
 */
const KEPT = { column: 'public.session.token', places: ["the database's log", "the database's files"] }
const isSessionToken = (kind: string) => kind.startsWith('session token of')

describe('a secret, after everything was done with it and its like', () => {
  it('is one of many', () => expect(known.length).toBeGreaterThan(60))

  it.each(EVERYWHERE)('is not in %s', (place) => {
    const kept = KEPT.places.includes(place)
    expect(leaksIn(place).filter(({ kind }) => !(kept && isSessionToken(kind)))).toEqual([])
  })

  it('is in no column of the database', () => {
    const leaks = [...columns].flatMap(([column, text]) => find(text).map((leak) => ({ column, ...leak })))
    expect(leaks.filter(({ column, kind }) => !(column === KEPT.column && isSessionToken(kind)))).toEqual([])
  })

  it('is in no answer but those that are there to show it, and not in the body if it is a session', () => {
    const wrong = answers.filter(({ headers, body, shows }) => {
      const [inHeaders, inBody] = [kindsIn(headers), kindsIn(body)]
      const session = shows.some(isSessionToken)
      return (
        String(inHeaders) !== String(session ? [...shows].sort() : []) ||
        String(inBody) !== String(session ? [] : shows)
      )
    })
    expect(wrong.map((answer) => ({ ...answer, found: kindsIn(answer.headers + answer.body) }))).toEqual([])
  })
})

/** What shows that a leak would have been seen: the same ways, taken by a text that is no secret. */
describe('a text that is no secret', () => {
  it.each(EVERYWHERE)('is found in %s', (place) => expect(controlsIn(place)).not.toEqual([]))

  it('is found in columns, answers and errors', () => {
    const found = [...columns].filter(([, text]) => findControl(text).length > 0).map(([column]) => column)
    expect(found).toEqual(
      expect.arrayContaining(['public.connection_status.name', 'public.event.data', 'pgboss.job_common.data']),
    )
    const told = answers.filter(({ body }) => findControl(body).length > 0)
    expect(told.length).toBeGreaterThan(20)
    expect(told.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 404]))
  })

  it('is bound to statements in the log of a database that was told to log everything', () => {
    expect(String(places.get("the database's log"))).toMatch(new RegExp(`arameters: .*${control.text.marker}`))
  })
})

describe('the session tokens that the database keeps', () => {
  it('are there, so that this exception is known to be needed', () => {
    for (const place of KEPT.places) expect(leaksIn(place).some(({ kind }) => isSessionToken(kind))).toBe(true)
    expect(kindsIn(columns.get(KEPT.column) ?? '').some(isSessionToken)).toBe(true)
  })
})

describe('what the server prints', () => {
  it('is its greeting, and one JSON object a line', () => {
    const [greeting, ...lines] = String(places.get('what the server printed')).trim().split('\n')
    expect(greeting).toMatch(/^Git Connections is ready at /)
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow()
  })
})

describe('the programs that the server starts', () => {
  it('were looked at while they ran', () => {
    expect(String(places.get('the command lines of child processes'))).toContain('git-remote-http')
  })
})

let scanner: ReturnType<typeof createScanner> | undefined
const findControl = createScanner(Object.values(control))

/** The secrets in a text; made when all of them are known. */
function find(text: Buffer | string) {
  scanner ??= createScanner(known)
  return scanner(text)
}

const leaks = new Map<string, Leak[]>()
function leaksIn(place: string): Leak[] {
  const found = leaks.get(place) ?? (places.get(place) ?? []).flatMap(find)
  leaks.set(place, found)
  return found
}

function controlsIn(place: string) {
  return (places.get(place) ?? []).flatMap(findControl)
}

function kindsIn(text: string): string[] {
  return [...new Set(find(text).map(({ kind }) => kind))].sort()
}

/** The keys that the vault derives are secrets too; whoever has the master key can make them. */
async function learnDerivedKeys(connectionString: string, dataDir: string): Promise<void> {
  const pool = openPool(connectionString)
  const keys = await readKeyring({ masterKeys: secrets.masterKey.value, dataDir })
  const purposeKey = await readInstallationKey(queryBuilder<Tables>(pool), keys).finally(() => pool.end())
  for (const purpose of ['sessions', 'fingerprints', 'invitations']) {
    known.push({ kind: `key of the ${purpose}`, marker: purposeKey(purpose) })
  }
}

/** Names and contents of all files below a folder. */
async function contentsOf(path: string): Promise<(Buffer | string)[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return [entries.map(({ name }) => name).join('\n'), ...(await Promise.all(files.map((file) => readFile(file))))]
}
