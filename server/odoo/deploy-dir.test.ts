import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { prepareDeployDir } from './deploy-dir.ts'
import { installAccount } from './install-account.ts'

const isRoot = process.getuid?.() === 0
let base: string
let dataDir: string

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'git-connections-deploy-'))
  await chmod(base, 0o755)
  dataDir = join(base, 'data')
  await mkdir(dataDir, { mode: 0o700 })
})
afterEach(() => rm(base, { recursive: true, force: true }))

describe('the folder of releases', () => {
  const account = { is: 'same' } as const
  test('is made where it is named', async () => {
    const setting = join(base, 'srv', 'releases')
    expect(await prepareDeployDir({ setting, dataDir, account })).toEqual({ is: 'ready', path: setting })
    expect((await stat(setting)).mode & 0o777).toBe(0o755)
  })
  test('lies outside of the data folder, also by a link', async () => {
    await mkdir(join(dataDir, 'inner'))
    await symlink(join(dataDir, 'inner'), join(base, 'link'))
    for (const setting of [dataDir, join(dataDir, 'releases'), join(base, 'link')]) {
      const outcome = await prepareDeployDir({ setting, dataDir, account })
      expect(outcome).toMatchObject({ is: 'refused', sentence: expect.stringContaining('DATA_DIR') })
    }
  })
  test('is refused where it cannot be made', async () => {
    await writeFile(join(base, 'file'), '')
    const outcome = await prepareDeployDir({ setting: join(base, 'file', 'releases'), dataDir, account })
    expect(outcome).toMatchObject({ is: 'refused', sentence: expect.stringContaining('Set DEPLOY_DIR') })
  })
})

// Only root can see through another account's eyes.
describe.runIf(isRoot)('the folder of releases of a server of root', async () => {
  const account = await installAccount({ user: undefined, runAs: undefined, sameUserAllowed: false })
  if (account.is !== 'dropped') return
  const { uid, gid } = account.account

  test('lies in a system folder, one for each data folder', async () => {
    const systemDir = join(base, 'system')
    await mkdir(join(base, 'other'))
    const one = await prepareDeployDir({ setting: undefined, dataDir, account, systemDir })
    const other = await prepareDeployDir({ setting: undefined, dataDir: join(base, 'other'), account, systemDir })
    expect(one).toMatchObject({ is: 'ready', path: expect.stringMatching(/system\/releases\/[0-9a-f]{16}$/) })
    expect(other).toMatchObject({ is: 'ready' })
    expect(other).not.toEqual(one)
  })
  test('is opened, whatever the mask of the server', async () => {
    const mask = process.umask(0o077)
    const outcome = await prepareDeployDir({ setting: join(base, 'a', 'b'), dataDir, account })
    process.umask(mask)
    expect(outcome).toMatchObject({ is: 'ready' })
  })
  test('is refused where the account cannot come', async () => {
    await mkdir(join(base, 'closed'), { mode: 0o700 })
    const outcome = await prepareDeployDir({ setting: join(base, 'closed', 'releases'), dataDir, account })
    expect(outcome).toMatchObject({ is: 'refused', sentence: expect.stringContaining('cannot enter') })
  })
  test("is refused where a folder above it is the account's", async () => {
    await mkdir(join(base, 'theirs'))
    await chown(join(base, 'theirs'), uid, gid)
    const outcome = await prepareDeployDir({ setting: join(base, 'theirs', 'releases'), dataDir, account })
    expect(outcome).toMatchObject({ is: 'refused', sentence: expect.stringContaining('could change') })
  })
  test("is refused where it is another user's", async () => {
    await mkdir(join(base, 'theirs'))
    await chown(join(base, 'theirs'), uid, gid)
    const outcome = await prepareDeployDir({ setting: join(base, 'theirs'), dataDir, account })
    expect(outcome).toMatchObject({ is: 'refused', sentence: expect.stringContaining(`belongs to user ${uid}`) })
  })
})
