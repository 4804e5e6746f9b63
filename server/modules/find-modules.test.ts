import { describe, expect, test } from 'vitest'
import { findModules } from './find-modules.ts'
import { seriesOf, treeOf } from './testing.ts'

const find = (files: Record<string, string>, options: { series?: string; submodulePaths?: string[] } = {}) =>
  findModules(
    { repository: 'acme/web', entries: treeOf(files), submodulePaths: options.submodulePaths ?? [] },
    seriesOf(options.series ?? '17.0'),
  )
const placesIn = (...args: Parameters<typeof find>) => find(...args).modules.map(({ path }) => path)
const problemsIn = (...args: Parameters<typeof find>) =>
  find(...args).problems.map(({ code, path }) => `${code} ${path}`)

describe('the modules of a repository', () => {
  test('are the folders at its root that hold a manifest', () => {
    const files = {
      ...{ 'b/__manifest__.py': '{}', 'a/__manifest__.py': "{'name': 'A'}", 'a/models/x.py': '', 'c/readme': '' },
      ...{ '__manifest__.py': '{}', 'b/.keep/x': '', README: '' },
    }
    const { addonsPaths, modules, problems } = find(files)
    expect(addonsPaths).toEqual([''])
    expect(modules.map(({ hash, ...place }) => place)).toEqual(
      ['a', 'b'].map((name) => ({
        ...{ name, path: name, addonsPath: '' },
        manifest: treeOf(files).find(({ path }) => path === `${name}/__manifest__.py`),
      })),
    )
    expect(problems).toEqual([])
  })

  test('are not those inside of modules, or deeper', () => {
    expect(
      placesIn({
        ...{ 'module_analysis/__manifest__.py': '{}', 'module_analysis/tests/module/__manifest__.py': '{}' },
        ...{ 'web_note/__manifest__.py': '{}', 'web_note/web_note_test/__manifest__.py': '{}' },
        ...{ '__unported__/x/__manifest__.py': '{}', 'addons/y/__manifest__.py': '{}' },
      }),
    ).toEqual(['module_analysis', 'web_note'])
  })

  test('are those of the folders at the root where the root itself has none', () => {
    const files = {
      ...{ 'custom/b/__manifest__.py': '{}', 'addons/c/__manifest__.py': '{}', 'addons/a/__manifest__.py': '{}' },
      ...{ '__unported__/x/__manifest__.py': '{}', 'setup/x/__manifest__.py': '{}', '.hidden/x/__manifest__.py': '{}' },
      ...{ 'deep/er/x/__manifest__.py': '{}', 'docs/index.md': '' },
    }
    expect(find(files).addonsPaths).toEqual(['addons', 'custom'])
    expect(placesIn(files)).toEqual(['addons/a', 'addons/c', 'custom/b'])
  })

  test('are not found again by the ways in setup', () => {
    const old = { 'm/__openerp__.py': '{}', 'setup/m/odoo_addons/m': '-> ../../../m', 'setup/m/setup.py': '' }
    expect(find(old, { series: '8.0' })).toMatchObject({ addonsPaths: [''], problems: [] })
    expect(placesIn(old, { series: '8.0' })).toEqual(['m'])
    const newer = { 'm/__manifest__.py': '{}', 'setup/m/odoo/addons/m': '-> ../../../../m', 'setup/m/setup.py': '' }
    expect(placesIn(newer)).toEqual(['m'])
    expect(problemsIn(newer)).toEqual([])
  })

  test('are told by the manifest that the series knows', () => {
    const files = {
      'old/__openerp__.py': '',
      'new/__manifest__.py': '',
      'both/__manifest__.py': '',
      'both/__openerp__.py': '',
    }
    const manifests = (series: string) => find(files, { series }).modules.map(({ manifest }) => manifest.path)
    expect(manifests('9.0')).toEqual(['both/__openerp__.py', 'old/__openerp__.py'])
    expect(manifests('17.0')).toEqual(['both/__manifest__.py', 'new/__manifest__.py', 'old/__openerp__.py'])
    expect(manifests('19.0')).toEqual(['both/__manifest__.py', 'new/__manifest__.py'])
  })

  test('have names of letters, digits and _ from 19.0 on', () => {
    const long = 'x'.repeat(257)
    const files = { 'a-b/__manifest__.py': '', 'größe_1/__manifest__.py': '', [`${long}/__manifest__.py`]: '' }
    expect(placesIn(files, { series: '18.0' })).toHaveLength(3)
    expect(placesIn(files, { series: '19.0' })).toEqual(['größe_1'])
    expect(find(files, { series: '19.0' }).problems[0]).toEqual({
      ...{ code: 'module-name', path: 'a-b' },
      message: 'a-b is no name of a module in Odoo 19.0: use letters, digits and _.',
    })
    expect(problemsIn(files, { series: '19.0' })).toHaveLength(2)
  })
})

describe('the modules of submodules', () => {
  test('come after those of the repository, in the order of the submodules', () => {
    const files = {
      ...{ 'own/__manifest__.py': '', 'oca/web/b/__manifest__.py': '', 'oca/web/a/__manifest__.py': '' },
      ...{ 'oca/server/c/__manifest__.py': '', 'lib/readme': '', 'oca/web/addons/d/__manifest__.py': '' },
    }
    const submodulePaths = ['oca/web', 'oca/server', 'lib', 'gone', 'oca/web']
    expect(find(files, { submodulePaths }).addonsPaths).toEqual(['', 'oca/web', 'oca/server'])
    expect(placesIn(files, { submodulePaths })).toEqual(['own', 'oca/web/a', 'oca/web/b', 'oca/server/c'])
  })

  test('are picked by links out of a folder that begins with a point', () => {
    const files = {
      ...{ '.oca/web/a/__manifest__.py': '', '.oca/web/b/__manifest__.py': '', a: '-> .oca/web/a' },
      'oca/.web/c/__manifest__.py': '',
    }
    const found = find(files, { submodulePaths: ['.oca/web', 'oca/.web'] })
    expect(found.addonsPaths).toEqual([''])
    expect(found.modules).toMatchObject([{ name: 'a', path: 'a', manifest: { path: '.oca/web/a/__manifest__.py' } }])
  })

  test('may be modules themselves, and bring none from inside', () => {
    const files = { 'm/__manifest__.py': '', 'm/tests/x/__manifest__.py': '', 'm/lib/y/__manifest__.py': '' }
    expect(placesIn(files, { submodulePaths: ['m', 'm/lib'] })).toEqual(['m'])
  })

  test('at the top are found once', () => {
    const files = { 'addons/a/__manifest__.py': '', 'web/b/__manifest__.py': '' }
    expect(find(files, { submodulePaths: ['web'] }).addonsPaths).toEqual(['addons', 'web'])
  })
})

describe('a link', () => {
  test('is followed to a module inside, through others', () => {
    const files = {
      ...{
        'real/m/__manifest__.py': '',
        'real/m/x.py': '',
        ways: '-> real',
        hop: '-> ./ways/../real//m/',
        m: '-> hop',
      },
      'n/__manifest__.py': '-> ../real/m/__manifest__.py',
    }
    expect(placesIn(files)).toEqual(['hop', 'm', 'n'])
    const [hop, m] = find(files).modules
    expect(hop?.hash).toBe(m?.hash)
    expect(problemsIn(files)).toEqual([])
  })

  test.each([
    ['link-outside', '../other'],
    ['link-outside', '/etc'],
    ['link-outside', 'real/../../acme/real'],
    ['link-loop', 'm'],
    ['link-loop', 'back'],
    ['link-nowhere', 'gone'],
    ['link-nowhere', 'real/m/__manifest__.py/..'],
  ])('is a problem (%s) where it leads to %s', (code, target) => {
    const files = { 'real/__manifest__.py': '', 'real/m/__manifest__.py': '', m: `-> ${target}`, back: '-> m/x' }
    expect(find(files).modules.map(({ name }) => name)).toEqual(['real'])
    expect(problemsIn(files)).toContain(`${code} m`)
  })

  test('to a manifest outside makes no module, and is told wherever it stands', () => {
    const files = { 'm/__manifest__.py': '-> /etc/passwd', 'ok/__manifest__.py': '', 'ok/static/x': '-> ../../../x' }
    expect(placesIn(files)).toEqual(['ok'])
    expect(
      find(files)
        .problems.map(({ message }) => message)
        .sort(),
    ).toEqual([
      'm/__manifest__.py leads out of the repository, to /etc/passwd.',
      'ok/static/x leads out of the repository, to ../../../x.',
    ])
  })

  test('that leads nowhere inside of a module is its own business', () => {
    expect(problemsIn({ 'm/__manifest__.py': '', 'm/static/x': '-> gone' })).toEqual([])
  })
})

describe('a path', () => {
  test.each([
    '../x/__manifest__.py',
    '/etc/__manifest__.py',
    'a/../../b/__manifest__.py',
    'a//__manifest__.py',
    './x',
    '',
  ])('such as "%s" is left aside', (path) => {
    expect(placesIn({ [path]: '{}', 'ok/__manifest__.py': '' })).toEqual(['ok'])
    expect(problemsIn({ [path]: '{}' })).toEqual([`path-misplaced ${path}`])
  })

  test('of more than 4096 characters is left aside', () => {
    expect(find({ [`${'a/'.repeat(2048)}x`]: '' }).problems).toHaveLength(1)
    expect(find({ [`${'a/'.repeat(2047)}x`]: '-> ../x', 'm/__manifest__.py': '' }).problems).toEqual([])
  })

  test('may hold any other name', () => {
    expect(placesIn({ '__proto__/__manifest__.py': '', 'constructor/__manifest__.py': '' })).toHaveLength(2)
  })
})

describe('what else must be installed', () => {
  test('is said by files at the root, in the addons paths, and where these stand', () => {
    const files = {
      ...{ 'requirements.txt': 'a', 'oca/requirements.txt': 'b', 'oca/web/requirements.txt': 'c', 'apt.txt': 'd' },
      ...{ 'oca/web/x/__manifest__.py': '', 'oca/web/x/requirements.txt': 'e', 'oca/web/packages.txt': 'f' },
      ...{ 'addons/y/__manifest__.py': '', 'docs/requirements.txt': 'g', 'addons/requirements.txt': '-> ../x' },
    }
    const found = find(files, { submodulePaths: ['oca/web'] })
    expect(found.requirements.map(({ path }) => path)).toEqual([
      ...['requirements.txt', 'oca/requirements.txt', 'oca/web/requirements.txt'],
    ])
    expect(found.systemPackages.map(({ path }) => path)).toEqual(['apt.txt', 'oca/web/packages.txt'])
  })
})

describe('a repository of 200,000 files', () => {
  test('is gone through once', () => {
    const entries = Array.from({ length: 100_000 }, (_, n) => [
      [`m${n % 2000}/models/model_${n}.py`, 'x'],
      [`m${n % 2000}/${n < 2000 ? '__manifest__.py' : `static/${n}.js`}`, 'y'],
    ]).flat()
    expect(find(Object.fromEntries(entries)).modules).toHaveLength(2000)
  })

  test('may be full of links to one folder, or in folders inside each other', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => [`big/${n}.py`, 'x'])
    const links = Array.from({ length: 100_000 }, (_, n) => [`m${n}`, '-> big'])
    const files = Object.fromEntries([...many, ...links, ['big/__manifest__.py', '']])
    expect(find(files).modules).toHaveLength(100_001)
    const deep = Array.from({ length: 2_000 }, (_, n) => [`${'a/'.repeat(n + 1)}__manifest__.py`, 'x'])
    const picked = Array.from({ length: 500 }, (_, n) => [`m${n}`, `-> ${'a/'.repeat(n + 1)}`])
    expect(find(Object.fromEntries([...deep, ...picked])).modules).toHaveLength(501)
  })
})
