import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import type { InstallAccount } from '../../server/odoo/install-account.ts'
import { postgresEnvironment } from '../../server/odoo/module-states.ts'
import { marked } from '../../server/odoo/testing.ts'
import { odooAccount, openWorkbench } from './workbench.ts'

const PLACES = ['environment', 'memory', 'key', 'password', 'cluster', 'mirror', 'descriptor', 'socket'] as const
/** What the spy can do to itself, as the user that it is, also where nothing of the server is in reach. */
const report = z.union([
  z.object({ try: z.string(), got: z.string() }),
  z.object({ try: z.string(), refused: z.string() }),
  z.object({ look: z.string() }),
  z.object({ cores: z.array(z.string()) }),
  z.object({ outcome: z.object({ end: z.unknown() }), alive: z.number() }),
])

let bench: Awaited<ReturnType<typeof openWorkbench>>
let base: string
beforeAll(async () => {
  bench = await openWorkbench()
  base = await mkdtemp(join(tmpdir(), 'git-connections-spy-'))
  await chmod(base, 0o755)
})
afterAll(async () => {
  await bench[Symbol.asyncDispose]()
  await rm(base, { recursive: true, force: true })
})

/** Installs the spy under a server that holds canaries, and gives what it reported and which canaries it found. */
async function spyOn(account: InstallAccount, namespace: boolean, signal: number) {
  const here = await mkdtemp(join(base, 'run-'))
  await chmod(here, 0o755)
  const [releases, dataDir] = [join(here, 'releases'), join(here, 'data')]
  await mkdir(join(releases, 'other'), { recursive: true })
  await writeFile(join(releases, 'other/module.py'), 'untouched')
  await mkdir(dataDir, { mode: 0o755 })
  const module = join(releases, 'own/spy')
  await mkdir(module, { recursive: true })
  await copyFile(join(import.meta.dirname, 'spy.py'), join(module, '__init__.py'))
  await writeFile(join(module, '__manifest__.py'), "{'name': 'Spy', 'version': '1.0', 'depends': ['base']}")

  const canaries = Object.fromEntries(
    PLACES.map((place) => [place, `CANARY-${place}-${randomBytes(16).toString('hex')}`]),
  )
  const daemon = `daemon-${randomBytes(8).toString('hex')}`
  const database = new URL(inject('postgresUrl'))
  const orders = {
    ...{ account, namespace, dataDir, canaries, targetsFile: join(module, 'targets.json') },
    command: [
      ...['python3', join(bench.base, 'odoo-bin'), '--addons-path', join(releases, 'own')],
      ...['-d', bench.freshDatabase(), '-i', 'spy', '--stop-after-init', '--no-http', '--workers=0'],
    ],
    environment: postgresEnvironment(bench.databaseUrl),
    targets: {
      ...{ releases, daemon, signal, sockets: [] },
      ...{ databaseHost: database.hostname, databasePort: Number(database.port) },
    },
  }
  const server = spawn(process.execPath, [join(import.meta.dirname, 'canary-server.ts')], {
    env: { PATH: process.env.PATH, MASTER_KEYS: canaries.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  server.stdin.end(JSON.stringify(orders))
  const [output, [code]] = await Promise.all([
    Promise.all([server.stdout.toArray(), server.stderr.toArray()]),
    once(server, 'exit'),
  ])
  const text = Buffer.concat(output.flat()).toString()
  const lines = text.split('\n').filter((line) => line.startsWith('{'))
  return {
    ...{ text, code, daemon, releases, dataDir },
    reports: lines.map((line) => report.parse(JSON.parse(line))),
    found: PLACES.filter((place) => forms(canaries[place] ?? '').some((form) => text.includes(form))),
  }
}

/** How a secret may look in what somebody writes. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [secret, secret.slice(-16), bytes.toString('hex'), bytes.toString('base64').slice(0, 40)]
}

function tried(reports: Awaited<ReturnType<typeof spyOn>>['reports']) {
  return {
    refused: reports.flatMap((one) => ('refused' in one ? [one.try] : [])),
    got: reports.flatMap((one) => ('got' in one ? [one.try] : [])),
  }
}

const account = await odooAccount()

// Only root can become another account here.
describe.runIf(account.is === 'dropped')('the code of a hostile module', () => {
  if (account.is !== 'dropped') return
  const { uid, gid } = account.account
  const prefix = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--'] as const
  for (const [way, as, namespace] of [
    ['in a namespace', account, true],
    ['in a group', account, false],
    ['by a prefix', { is: 'prefixed', prefix: [...prefix], uid }, false],
  ] as const satisfies [string, InstallAccount, boolean][]) {
    test(`reaches nothing of the server ${way}`, async () => {
      const { reports, found, code, text, daemon, releases, dataDir } = await spyOn(as, namespace, 9)
      expect(found, text).toEqual([])
      const { refused, got } = tried(reports)
      expect(got).toEqual([])
      expect(refused.length).toBeGreaterThanOrEqual(30)
      expect(reports).toContainEqual({ cores: [] })
      expect(reports).toContainEqual({ look: expect.any(String) })
      expect(reports.at(-1)).toMatchObject({ outcome: { end: { is: 'exited', code: 0 } } })
      expect(code).toBe(0)
      expect(await marked(daemon)).toEqual([])
      expect(await readFile(join(releases, 'other/module.py'), 'utf8')).toBe('untouched')
      expect(await readdir(dataDir)).not.toContain('planted')
    })
  }
})

test('the same code finds every canary where it runs as the server, so that finding none means something', async () => {
  const { found, reports, text } = await spyOn({ is: 'same' }, false, 0)
  expect(found, text).toEqual(PLACES)
  const { got } = tried(reports)
  expect(got).toEqual(
    expect.arrayContaining([
      ...[
        'server_environment',
        'server_memory',
        'server_descriptors',
        'server_signal',
        'server_socket',
        'server_trace',
      ],
      ...[
        'master_key',
        'database_password',
        'database_files',
        'mirrors',
        'other_release',
        'new_release',
        'own_release',
      ],
      ...['releases_moved', 'data_folder_write', 'master_key_opened'],
    ]),
  )
})
