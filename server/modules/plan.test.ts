import { describe, expect, test } from 'vitest'
import type { RepositoryModules } from './available-modules.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { type Plan, type PlanInput, planInstall } from './plan.ts'
import { repositoryOf, seriesOf } from './testing.ts'

/** A manifest that depends on these, with more in it. */
const depends = (...names: string[]) => `{'version': '17.0.1.0.0', 'depends': ${JSON.stringify(names)}}`
const having = (text: string) => `{'version': '17.0.1.0.0', ${text}}`
const odooOf = (manifests: Record<string, string>) => {
  const modules = Object.entries(manifests).map(([folder, text]): [string, Manifest] => {
    const read = readManifest(text, { folder, series: seriesOf('17.0') })
    if (read.is === 'problem') throw new Error(read.message)
    return [folder, read.manifest]
  })
  return { modules: new Map(modules) }
}
const ODOO = odooOf({ base: '{}', web: depends('base'), bus: depends('base', 'web'), sale: depends('web') })

const isRepositories = (
  sources: readonly RepositoryModules[] | Record<string, string>,
): sources is readonly RepositoryModules[] => Array.isArray(sources)

type Options = Partial<Omit<PlanInput, 'repositories'>>
const outcome = (sources: readonly RepositoryModules[] | Record<string, string>, options: Options = {}) =>
  planInstall({
    repositories: isRepositories(sources) ? sources : [repositoryOf('acme/web', sources)],
    ...{ selection: 'all', odoo: ODOO, installed: null, ...options },
  })
const plan = (...args: Parameters<typeof outcome>): Plan => {
  const planned = outcome(...args)
  if (planned.is === 'refused') throw new Error(planned.problems.map(({ message }) => message).join('\n'))
  return planned
}
const installs = (...args: Parameters<typeof outcome>) =>
  plan(...args).install.map(({ name, why }) => `${name}: ${why}`)
const problems = (...args: Parameters<typeof outcome>) => {
  const refused = outcome(...args)
  return refused.is === 'refused' ? refused.problems : []
}

describe('a plan for a new database', () => {
  test('installs base, then every module by depth and name', () => {
    const { install, update, unchanged, fromOdoo, expected } = plan({
      ...{ web_b: depends('web'), web_a: depends('bus'), first: depends('base'), last: depends('web_a', 'web_b') },
    })
    expect(install.map(({ name }) => name)).toEqual(['base', 'first', 'web_b', 'web_a', 'last'])
    expect(install[1]).toEqual({
      ...{ name: 'first', repository: 'acme/web', path: 'first', version: '17.0.1.0.0', why: 'new' },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(install[0]).toEqual({
      ...{ name: 'base', repository: null, path: null, version: '17.0.1.0', hash: null, why: 'new' },
    })
    expect({ update, unchanged, fromOdoo, expected }).toEqual({
      ...{ update: [], unchanged: [], fromOdoo: ['web', 'bus'], expected: [] },
    })
  })

  test('lists what Odoo must bring where its own modules are not known', () => {
    const modules = { web_a: depends('web', 'base'), web_b: depends('web', 'sale'), c: '{}' }
    const { install, expected } = plan(modules, { odoo: null })
    expect(install.map(({ name }) => name)).toEqual(['base', 'c', 'web_a', 'web_b'])
    expect(install[0]?.version).toBe(null)
    expect(expected).toEqual([
      { name: 'web', askedBy: 'web_a' },
      { name: 'sale', askedBy: 'web_b' },
    ])
  })

  test('installs what is selected, and what that needs', () => {
    const modules = { a: depends('b'), b: depends('base'), c: depends('a'), d: '{}' }
    expect(installs(modules, { selection: ['a'] })).toEqual(['base: new', 'b: needed by a', 'a: new'])
    expect(installs(modules, { selection: ['sale', 'd'] })).toEqual(['base: new', 'd: new', 'sale: new'])
    expect(installs(modules, { selection: [] })).toEqual(['base: new'])
  })

  test('leaves out what cannot be installed', () => {
    const found = plan({ a: '{}', old: "{'version': '16.0.1.0.0', 'installable': False}" })
    expect(found.install.map(({ name }) => name)).toEqual(['base', 'a'])
    expect(found.leftOut).toEqual(['old'])
  })
})

describe('a module with auto_install', () => {
  const modules = {
    ...{ a: depends('base'), b: depends('base'), glue: having("'depends': ['a', 'b'], 'auto_install': True") },
    more: having("'depends': ['glue', 'web'], 'auto_install': ['glue']"),
  }

  test('starts by itself once all that it waits for is there', () => {
    expect(installs(modules, { selection: ['a'] })).toEqual(['base: new', 'a: new'])
    expect(installs(modules, { selection: ['a', 'b'] })).toEqual([
      ...['base: new', 'a: new', 'b: new', 'glue: starts by itself', 'more: starts by itself'],
    ])
    expect(plan(modules, { selection: ['a', 'b'] }).fromOdoo).toEqual(['web'])
  })

  test('starts always where it waits for nothing', () => {
    expect(installs({ always: having("'depends': ['web'], 'auto_install': []") }, { selection: [] })).toEqual([
      ...['base: new', 'always: starts by itself'],
    ])
  })

  test('waits for expected modules and those of Odoo too', () => {
    const waiting = { a: depends('web'), glue: having("'depends': ['web', 'base'], 'auto_install': True") }
    expect(installs(waiting, { selection: ['a'], odoo: null })).toEqual([
      ...['base: new', 'a: new', 'glue: starts by itself'],
    ])
    const odoo = odooOf({ base: '{}', s: '{}', t: '{}', st: "{'depends': ['s', 't'], 'auto_install': True}" })
    const own = { x: depends('s', 't'), y: having("'depends': ['st'], 'auto_install': True") }
    expect(installs(own, { selection: ['x'], odoo })).toEqual(['base: new', 'x: new', 'y: starts by itself'])
    expect(plan(own, { selection: ['x'], odoo }).fromOdoo).toEqual(['s', 't', 'st'])
  })

  test('does not start where it cannot be installed', () => {
    const own = { a: '{}', glue: having("'depends': ['a'], 'auto_install': True, 'installable': False") }
    expect(installs(own)).toEqual(['base: new', 'a: new'])
  })
})

describe('a plan for a database with modules', () => {
  const modules = { a: depends('base'), b: depends('a'), c: depends('b'), d: depends('web'), e: depends('c') }
  const [same, other] = ['17.0.1.0.0', '17.0.0.9.0']
  const hash = (name: string) => plan(modules).install.find((module) => module.name === name)?.hash ?? null
  const installed = new Map([
    ['base', { version: '17.0.1.3', hash: null }],
    ['a', { version: same, hash: hash('a') }],
    ['b', { version: same, hash: 'another' }],
    ['d', { version: other, hash: hash('d') }],
    ['c', { version: same, hash: null }],
  ])

  test('installs what is new, updates what has another hash or version, and leaves the rest', () => {
    const { install, update, unchanged, fromOdoo } = plan(modules, { installed })
    expect(install).toMatchObject([{ name: 'e', why: 'new' }])
    expect(update.map(({ name, why }) => `${name}: ${why}`)).toEqual(['b: changed', 'd: changed'])
    expect({ unchanged, fromOdoo }).toEqual({ unchanged: ['a', 'c'], fromOdoo: ['base', 'web'] })
  })

  test('updates what is installed, selected or not, and installs what that needs by now', () => {
    const now = { a: depends('new'), new: depends('base'), unused: '{}' }
    const before = new Map([['a', { version: same, hash: 'before' }]])
    const { install, update } = plan(now, { selection: [], installed: before })
    expect(install).toMatchObject([{ name: 'new', why: 'needed by a' }])
    expect(update).toMatchObject([{ name: 'a', why: 'changed' }])
  })

  test('may have a module of the repositories that Odoo brings by now', () => {
    const before = new Map([['sale', { version: '17.0.1.0.0', hash: 'before' }]])
    expect(plan({ a: '{}' }, { installed: before }).unchanged).toEqual(['sale'])
  })
})

describe('several repositories', () => {
  const first = repositoryOf('acme/own', { a: depends('base'), web: depends('base') })
  const second = repositoryOf('oca/web', { a: "{'version': '17.0.2.0.0'}", b: '{}' })
  const nested = repositoryOf('oca/other', {}, { files: { 'addons/b/__manifest__.py': '{}' } })

  test('are looked at in their order, Odoo last; who comes second is told', () => {
    const planned = plan([first, second])
    expect(planned.addonsPaths).toEqual([
      { repository: 'acme/own', path: '' },
      { repository: 'oca/web', path: '' },
    ])
    expect(planned.install.find(({ name }) => name === 'a')).toMatchObject({
      repository: 'acme/own',
      version: '17.0.1.0.0',
    })
    expect(planned.duplicates).toEqual([
      { module: 'a', used: 'acme/own: a', shadowed: 'oca/web: a' },
      { module: 'web', used: 'acme/own: web', shadowed: 'Odoo: web' },
    ])
    const turned = plan([second, first]).install.find(({ name }) => name === 'a')
    expect(turned).toMatchObject({ repository: 'oca/web', version: '17.0.2.0.0' })
  })

  test('give their addons paths and places', () => {
    const repositories = [{ ...nested, manifests: second.manifests }]
    expect(() => plan(repositories), 'a manifest was forgotten').toThrow(
      'no manifest was read for addons/b of oca/other',
    )
  })
})

describe('what else is needed', () => {
  test('is united, with who asks', () => {
    const files = { 'requirements.txt': 'lxml', 'apt.txt': 'libxml2' }
    const asking = (python: string, more = '') => having(`'external_dependencies': {'python': [${python}]${more}}`)
    const repository = repositoryOf(
      'acme/web',
      {
        a: asking("'lxml', 'PyPDF2'", ", 'bin': ['wkhtmltopdf'], 'deb': ['libldap2-dev']"),
        b: asking("'lxml'"),
        c: asking("'x'"),
      },
      { files },
    )
    const { external, requirements, systemPackages } = plan([repository], { selection: ['a', 'b'] })
    expect(external).toEqual({
      python: [
        { name: 'lxml', askedBy: ['a', 'b'] },
        { name: 'PyPDF2', askedBy: ['a'] },
      ],
      ...{ bin: [{ name: 'wkhtmltopdf', askedBy: ['a'] }], deb: [{ name: 'libldap2-dev', askedBy: ['a'] }] },
    })
    expect(requirements).toMatchObject([{ repository: 'acme/web', file: { path: 'requirements.txt' } }])
    expect(systemPackages).toMatchObject([{ repository: 'acme/web', file: { path: 'apt.txt' } }])
  })
})

describe('a plan warns', () => {
  test('of a manifest that cannot be read, where nobody needs the module', () => {
    expect(plan({ a: '{}', broken: '{\n' }).warnings).toEqual([
      {
        file: 'acme/web: broken/__manifest__.py',
        message:
          'broken is left out, as its manifest cannot be read: line 2: Here stands the end, where a value is expected.',
      },
    ])
  })

  test('of what a repository holds that is left aside', () => {
    const repository = repositoryOf('acme/web', { a: '{}' }, { files: { b: '-> /etc' } })
    expect(plan([repository]).warnings).toEqual([
      { file: 'acme/web: b', message: 'b leads out of the repository, to /etc.' },
    ])
    const refused = outcome([repository], { selection: ['b'] })
    expect(refused).toMatchObject({ is: 'refused', warnings: [{ file: 'acme/web: b' }] })
  })
})

test('base may stand in no selection twice, nor be asked for in vain', () => {
  expect(problems({ a: depends('base') }, { selection: ['base', 'a', 'a'], odoo: null })).toEqual([])
  expect(installs({ a: depends('base') }, { selection: ['base', 'a', 'a'], odoo: null })).toEqual([
    'base: new',
    'a: new',
  ])
})
