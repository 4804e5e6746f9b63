import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databaseExists, moduleStates } from '../../server/odoo/module-states.ts'
import type { PlannedModule } from '../../server/odoo/verdict.ts'
import { openWorkbench } from './workbench.ts'

let bench: Awaited<ReturnType<typeof openWorkbench>>
beforeAll(async () => {
  bench = await openWorkbench()
  await bench.addModule('web_notify', { data: ['views/views.xml'] })
  await bench.addModule('shop', { depends: ['web_notify'] })
})
afterAll(() => bench[Symbol.asyncDispose]())

function install(...names: string[]): PlannedModule[] {
  return names.map((name) => ({ name, action: 'install', version: '17.0.1.0.0' }))
}

describe('a run of Odoo', () => {
  test('makes the database, installs in order, and updates later', async () => {
    const database = bench.freshDatabase()
    expect(await databaseExists(bench.databaseUrl, database)).toEqual({ is: 'missing' })
    expect(await moduleStates(bench.databaseUrl, database)).toEqual({ is: 'no-database' })
    const first = await bench.run(database, install('shop', 'web_notify'))
    expect(first.verdict).toEqual({ is: 'installed', warnings: { count: 0, first: [] } })
    expect(first.reading.touched).toEqual(['base', 'web_notify', 'shop'])
    expect(await databaseExists(bench.databaseUrl, database)).toEqual({ is: 'there' })
    await bench.addModule('web_notify', { version: '17.0.1.1.0' })
    const planned: PlannedModule[] = [{ name: 'web_notify', action: 'update', version: '17.0.1.1.0' }]
    const second = await bench.run(database, planned)
    expect(second.verdict).toMatchObject({ is: 'installed' })
    expect(second.reading.touched).toEqual(['web_notify', 'shop'])
    await bench.addModule('web_notify')
  })

  test('says what it does not know, although it ends with 0', async () => {
    const { end, verdict } = await bench.run(bench.freshDatabase(), install('web_notify', 'nothing'))
    expect(end).toEqual({ is: 'exited', code: 0 })
    expect(verdict).toMatchObject({
      is: 'failed',
      module: 'nothing',
      cause: expect.stringContaining('invalid module names'),
    })
  })

  test('is found out where it silently left an uninstallable module', async () => {
    await bench.addModule('off', { installable: false })
    const { end, verdict } = await bench.run(bench.freshDatabase(), install('off'))
    expect(end).toEqual({ is: 'exited', code: 0 })
    expect(verdict).toMatchObject({ is: 'failed', module: 'off', sentence: expect.stringContaining('"uninstallable"') })
  })

  test('is found out where a dependency is not installable', async () => {
    await bench.addModule('off', { installable: false })
    await bench.addModule('needs_off', { depends: ['off'] })
    const { end, verdict } = await bench.run(bench.freshDatabase(), install('needs_off'))
    expect(end).toEqual({ is: 'exited', code: 0 })
    expect(verdict).toMatchObject({
      is: 'failed',
      module: 'needs_off',
      cause: 'module needs_off: Unmet dependencies: off',
    })
  })

  test('names the file that is broken, and leaves what came before', async () => {
    await bench.addModule('zz_broken', { depends: ['web_notify'] }, { 'data/broken.xml': '<odoo>' })
    const { end, verdict, states, reading } = await bench.run(bench.freshDatabase(), install('web_notify', 'zz_broken'))
    expect(end).toEqual({ is: 'exited', code: 255 })
    const place = join(bench.release, 'zz_broken/data/broken.xml')
    const cause = `odoo.tools.convert.ParseError: while parsing file:${place}:3: ValueError: External ID not found in the system: base.nothing`
    expect(verdict).toMatchObject({
      ...{ is: 'failed', module: 'zz_broken', cause },
      sentence: `Failed while installing zz_broken: ${cause}`,
    })
    expect(states?.get('web_notify')?.state).toBe('installed')
    expect(states?.get('zz_broken')?.state).toBe('uninstalled')
    expect(reading.statesReset).toBe(true)
  })

  for (const [what, manifest, files, cause] of [
    [
      'code that fails',
      {},
      { '__init__.py': 'import nothing_here' },
      "ModuleNotFoundError: No module named 'nothing_here'",
    ],
    ['a missing dependency', { depends: ['nowhere'] }, {}, 'depends on module "nowhere". But the latter module is not'],
    [
      'a missing library',
      { external_dependencies: { python: ['no_zeep'] } },
      {},
      'Python library not installed: no_zeep',
    ],
    ['a missing program', { external_dependencies: { bin: ['no-lessc'] } }, {}, 'in path'],
    ['itself as a dependency', { depends: ['zz_case'] }, {}, 'Recursion error'],
  ] as const) {
    test(`fails on ${what}`, async () => {
      await bench.addModule('zz_case', manifest, files)
      const { end, verdict } = await bench.run(bench.freshDatabase(), install('zz_case'))
      expect(end).toEqual({ is: 'exited', code: 255 })
      expect(verdict).toMatchObject({ is: 'failed', cause: expect.stringContaining(cause) })
      await rm(join(bench.release, 'zz_case'), { recursive: true })
    })
  }

  test('is failed by an error that was logged while it went on', async () => {
    await bench.addModule('grumbles', {}, { error: 'the template of the mail is gone' })
    const { end, verdict } = await bench.run(bench.freshDatabase(), install('grumbles'))
    expect(end).toEqual({ is: 'exited', code: 0 })
    expect(verdict).toMatchObject({ is: 'failed', module: 'grumbles', cause: 'the template of the mail is gone' })
  })

  test('is failed by a bad option, or a configuration that is not there', async () => {
    const wrong = await bench.run(bench.freshDatabase(), install('shop'), { more: ['--no-such'] })
    expect(wrong.verdict).toMatchObject({ is: 'failed', cause: 'odoo-bin: error: no such option: --no-such' })
    const missing = await bench.run(bench.freshDatabase(), install('shop'), { more: ['-c', '/nonexistent'] })
    expect(missing.end).toEqual({ is: 'exited', code: 2 })
  })

  test('is failed where PostgreSQL is down', async () => {
    const environment = { PGHOST: '127.0.0.1', PGPORT: '1', PGUSER: 'odoo' }
    const { end, verdict } = await bench.run(bench.freshDatabase(), install('shop'), { environment })
    expect(end).toEqual({ is: 'exited', code: 1 })
    expect(verdict).toMatchObject({ is: 'failed', module: null, remedy: expect.stringContaining("Odoo's PostgreSQL") })
  })

  test('has nothing to do in an empty database', async () => {
    const database = bench.freshDatabase()
    const { end, verdict } = await bench.run(database, [])
    expect(end).toEqual({ is: 'exited', code: 0 })
    expect(verdict).toMatchObject({ is: 'failed', sentence: expect.stringContaining('database is empty') })
    expect(await moduleStates(bench.databaseUrl, database)).toEqual({ is: 'not-odoo' })
  })
})

describe("Odoo's database", () => {
  test('is told as unreachable, in words, without its password', async () => {
    const url = 'postgresql://odoo:canary-4711@127.0.0.1:1/postgres'
    const [states, existence] = [await moduleStates(url, 'x'), await databaseExists(url, 'x')]
    expect(states).toMatchObject({ is: 'unreachable', text: expect.stringContaining('ECONNREFUSED') })
    expect(existence).toMatchObject({ is: 'unreachable' })
    expect(JSON.stringify([states, existence])).not.toContain('canary-4711')
    const wrong = new URL(bench.databaseUrl)
    wrong.password = 'canary-4712'
    expect(await moduleStates(wrong.href, 'postgres')).toMatchObject({
      is: 'unreachable',
      text: expect.stringContaining('password'),
    })
  })
  test('is asked by the name of the environment, whatever characters it has', async () => {
    expect(await databaseExists(bench.databaseUrl, 'shop?x=/#%20')).toEqual({ is: 'missing' })
    expect(await databaseExists(bench.databaseUrl, 'postgres')).toEqual({ is: 'there' })
  })
})
