import { describe, expect, test } from 'vitest'
import { readManifest } from './manifest.ts'
import { seriesOf } from './testing.ts'

const reading = (text: string, series = '17.0', folder = 'web_notify') =>
  readManifest(text, { folder, series: seriesOf(series) })
const manifest = (text: string, series?: string, folder?: string) => {
  const read = reading(text, series, folder)
  if (read.is === 'problem') throw new Error(`line ${read.line}: ${read.message}`)
  return read.manifest
}

describe('a manifest', () => {
  test('has what Odoo takes where nothing is said', () => {
    expect(manifest('{}')).toEqual({
      ...{ name: 'web_notify', title: 'web_notify', version: { is: 'version', full: '17.0.1.0' } },
      ...{ depends: [], installable: true, application: false, autoInstall: null, excludes: [] },
      external: { python: [], bin: [], deb: [] },
    })
  })

  test('is read as such files are written since 2009', () => {
    const text = [
      '# -*- coding: utf-8 -*-',
      '# © 2016 Müller & Söhne',
      '{',
      "    'name': 'Web '",
      '            "Notify",',
      '    "summary": """',
      '        Send notification messages to the user',
      '    """,',
      "    u'version': '8.0.1.0.0',",
      "    'version': '10.0.2.0.0',  # the last one counts",
      "    'depends': (",
      "        'web', 'bus',",
      '    ),',
      "    'external_dependencies': {'python': ['lxml<5', 'unidecode'], 'bin': 'wkhtmltopdf', 'deb': ('libldap2-dev',)},",
      "    'data': ['views/a.xml', \\",
      "             'views/b.xml'],",
      "    'assets': {'web.assets_backend': [('include', 'x'), {'a', 'b'}]},",
      "    'active': True, 'application': 1, 'price': 9.99, 'sequence': -1,",
      "    'description': None,",
      '}',
      '',
    ]
    const expected = {
      ...{ title: 'Web Notify', version: { is: 'version', full: '10.0.2.0.0' }, depends: ['web', 'bus'] },
      ...{ installable: true, application: true, autoInstall: ['web', 'bus'] },
      external: { python: ['lxml<5', 'unidecode'], bin: ['wkhtmltopdf'], deb: ['libldap2-dev'] },
    }
    expect(manifest(text.join('\n'), '10.0')).toMatchObject(expected)
    expect(manifest(text.join('\r\n'), '10.0'), 'with line ends of Windows').toMatchObject(expected)
  })

  test('depends on base from 19.0 on where it depends on nothing', () => {
    expect(manifest("{'depends': []}", '18.0').depends).toEqual([])
    expect(manifest("{'depends': []}", '19.0').depends).toEqual(['base'])
    expect(manifest('{}', '19.0').depends).toEqual(['base'])
    expect(manifest('{}', '19.0', 'base').depends).toEqual([])
  })

  test('says by which modules it installs itself', () => {
    const of = (text: string, series?: string) => manifest(`{'depends': ['a', 'b'], ${text}}`, series).autoInstall
    expect(of("'auto_install': False")).toBe(null)
    expect(of("'auto_install': True")).toEqual(['a', 'b'])
    expect(of("'auto_install': ['b']")).toEqual(['b'])
    expect(of("'auto_install': []")).toEqual([])
    expect(of("'auto_install': ('a',)", '12.0'), 'a list was no list of modules before 13.0').toEqual(['a', 'b'])
    expect(of("'auto_install': []", '12.0')).toBe(null)
    expect(of("'auto_install': False, 'active': True")).toBe(null)
    expect(of("'active': False")).toBe(null)
  })

  test('may state a version that the series does not take', () => {
    expect(manifest("{'version': '16.0.1.0.0', 'installable': False}").version).toMatchObject({
      ...{ is: 'wrong', stated: '16.0.1.0.0' },
    })
    expect(manifest("{'version': '1.0r1'}", '8.0').version).toEqual({ is: 'version', full: '8.0.1.0r1' })
  })

  test.each([
    ["[\n'name']", 1, 'A manifest is a dict: { ... }.'],
    ["{\n'name': _('Web')}", 2, 'Only literals are read, and "_" is none.'],
    ["{\n\n'name': 1}", 3, 'name must be a string, and here it is a number.'],
    ["{'depends': 'web'}", 1, 'depends must be a list of strings, and here it is a string.'],
    [
      "{'depends': {'web': 1}}",
      1,
      'depends must be a list of strings, and here it is a dict, perhaps with something else in it.',
    ],
    [
      "{'depends': ['web', None]}",
      1,
      'depends must be a list of strings, and here it is a list, perhaps with something that is no string in it.',
    ],
    ["{'version': 1.0}", 1, 'version must be a string, and here it is a number.'],
    ["{'version': b'1.0'}", 1, 'version must be a string, and here it is bytes.'],
    ["{'name': 'x',\n'installable': 'no'}", 2, 'installable must be True or False, and here it is a string.'],
    ["{'application': 2}", 1, 'application must be True or False, and here it is a number.'],
    ["{'excludes': None}", 1, 'excludes must be a list of strings, and here it is None.'],
    ["{'external_dependencies': ['lxml']}", 1, 'external_dependencies must be a dict of lists, and here it is a list'],
    ["{'external_dependencies': {'python': [1]}}", 1, 'external_dependencies must be a dict of lists, and here'],
    ["{'auto_install': ['a']}", 1, 'auto_install must be True, False or a list of names out of depends, and here'],
    ["{'version': ...,\n'name': ()}", 1, 'version must be a string, and here it is an ellipsis.'],
  ])('%j is a problem that says where', (text, line, message) => {
    expect(reading(text)).toMatchObject({ is: 'problem', line, message: expect.stringContaining(message) })
  })
})
