import { describe, expect, test } from 'vitest'
import type { ModuleState } from './module-states.ts'
import { readOdooLog } from './odoo-log.ts'
import type { RunEnd } from './run-confined.ts'
import { NOTHING_READ, type RunReading, readRecord } from './run-reading.ts'
import { judge, type PlannedModule, type RunEvidence } from './verdict.ts'

const LOADING = 'odoo.modules.loading'
const ok: RunEnd = { is: 'exited', code: 0 }
const broken: RunEnd = { is: 'exited', code: 255 }
const web: PlannedModule = { name: 'web_notify', action: 'install', version: '17.0.1.0.0' }
const installed = states({ web_notify: 'installed' })

function states(by: Record<string, string>, version = '17.0.1.0.0'): ReadonlyMap<string, ModuleState> {
  return new Map(Object.entries(by).map(([name, state]) => [name, { state, version }]))
}

function at(level: string, message: string, logger = LOADING): string {
  return `2026-11-28 01:02:03,456 123 ${level} shop ${logger}: ${message} `
}

const begun = [
  at('INFO', 'Odoo version 17.0', 'odoo'),
  at('INFO', 'loading 12 modules...'),
  at('INFO', 'Loading module web_notify (3/12)'),
  at('INFO', 'module web_notify: creating or updating database tables', 'odoo.modules.registry'),
  at('INFO', 'loading web_notify/views/views.xml'),
]
const done = [
  ...begun,
  at('INFO', 'Module web_notify loaded in 0.42s, 318 queries (+11 other)'),
  at('INFO', '12 modules loaded in 1.20s, 400 queries (+20 extra)'),
  at('INFO', 'Modules loaded.'),
]

function traceback(...last: string[]): string[] {
  return ['Traceback (most recent call last):', '  File "/opt/odoo/x.py", line 1, in f', '    g()', ...last]
}

/** As Odoo ends when loading fails. */
function registryFails(...last: string[]): string[] {
  return [
    at('WARNING', 'Transient module states were reset'),
    at('ERROR', 'Failed to load registry', 'odoo.modules.registry'),
    at('CRITICAL', 'Failed to initialize database `shop`.', 'odoo.service.server'),
    ...traceback(...last),
  ]
}

function read(lines: readonly string[]): RunReading {
  const reader = readOdooLog()
  return [...lines.map((line) => reader.push(line)), reader.end()]
    .filter((record) => record !== null)
    .reduce(readRecord, NOTHING_READ)
}

function verdict(lines: readonly string[], more: Partial<RunEvidence> = {}) {
  return judge({ end: ok, reading: read(lines), linesLeftOut: 0, planned: [web], states: installed, ...more })
}

describe('a run is installed', () => {
  test('when it ended with 0, logged no error, and the database has each module at its version', () => {
    expect(verdict(done)).toEqual({ is: 'installed', warnings: { count: 0, first: [] } })
  })
  test('with its warnings counted and the first of them kept', () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => at('WARNING', `w${index}`))
    const outcome = verdict([...done, ...lines])
    if (outcome.is !== 'installed') throw new Error(outcome.sentence)
    expect(outcome.warnings.count).toBe(1_000)
    expect(outcome.warnings.first).toHaveLength(20)
    expect(outcome.warnings.first[0]).toBe('w0')
  })
  test('with a warning where the database was not asked, or lines were left out', () => {
    expect(verdict(done, { states: null })).toMatchObject({ is: 'installed', warnings: { count: 1 } })
    expect(verdict(done, { linesLeftOut: 7 })).toMatchObject({
      is: 'installed',
      warnings: { count: 1, first: ['7 lines of the log were left out.'] },
    })
  })
  test('where Odoo grumbles about a module that nobody planned', () => {
    const lines = [
      at('WARNING', 'invalid module names, ignored: other'),
      at('WARNING', 'The module other has an incompatible version, setting installable=False', 'odoo.modules.module'),
      at('INFO', 'module other: Unmet dependencies: y', 'odoo.modules.graph'),
    ]
    expect(verdict([...done, ...lines])).toMatchObject({ is: 'installed' })
  })
})

describe('a run that ended with 0 is failed', () => {
  for (const [what, lines, more, expected] of [
    [
      'when Odoo did not know a name',
      [at('WARNING', 'invalid module names, ignored: x, web_notify')],
      { states: states({}) },
      { module: 'web_notify', cause: 'invalid module names, ignored: web_notify' },
    ],
    [
      'when nothing was said of an uninstallable module',
      [at('INFO', 'Modules loaded.')],
      { states: states({ web_notify: 'uninstallable' }) },
      { module: 'web_notify', sentence: expect.stringContaining('its state is "uninstallable"') },
    ],
    [
      'when nothing was said of a module, and the database could not be asked',
      [at('INFO', 'Modules loaded.')],
      { states: null },
      { module: 'web_notify', remedy: expect.stringContaining('ODOO_DATABASE_URL') },
    ],
    [
      'when an update did nothing, since the module is not installed',
      [at('INFO', 'Modules loaded.')],
      { states: states({ web_notify: 'uninstalled' }), planned: [{ ...web, action: 'update' }] },
      { module: 'web_notify', sentence: expect.stringContaining('did not update web_notify') },
    ],
    [
      'when the database has another version',
      done,
      { states: states({ web_notify: 'installed' }, '17.0.0.9.0') },
      { module: 'web_notify', sentence: expect.stringContaining('at version 17.0.0.9.0, not 17.0.1.0.0') },
    ],
    [
      'when a dependency is not installable',
      [
        at('INFO', 'module web_notify: Unmet dependencies: bus_x', 'odoo.modules.graph'),
        at('ERROR', "Some modules have inconsistent states, some dependencies may be missing: ['web_notify']"),
      ],
      { states: states({ web_notify: 'to install' }) },
      { module: 'web_notify', cause: 'module web_notify: Unmet dependencies: bus_x' },
    ],
    [
      'when a dependency was not loaded, in the words of 19',
      [at('INFO', 'module web_notify: some depends are not loaded, skipped', 'odoo.modules.module_graph')],
      { states: states({ web_notify: 'to install' }) },
      { module: 'web_notify', cause: 'module web_notify: some depends are not loaded, skipped' },
    ],
    [
      'when an installed module vanished',
      [
        at('WARNING', 'module gone: not installable, skipped', 'odoo.modules.graph'),
        at('ERROR', "Some modules are not loaded, some dependencies or manifest may be missing: ['gone']"),
      ],
      {},
      { module: 'gone', cause: 'module gone: not installable, skipped' },
    ],
    [
      'when modules are in a loop',
      [at('WARNING', 'module web_notify: in a dependency loop, skipped', 'odoo.modules.module_graph')],
      { states: states({ web_notify: 'to install' }) },
      { module: 'web_notify', sentence: expect.stringContaining('in a dependency loop') },
    ],
    [
      'when the version is of another series, in the words of 19',
      [
        at(
          'WARNING',
          'The module web_notify has an incompatible version, setting installable=False',
          'odoo.modules.module',
        ),
      ],
      { states: states({ web_notify: 'uninstallable' }) },
      { module: 'web_notify', cause: expect.stringContaining('incompatible version') },
    ],
    [
      'when the database was empty and nothing was to be installed',
      [at('ERROR', 'Database shop not initialized, you can force it with `-i base`', LOADING)],
      { planned: [] },
      { module: null, sentence: expect.stringContaining('database is empty') },
    ],
    [
      'when an error was logged after success',
      [...done, at('ERROR', 'The cron of x is broken', 'odoo.addons.web_notify.models.x')],
      {},
      { module: 'web_notify', cause: 'The cron of x is broken' },
    ],
    [
      'when several errors were logged, the first of which counts',
      [...done, at('ERROR', 'first', 'odoo.x'), ...traceback('ValueError: why'), at('ERROR', 'second', 'odoo.x')],
      {},
      {
        module: null,
        sentence: 'Odoo logged an error and 1 more: first: ValueError: why',
        cause: 'first: ValueError: why',
      },
    ],
  ] as const) {
    test(what, () => {
      const outcome = verdict(lines, more)
      expect(outcome).toMatchObject({ is: 'failed', ...expected })
    })
  }
})

describe('a run that ended with 255 is failed', () => {
  for (const [last, module, remedy] of [
    [['odoo.exceptions.UserError: no such field'], 'web_notify', 'Mend the module'],
    [['psycopg2.errors.UndefinedColumn: column x does not exist'], 'web_notify', 'Mend the module'],
    [['odoo.tools.convert.ParseError: while parsing file:/srv/r/web_notify/views.xml:12'], 'web_notify', 'named file'],
    [["ModuleNotFoundError: No module named 'zeep'"], 'web_notify', 'Install what is missing'],
    [
      [
        'odoo.exceptions.UserError: Unable to install module "sms_x" because an external dependency is not met: Python library not installed: zeep',
      ],
      'sms_x',
      'Install what is missing',
    ],
    [
      [
        'odoo.exceptions.UserError: You try to install module "shop_y" that depends on module "z".',
        'But the latter module is not available in your system.',
      ],
      'shop_y',
      'Add the repository',
    ],
    [['odoo.exceptions.UserError: Recursion error in modules dependencies !'], 'web_notify', 'loop'],
    [['odoo.exceptions.UserError: Modules "A" and "B" are incompatible.'], 'web_notify', 'Leave one'],
    [["ValueError: Invalid version '16.0.1.0.0'. Modules should have a version"], 'web_notify', 'manifest'],
    [
      ['psycopg2.errors.LockNotAvailable: canceling statement due to lock timeout'],
      'web_notify',
      'holds this database',
    ],
    [['OSError: [Errno 28] No space left on device'], 'web_notify', 'disk'],
  ] as const) {
    test(`by its cause: ${last[0]}`, () => {
      const outcome = verdict([...begun, ...registryFails(...last)], { end: broken, states: states({}) })
      expect(outcome).toEqual({
        ...{ is: 'failed', module, cause: last.join(' ') },
        sentence: `Failed while ${module === 'web_notify' ? 'installing' : 'loading'} ${module}: ${last.join(' ')}`,
        remedy: expect.stringMatching(new RegExp(`${remedy}.*Modules that were done before it stay as they are now.$`)),
      })
    })
  }
  test('while updating, where that was planned', () => {
    const planned: PlannedModule[] = [{ ...web, action: 'update' }]
    const outcome = verdict([...begun, ...registryFails('KeyError: 1')], { end: broken, planned })
    expect(outcome).toMatchObject({ sentence: 'Failed while updating web_notify: KeyError: 1' })
  })
  test('without a cause where the log gives none', () => {
    expect(verdict([], { end: broken })).toMatchObject({
      is: 'failed',
      sentence: 'Odoo failed (exit code 255).',
      cause: null,
    })
  })
})

describe('a run that ended in another way is failed', () => {
  for (const [what, end, lines, expected] of [
    [
      'when PostgreSQL is down',
      { is: 'exited', code: 1 },
      [
        at('INFO', 'database: odoo@localhost:5432', 'odoo'),
        ...traceback('psycopg2.OperationalError: connection to server at "localhost" failed: Connection refused'),
      ],
      {
        module: null,
        sentence: expect.stringMatching(/^Odoo failed: psycopg2/),
        remedy: expect.stringContaining('PostgreSQL'),
      },
    ],
    [
      'when the database user is postgres',
      { is: 'exited', code: 1 },
      ["Using the database user 'postgres' is a security risk, aborting."],
      { remedy: expect.stringContaining('user of its own') },
    ],
    [
      'when tests failed',
      { is: 'exited', code: 1 },
      [
        ...done,
        at('ERROR', 'FAIL: TestX.test_y', 'odoo.addons.web_notify.tests.test_x'),
        at('ERROR', 'At least one test failed when loading the modules.', 'odoo.service.server'),
      ],
      { module: 'web_notify', sentence: 'The tests of web_notify failed.', cause: 'FAIL: TestX.test_y' },
    ],
    [
      'when an option is wrong',
      { is: 'exited', code: 2 },
      ['Usage: odoo-bin [options]', '', 'odoo-bin: error: no such option: --no-http'],
      { cause: 'odoo-bin: error: no such option: --no-http', remedy: expect.stringContaining('ODOO_COMMAND') },
    ],
    [
      'when there is no such program',
      { is: 'exited', code: 127 },
      ['setpriv: failed to execute /opt/odoo: No such file or directory'],
      { sentence: 'Odoo could not be started.', cause: expect.stringContaining('No such file') },
    ],
    ['when it could not begin', { is: 'not-started', text: 'EAGAIN' }, [], { cause: 'EAGAIN' }],
    [
      'when the memory ran out',
      { is: 'killed', signal: 9 },
      begun,
      {
        ...{ module: 'web_notify', remedy: expect.stringContaining('memory') },
        sentence: 'Odoo was ended by signal 9 while installing web_notify.',
      },
    ],
    [
      'when it crashed',
      { is: 'killed', signal: 11 },
      begun,
      { module: 'web_notify', sentence: expect.stringContaining('11') },
    ],
    [
      'when it took too long',
      { is: 'deadline' },
      begun,
      { module: 'web_notify', remedy: expect.stringContaining('ODOO_DEADLINE_MINUTES') },
    ],
    [
      'when it was cancelled',
      { is: 'cancelled' },
      begun,
      { module: 'web_notify', sentence: 'The run was cancelled while installing web_notify.' },
    ],
  ] as const) {
    test(what, () => {
      expect(verdict(lines, { end })).toMatchObject({ is: 'failed', ...expected })
    })
  }
})

test('the reading of a million lines keeps next to nothing', () => {
  const reader = readOdooLog()
  let reading = NOTHING_READ
  for (let line = 0; line < 1_000_000; line++) {
    const record = reader.push(at(line % 2 ? 'WARNING' : 'INFO', `line ${line}`))
    if (record) reading = readRecord(reading, record)
  }
  expect(JSON.stringify(reading).length).toBeLessThan(2_000)
  expect(reading.warnings.count).toBe(499_999)
})
