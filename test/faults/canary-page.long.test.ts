import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createScanner } from './canary/scanner.ts'
import { secrets } from './canary/secrets.ts'

const CLIENT = resolve(import.meta.dirname, '../../client')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'canary-page-'))
  const env = {
    ...{ PATH: process.env.PATH, HOME: folder, MASTER_KEYS: secrets.masterKey.value },
    DATABASE_URL: `postgres://app:${secrets.databasePassword.value}@db/app`,
    GITHUB_CLIENT_SECRET: secrets.classic.value,
  }
  const vite = join(CLIENT, 'node_modules/.bin/vite')
  await promisify(execFile)(vite, ['build', '--outDir', folder, '--emptyOutDir'], { cwd: CLIENT, env })
}, 300_000)
afterAll(() => rm(folder, { recursive: true }))

describe('the page that was built with secrets in the environment', () => {
  it('holds none of them, and no map of its sources', async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    const texts = await Promise.all(files.map((file) => readFile(file)))
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([])
    expect(texts.flatMap(createScanner(Object.values(secrets)))).toEqual([])
    const known = createScanner([{ kind: 'control', marker: 'Add Git Connection' }])
    expect(texts.flatMap(known)).not.toEqual([])
  })
})
