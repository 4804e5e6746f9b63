import { describe, expect, test } from 'vitest'
import type { RepositoryModules } from './available-modules.ts'
import { readManifest } from './manifest.ts'
import { type PlanInput, planInstall } from './plan.ts'
import { repositoryOf, seriesOf } from './testing.ts'

const depends = (...names: string[]) => `{'depends': ${JSON.stringify(names)}}`
const odooModules = (texts: Record<string, string>) =>
  new Map(
    Object.entries(texts).flatMap(([folder, text]) => {
      const read = readManifest(text, { folder, series: seriesOf('17.0') })
      return read.is === 'manifest' ? [[folder, read.manifest]] : []
    }),
  )
const ODOO = { modules: odooModules({ base: '{}', web: depends('base'), off: "{'installable': False}" }) }

type Options = Partial<Omit<PlanInput, 'repositories'>>
const refusedOf = (repositories: readonly RepositoryModules[], options: Options = {}) => {
  const outcome = planInstall({ repositories, selection: 'all', odoo: ODOO, installed: null, ...options })
  return outcome.is === 'refused' ? outcome.problems : []
}
const refused = (modules: Record<string, string>, options?: Options) =>
  refusedOf([repositoryOf('acme/web', modules)], options)
const installed = (...names: string[]) => new Map(names.map((name) => [name, { version: '17.0.1.0', hash: null }]))

describe('a plan is refused', () => {
  test('for a circle, named in full', () => {
    expect(refused({ c: depends('a'), a: depends('b', 'web'), b: depends('c'), d: depends('a') })).toEqual([
      {
        ...{ code: 'cycle', module: 'a', file: 'acme/web: a/__manifest__.py' },
        message:
          'These modules depend on each other in a circle: a -> b -> c -> a. Take one of them out of depends of the one before it.',
      },
    ])
    expect(refused({ a: depends('a') })).toMatchObject([{ code: 'cycle', message: expect.stringContaining('a -> a.') }])
    expect(refused({ a: depends('b'), b: depends('a'), c: '{}' }, { selection: ['c'] }), 'nobody needs it').toEqual([])
  })

  test('for a dependency that is nowhere', () => {
    expect(refused({ web_notify: depends('web', 'web_bas'), web_base: '{}' })).toEqual([
      {
        ...{ code: 'dependency-missing', module: 'web_notify', file: 'acme/web: web_notify/__manifest__.py' },
        message:
          "web_notify depends on web_bas, which is in no repository and not among Odoo's own modules. Is web_base meant? Add the repository that holds it, or take it out of depends.",
      },
    ])
    expect(refused({ a: depends('zzzzzz') })[0]?.message).not.toContain('meant')
  })

  test('for a dependency of Odoo itself that is nowhere', () => {
    const odoo = { modules: odooModules({ base: '{}', sale_ee: depends('web_enterprise') }) }
    expect(refused({ a: depends('sale_ee') }, { odoo })).toMatchObject([
      { code: 'dependency-missing', module: 'sale_ee', file: 'Odoo: sale_ee/__manifest__.py' },
    ])
  })

  test('for a dependency that cannot be installed', () => {
    expect(refused({ a: depends('b'), b: "{'installable': False}", c: depends('off') })).toEqual([
      {
        ...{ code: 'not-installable', module: 'b', file: 'acme/web: a/__manifest__.py' },
        message:
          'b is needed by a, but its manifest says installable: False. Port it to this series, or take it out of depends of a.',
      },
      {
        ...{ code: 'not-installable', module: 'off', file: 'acme/web: c/__manifest__.py' },
        message:
          'off is needed by c, but its manifest says installable: False. Port it to this series, or take it out of depends of c.',
      },
    ])
  })

  test('for a selected or installed module that cannot be installed', () => {
    const modules = { a: "{'installable': False}" }
    const problem = { code: 'not-installable', module: 'a', file: 'acme/web: a/__manifest__.py' }
    expect(refused(modules, { selection: ['a'] })).toMatchObject([problem])
    expect(refused(modules, { installed: installed('a') })).toMatchObject([
      { ...problem, message: expect.stringContaining('a is installed, but') },
    ])
  })

  test('for a version of another series', () => {
    const modules = { a: "{'version': '16.0.1.0.0'}", b: '{}' }
    expect(refused(modules)).toEqual([
      {
        ...{ code: 'version-wrong', module: 'a', file: 'acme/web: a/__manifest__.py' },
        message: 'a is to be installed. Odoo 17.0 does not take the version "16.0.1.0.0"; write 17.0.1.0.0 or 1.0.0.',
      },
    ])
    expect(refused(modules, { selection: ['b'] })).toEqual([])
  })

  test('for a manifest that cannot be read, where the module is needed', () => {
    const modules = { a: depends('b'), b: "{'name':\n _('x')}", glue: "{'depends': ['b', 'a'], 'auto_install': True}" }
    const message =
      'b is needed by a, and its manifest cannot be read: line 2: Only literals are read, and "_" is none. Mend it there.'
    expect(refused(modules)).toEqual([
      { code: 'manifest-unreadable', module: 'b', file: 'acme/web: b/__manifest__.py', message },
    ])
    expect(refused(modules, { selection: ['b'] })).toMatchObject([{ code: 'manifest-unreadable', module: 'b' }])
    expect(refused({ b: '' }, { installed: installed('b') })).toMatchObject([{ code: 'manifest-unreadable' }])
  })

  test('for a selected module that is nowhere', () => {
    const modules = { web_notify: '{}', other: '{}' }
    expect(refused(modules, { selection: ['web_notfiy', 'zzzz'] })).toEqual([
      {
        ...{ code: 'module-unknown', module: 'web_notfiy', file: null },
        message:
          'web_notfiy is selected, but no repository holds it. Is web_notify meant? Correct the selection, or add the repository that holds it.',
      },
      {
        ...{ code: 'module-unknown', module: 'zzzz', file: null },
        message:
          'zzzz is selected, but no repository holds it. Correct the selection, or add the repository that holds it.',
      },
    ])
    expect(refused(modules, { selection: ['sale'], odoo: null })[0]?.message).toContain('set ODOO_ADDONS_PATH')
  })

  test('for an installed module that vanished', () => {
    const message =
      'gone is installed but not in any repository any more. Bring it back, or uninstall it in Odoo first; uninstalling deletes data.'
    const problem = { code: 'module-vanished', module: 'gone', file: null, message }
    expect(refused({ a: '{}' }, { installed: installed('a', 'gone', 'base') })).toEqual([problem])
    expect(refused({ a: '{}' }, { installed: installed('gone'), selection: ['gone'] }), 'selected too').toEqual([
      problem,
    ])
    expect(refused({ a: depends('gone') }, { installed: installed('gone') })).toEqual([problem])
  })

  test('for modules that exclude each other, told once', () => {
    const modules = { a: "{'excludes': ['b', 'x', 'a']}", b: "{'excludes': ['a']}", c: '{}' }
    expect(refused(modules)).toEqual([
      {
        ...{ code: 'excluded', module: 'a', file: 'acme/web: a/__manifest__.py' },
        message: 'a excludes b, so that they cannot be installed together. Leave one of them out.',
      },
    ])
    expect(refused(modules, { selection: ['a', 'c'] })).toEqual([])
    expect(refused({ a: "{'depends': ['web'], 'excludes': ['web']}" }, { odoo: null })).toMatchObject([
      { code: 'excluded' },
    ])
  })

  test('for a folder whose name stops Odoo 19.0 and later', () => {
    const repository = repositoryOf('acme/web', { a: '{}', 'b-c': '{}' }, { series: '19.0' })
    expect(refusedOf([repository])).toEqual([
      {
        ...{ code: 'module-name', module: 'b-c', file: 'acme/web: b-c' },
        message: 'b-c is no name of a module in Odoo 19.0: use letters, digits and _.',
      },
    ])
  })

  test('for everything at once', () => {
    const codes = refused(
      { a: depends('x1'), b: depends('b'), c: "{'version': 'x'}", d: '}', e: depends('d') },
      { installed: installed('y'), selection: ['a', 'b', 'c', 'e', 'z'] },
    ).map(({ code }) => code)
    expect(codes.sort()).toEqual([
      ...['cycle', 'dependency-missing', 'manifest-unreadable', 'module-unknown', 'module-vanished', 'version-wrong'],
    ])
  })
})

describe('100,000 modules', () => {
  const one = repositoryOf('acme/many', { m0: '{}' })
  const [place] = one.found.modules
  const reading = one.manifests.get('m0')
  if (!place || reading?.is !== 'manifest') throw new Error('no module to make many of')

  const planned = (depends: (n: number) => string[], odoo: PlanInput['odoo'] = null) => {
    const modules = Array.from({ length: 100_000 }, (_, n) => ({ ...place, name: `m${n}`, path: `m${n}` }))
    const manifestOf = (name: string, n: number) => ({ ...reading.manifest, name, depends: depends(n) })
    const manifests = new Map(modules.map(({ name }, n) => [name, { ...reading, manifest: manifestOf(name, n) }]))
    const repositories = [{ repository: 'acme/many', found: { ...one.found, modules }, manifests }]
    return planInstall({ repositories, selection: 'all', odoo, installed: null })
  }

  test.each([
    ['in a chain', (n: number) => [n === 0 ? 'base' : `m${n - 1}`]],
    ['on one', (n: number) => (n === 0 ? [] : ['m0'])],
  ])('are planned where they depend %s', (_, depends) => {
    expect(planned(depends)).toMatchObject({ is: 'plan', install: { length: 100_001 } })
  })

  test('are refused where they stand in a circle', () => {
    expect(planned((n) => [`m${(n + 1) % 100_000}`])).toMatchObject({ problems: [{ code: 'cycle' }] })
  })

  test('are refused where each lacks another', () => {
    expect(planned((n) => [`x${n}`], ODOO)).toMatchObject({ is: 'refused', problems: { length: 100_000 } })
  })
})
