import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'

describe('the settings', () => {
  test('need nothing to be set', () => {
    expect(readConfig({})).toMatchObject({ port: 3000, dataDir: './data', publicUrl: 'http://localhost:3000' })
  })
  test('take an empty variable as not set', () => {
    expect(readConfig({ PORT: '', GITHUB_URL: '' })).toMatchObject({ port: 3000, githubUrl: 'https://github.com' })
  })
  for (const [name, value] of [
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['PUBLIC_URL', 'connections.example.com'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['GITHUB_API_URL', 'api.github.com'],
    ['LOG_LEVEL', 'loud'],
  ] as const) {
    test(`refuse ${name}=${value} in one line that names it`, () => {
      expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} [^\n]+$`))
    })
  }
})
