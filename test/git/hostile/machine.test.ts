import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { RawRepository } from '../raw-repository.ts'
import { clearMarkers, type Ground, layGround } from './ground.ts'

let ground: Ground
let repository: RawRepository

beforeAll(async () => {
  ground = await layGround()
  repository = await RawRepository.create()
  await repository.put({ '.gitattributes': '*.txt filter=evil\n*.bin filter=lfs\n', 'a.txt': 'a', 'a.bin': 'b' })
})
afterAll(async () => {
  await repository[Symbol.asyncDispose]()
  await ground[Symbol.asyncDispose]()
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await clearMarkers(ground)
})

/** What a machine's or a user's configuration says; `RUN` stands for a program that leaves a marker. */
const SETTINGS: readonly (readonly [string, string])[] = [
  ['hooks for every repository', '[core]\n\thooksPath = HOOKS\n'],
  ['a template with hooks', '[init]\n\ttemplateDir = TEMPLATE\n'],
  ['a monitor of files', '[core]\n\tfsmonitor = RUN\n'],
  ['a filter that smudges', '[filter "evil"]\n\tsmudge = RUN\n'],
  ['a filter as a process', '[filter "evil"]\n\tprocess = RUN\n\trequired = true\n'],
  ['Git LFS', '[filter "lfs"]\n\tprocess = RUN\n\tsmudge = RUN\n\trequired = true\n'],
  ['a credential helper', '[credential]\n\thelper = "!RUN"\n'],
  [
    'another address in place of ours',
    '[url "ext::RUN "]\n\tinsteadOf = http://\n[protocol "ext"]\n\tallow = always\n',
  ],
]

describe('a machine that is set up with', () => {
  test.each(SETTINGS)('%s runs nothing for us, where git by itself does', async (_, settings) => {
    const run = join(ground.folder, 'run')
    await writeFile(run, `#!/bin/sh\n${ground.payload}\n`)
    await chmod(run, 0o755)
    for (const place of ['hooks', 'template/hooks']) {
      const folder = join(ground.folder, place)
      await mkdir(folder, { recursive: true })
      for (const hook of ['post-checkout', 'reference-transaction']) {
        await writeFile(join(folder, hook), `#!/bin/sh\n${ground.payload}\n`)
        await chmod(join(folder, hook), 0o755)
      }
    }
    const written = settings
      .replaceAll('RUN', run)
      .replace('HOOKS', join(ground.folder, 'hooks'))
      .replace('TEMPLATE', join(ground.folder, 'template'))
    const config = join(ground.folder, '.gitconfig')
    await writeFile(config, written)
    for (const name of ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM']) vi.stubEnv(name, config)
    vi.stubEnv('HOME', ground.folder)
    const deployed = await ground.deploy(repository)
    expect(deployed.told).toContain('"kind":"written"')
    expect(await ground.harm(deployed)).toEqual([])
    const url = ground.host.serve('control/machine', { path: repository.path })
    // A helper is asked for what the address does not bring.
    const address = settings.includes('credential') ? { args: ['-c', `core.askPass=true`], bare: true } : {}
    await ground.plainClone(url, { env: { GIT_CONFIG_GLOBAL: config }, ...address })
    expect(await ground.markers()).not.toEqual([])
  })

  test('variables for git hands none of them on', async () => {
    const variables = {
      ...{
        GIT_DIR: ground.secretRepository,
        GIT_WORK_TREE: '/',
        GIT_EXTERNAL_DIFF: ground.payload,
        GIT_PAGER: ground.payload,
      },
      ...{ GIT_SSH_COMMAND: ground.payload, GIT_PROXY_COMMAND: ground.payload, GIT_ASKPASS: ground.payload },
      ...{ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'core.fsmonitor', GIT_CONFIG_VALUE_0: ground.payload },
      ...{
        GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${ground.payload}'`,
        GIT_TRACE: join(ground.folder, 'outside/trace'),
      },
      ...{ GIT_OBJECT_DIRECTORY: join(ground.folder, 'outside'), GIT_INDEX_FILE: join(ground.folder, 'outside/index') },
      ...{ https_proxy: ground.elsewhere.url, http_proxy: ground.elsewhere.url, ALL_PROXY: ground.elsewhere.url },
      ...{ GIT_TRACE_CURL: join(ground.folder, 'outside/curl'), LD_PRELOAD: '', GIT_SSL_NO_VERIFY: '1' },
    }
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
    const deployed = await ground.deploy(repository)
    vi.unstubAllEnvs()
    expect(deployed.told).toContain('"kind":"written"')
    expect(await ground.harm(deployed)).toEqual([])
  })

  test('a .netrc is not read for it', async () => {
    await writeFile(join(ground.folder, '.netrc'), 'machine 127.0.0.1 login thief password stolen-canary\n')
    vi.stubEnv('HOME', ground.folder)
    ground.host.forgetRequests()
    await ground.deploy(repository)
    const sent = ground.host.requests.map(({ authorization }) => authorization?.replace('Basic ', '') ?? '')
    expect(
      sent.map((text) => Buffer.from(text, 'base64').toString()).filter((text) => text.includes('stolen')),
    ).toEqual([])
  })
})
