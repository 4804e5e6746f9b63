import { spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const LAUNCHER = resolve(import.meta.dirname, '../server/launch.mjs')
const SECRETS = ['MASTER_KEYS', 'DATABASE_URL', 'SMTP_URL', 'GITHUB_CLIENT_SECRET', 'GITLAB_WEBHOOK_SECRET']

/** A program that leaves its environment where it is told to. */
const tattler = (name: string) => `#!/bin/sh\nenv > "$TOLD/${name}"\n`

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'launcher-'))
  const put = async (path: string, text: string, mode = 0o644) => {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
    await chmod(join(root, path), mode)
  }
  await put('pnpm-lock.yaml', '')
  await put('pnpm-workspace.yaml', '')
  for (const room of ['.', 'events', 'projections', 'server', 'client', 'test', 'bench']) {
    await put(join(room, 'package.json'), '{"packageManager":"pnpm@1.0.0"}')
  }
  // What is beside the running Node is found first, so it runs where nothing else is.
  await put('bin/npx', tattler('install'), 0o755)
  await copyFile(process.execPath, join(root, 'bin/node'))
  await put('client/node_modules/.bin/vite', tattler('build'), 0o755)
  await put(
    'server/main.ts',
    "import { writeFileSync } from 'node:fs'\nwriteFileSync(process.env.TOLD + '/server', Object.keys(process.env).join('\\n'))\n",
  )
  await mkdir(join(root, 'told'))
  await copyFile(LAUNCHER, join(root, 'server/launch.mjs'))
})
afterAll(() => rm(root, { recursive: true }))

describe('starting with secrets in the environment', () => {
  it('gives them to the server, and neither to what installs packages nor to what builds the page', async () => {
    const secrets = Object.fromEntries(SECRETS.map((name) => [name, `${name} of the operator`]))
    const env = { PATH: process.env.PATH, HOME: root, TOLD: join(root, 'told'), ...secrets }
    const child = spawn(join(root, 'bin/node'), ['server/launch.mjs', 'start'], { cwd: root, env, stdio: 'ignore' })
    expect(await new Promise((ended) => child.once('exit', ended))).toBe(0)
    const told = (name: string) => readFile(join(root, 'told', name), 'utf8')
    for (const step of ['install', 'build']) {
      expect(await told(step)).toContain(`TOLD=${root}`)
      expect(await told(step)).not.toContain('of the operator')
    }
    for (const name of SECRETS) expect(await told('server')).toContain(name)
  })
})
