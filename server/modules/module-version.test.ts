import { describe, expect, test } from 'vitest'
import { moduleVersion } from './module-version.ts'
import { majorOf, manifestFileNames, parseSeries, type Series } from './series.ts'
import { seriesOf } from './testing.ts'

const full = (stated: string, series: string) => {
  const version = moduleVersion(stated, seriesOf(series))
  return version.is === 'version' ? version.full : null
}

describe('the version of a module', () => {
  test.each([
    ['8.0', '1.0', '8.0.1.0'],
    ['8.0', '1.0r1', '8.0.1.0r1'],
    ['8.0', '7.0.r1', '8.0.7.0.r1'],
    ['15.0', '15.0.2.1.0', '15.0.2.1.0'],
    ['15.0', '15.0', '15.0.15.0'],
    ['16.0', '15.0.1.0.0', '16.0.15.0.1.0.0'],
    ['17.0', '1.0', '17.0.1.0'],
    ['17.0', '1.0.3', '17.0.1.0.3'],
    ['17.0', '17.0.1.0.0', '17.0.1.0.0'],
    ['17.0', '17.0', '17.0.17.0'],
    ['18.0', '18.0.1.2', '18.0.1.2'],
    ['19.0', '1.0', '19.0.1.0'],
    ['19.0', '2.0.1', '19.0.2.0.1'],
    ['19.0', '19.0.1.0.0', '19.0.1.0.0'],
    ['19.0', '19.0.1', '19.0.1'],
  ])('in Odoo %s, stated as %s, is %s', (series, stated, version) => expect(full(stated, series)).toBe(version))

  test.each([
    ['17.0', '16.0.1.0.0'],
    ['17.0', '1'],
    ['17.0', '1.0r1'],
    ['17.0', ''],
    ['17.0', '17.0.1'],
    ['18.0', '17.0.1.0.0'],
    ['18.0', '18.0.1.0.0.0'],
    ['19.0', '19.0'],
    ['19.0', '18.0.1.0.0'],
    ['19.0', '1'],
    ['19.0', '19.0.1.0.0.0'],
    ['19.0', '1.x'],
    ['20.0', '19.0.1.0.0'],
  ])('is not taken by Odoo %s where it is stated as "%s"', (series, stated) => {
    expect(moduleVersion(stated, seriesOf(series))).toEqual({
      ...{ is: 'wrong', stated },
      message: `Odoo ${series} does not take the version "${stated}"; write ${series}.1.0.0 or 1.0.0.`,
    })
  })
})

describe('a series', () => {
  const names = (series: Series | null) => series && manifestFileNames(series).join(' ')

  test('is one from 8.0 to 30.0', () => {
    expect(['8.0', '17.0', '30.0'].map(parseSeries)).toEqual(['8.0', '17.0', '30.0'])
    const others = ['7.0', '31.0', '17', '17.1', '017.0', 'saas-17.1', '17.0 ', ' 17.0', '17.0\n', '', '1e1.0', '100.0']
    expect(others.map(parseSeries)).toEqual(others.map(() => null))
    expect(majorOf(seriesOf('9.0'))).toBe(9)
  })

  test('has names for the file of the manifest', () => {
    expect(names(parseSeries('8.0'))).toBe('__openerp__.py')
    expect(names(parseSeries('9.0'))).toBe('__openerp__.py')
    expect(names(parseSeries('10.0'))).toBe('__manifest__.py __openerp__.py')
    expect(names(parseSeries('18.0'))).toBe('__manifest__.py __openerp__.py')
    expect(names(parseSeries('19.0'))).toBe('__manifest__.py')
  })
})
