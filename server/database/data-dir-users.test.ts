import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { enterDataDir } from './data-dir-users.ts'

let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'git-connections-users-'))
  await mkdir(join(dataDir, 'processes'))
})

afterEach(() => rm(dataDir, { recursive: true, force: true }))

const claimOf = (pid: number, identity: string) => join(dataDir, 'processes', `server.${pid}.${identity}.0`)

describe('a data folder', () => {
  it('has one server, also when several ask at the same moment', async () => {
    const answers = await Promise.allSettled([1, 2, 3, 4].map(() => enterDataDir(dataDir, 'server')))
    const entered = answers.filter(({ status }) => status === 'fulfilled')
    expect(entered.length).toBeLessThanOrEqual(1)
    const claims = (await readdir(join(dataDir, 'processes'))).filter((name) => name.startsWith('server.'))
    expect(claims).toHaveLength(entered.length)
  })

  it('names the process that holds it', async () => {
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { enterDataDir } from '${new URL('data-dir-users.ts', import.meta.url)}'
         await enterDataDir(process.argv[1], 'server'); console.log('in'); setInterval(() => {}, 1e6)`,
        dataDir,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(holder.stdout, 'data')
    await expect(enterDataDir(dataDir, 'server')).rejects.toThrow(`process ${holder.pid})`)
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    await expect(enterDataDir(dataDir, 'server')).resolves.toBeDefined()
  })

  it('is not held by a dead process, nor by a living one that has only its number', async () => {
    await writeFile(claimOf(2 ** 22 + 1, '1'), '')
    await writeFile(claimOf(process.ppid, 'another'), '')
    const user = await enterDataDir(dataDir, 'server')
    expect(await user.hasCompany()).toBe(false)
    expect(await readdir(join(dataDir, 'processes'))).toHaveLength(1)
  })

  it('lets one at a time have a turn', async () => {
    const users = await Promise.all([1, 2, 3].map(() => enterDataDir(dataDir, 'command')))
    let inside = 0
    let most = 0
    await Promise.all(
      users.map((user) =>
        user.inTurn(async () => {
          inside += 1
          most = Math.max(most, inside)
          await readdir(dataDir)
          inside -= 1
        }),
      ),
    )
    expect(most).toBe(1)
  })

  it('counts a server and commands as company until they leave', async () => {
    const server = await enterDataDir(dataDir, 'server')
    const command = await enterDataDir(dataDir, 'command')
    expect(await server.hasCompany()).toBe(true)
    await command.leave()
    expect(await server.hasCompany()).toBe(false)
  })
})
