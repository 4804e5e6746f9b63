import { describe, expect, test } from 'vitest'
import { causeOf } from './traceback.ts'

const HEAD = 'Traceback (most recent call last):'
const stack = [HEAD, '  File "/opt/odoo/odoo/x.py", line 1, in f', '    g()', '    ^^^']
const caused = ['', 'The above exception was the direct cause of the following exception:', '']
const met = ['', 'During handling of the above exception, another exception occurred:', '']
const parse = 'odoo.tools.convert.ParseError: while parsing file:/srv/r/web_notify/views/views.xml:12'

describe('the cause that a traceback gives', () => {
  test('is its last line, not its head', () => {
    expect(causeOf([...stack, 'odoo.exceptions.UserError: no such field'])).toBe(
      'odoo.exceptions.UserError: no such field',
    )
  })
  test('is nothing where there is no traceback', () => {
    expect(causeOf([])).toBeNull()
    expect(causeOf(['ValueError: x'])).toBeNull()
    expect(causeOf(stack)).toBeNull()
  })
  test('has what the message says on further lines', () => {
    const lines = [...stack, 'psycopg2.errors.NotNullViolation: null value in "x"', 'DETAIL:  Failing row', '']
    expect(causeOf(lines)).toBe('psycopg2.errors.NotNullViolation: null value in "x" DETAIL: Failing row')
  })
  test('is the exception that the last one was raised from, behind the place in the file', () => {
    const lines = [
      ...stack,
      'ValueError: External ID not found: x',
      ...caused,
      ...stack,
      `${parse}, somewhere inside`,
      '<record/>',
    ]
    expect(causeOf(lines)).toBe(`${parse}: ValueError: External ID not found: x`)
  })
  test('is not one that was merely being handled, as in a cache', () => {
    const cache = [...stack, "KeyError: ('res.partner', 1)", ...met]
    expect(causeOf([...cache, ...stack, 'odoo.exceptions.UserError: real'])).toBe('odoo.exceptions.UserError: real')
    expect(causeOf([...cache, ...stack, 'TypeError: real', ...caused, ...stack, parse])).toBe(
      `${parse}: TypeError: real`,
    )
  })
  test('is the place alone where nothing lies behind it', () => {
    expect(causeOf([...stack, parse, 'Error while validating view'])).toBe(`${parse} Error while validating view`)
  })
  test('is an exception without a message, or a syntax error', () => {
    expect(causeOf([...stack, 'AssertionError'])).toBe('AssertionError')
    expect(causeOf([...stack, '    x = = 1', '        ^', 'SyntaxError: invalid syntax'])).toBe(
      'SyntaxError: invalid syntax',
    )
  })
  test('is short', () => {
    expect(causeOf([...stack, `ValueError: ${'x'.repeat(5_000)}`])).toHaveLength(500)
  })
})
