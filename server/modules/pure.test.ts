import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const FOR_TESTS = /[.]test[.]ts$|^(?:testing|python-texts)[.]ts$/

test('what is known of modules needs no clock, no disk and no network, but hashes', () => {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && !FOR_TESTS.test(file))
  const imported = files.flatMap((file) => {
    const text = readFileSync(new URL(file, import.meta.url), 'utf8')
    return [...text.matchAll(/from '([^']+)'/g)].map(([, name = '']) => name)
  })
  expect(files.length).toBeGreaterThan(10)
  expect(new Set(imported.filter((name) => !name.startsWith('./')))).toEqual(new Set(['node:crypto']))
})
