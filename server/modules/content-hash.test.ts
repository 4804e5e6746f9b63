import { describe, expect, test } from 'vitest'
import { findModules } from './find-modules.ts'
import { seriesOf, treeOf } from './testing.ts'

const files = {
  ...{ 'm/__manifest__.py': '{}', 'm/models/a.py': 'a', 'm/models/b.py': 'b', 'm/run': 'x', 'm/i18n/fr.po': 'fr' },
  ...{ 'm/link': '-> ../lib/x', 'lib/x': 'x', 'lib/y': 'x' },
}
const hashOf = (changes: Record<string, string>, gone?: string) => {
  const entries = treeOf({ ...files, ...changes }).filter(({ path }) => path !== gone)
  return findModules({ repository: 'acme/web', entries, submodulePaths: [] }, seriesOf('17.0')).modules[0]?.hash
}
const before = hashOf({})

describe('the hash of a module', () => {
  test('is one of SHA-256, whatever the order of the files', () => {
    const entries = treeOf(files).reverse()
    const found = findModules({ repository: 'acme/other', entries, submodulePaths: [] }, seriesOf('17.0'))
    expect(found.modules[0]?.hash).toBe(before)
    expect(before).toMatch(/^[0-9a-f]{64}$/)
  })

  test.each([
    ['the manifest', { 'm/__manifest__.py': '{ }' }, undefined],
    ['a file', { 'm/models/a.py': 'b' }, undefined],
    ['another file', { 'm/models/c.py': '' }, undefined],
    ['a file that is gone', {}, 'm/models/b.py'],
    ['a renamed file', { 'm/models/c.py': 'b' }, 'm/models/b.py'],
    ['a file in another folder', { 'm/b.py': 'b' }, 'm/models/b.py'],
    ['files that change places', { 'm/models/a.py': 'b', 'm/models/b.py': 'a' }, undefined],
    ['a translation', { 'm/i18n/fr.po': 'fr2' }, undefined],
    ['a link', { 'm/link': '-> ../lib/y' }, undefined],
    ['a link instead of a file', { 'm/run': '-> x' }, undefined],
    ['what stands behind a link', { 'lib/x': 'y' }, undefined],
    ['tests that are not at the top', { 'm/models/tests/x.py': '' }, undefined],
    ['static files that are not at the top', { 'm/models/static/x.js': '' }, undefined],
    ['a template of other texts', { 'm/models/x.pot': '' }, undefined],
    ['a file called static', { 'm/static': '' }, undefined],
  ])('changes with %s', (_, changes, gone) => expect(hashOf(changes, gone)).not.toBe(before))

  test('changes with a right to run', () => {
    const entries = treeOf(files).map((entry) => (entry.kind === 'file' ? { ...entry, executable: true } : entry))
    const found = findModules({ repository: 'acme/web', entries, submodulePaths: [] }, seriesOf('17.0'))
    expect(found.modules[0]?.hash).not.toBe(before)
  })

  test.each([
    ['static files', { 'm/static/src/x.js': '1' }],
    ['tests', { 'm/tests/test_x.py': '1', 'm/tests/deep/er.py': '1' }],
    ['compiled Python', { 'm/models/a.pyc': '1', 'm/x/__pycache__/a.pyo': '1' }],
    ['templates of translations', { 'm/i18n/m.pot': '1', 'm/i18n_extra/m.pot': '1' }],
    ['files of others', { 'n/__manifest__.py': '{}', 'lib/z': '' }],
  ])('does not change with %s', (_, changes) => expect(hashOf(changes)).toBe(before))
})
