// Brings what a verb needs and runs it: pnpm, the packages, Node 24, the built page. Plain JavaScript that Node 20 runs.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const STAMPS = join(ROOT, 'node_modules', '.git-connections')
const NODE = 24
const ROOMS = ['.', 'events', 'projections', 'server', 'client', 'test']
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const [verb = 'start', ...args] = process.argv.slice(2)

// An npx inside an npx would take these over and look for another program than it is given.
for (const name of ['npm_config_package', 'npm_config_call']) delete process.env[name]

/** What each verb runs once everything is there. */
const verbs = {
  start: () => {
    buildPage()
    return follow(process.execPath, ['server/main.ts', ...args])
  },
  dev: () => {
    buildPage()
    return follow(process.execPath, ['--watch', 'server/main.ts', ...args])
  },
  replay: () => follow(process.execPath, ['server/cli/replay.ts', ...args]),
  admin: () => follow(process.execPath, ['server/cli/admin.ts', ...args]),
  demo: () => follow(process.execPath, ['test/simulators/run.ts', ...args]),
  check: () => {
    run('tsc', ['-p', 'tsconfig.json'])
    run('tsc', ['-p', 'client/tsconfig.json'])
    run('biome', ['check', '--error-on-warnings'])
  },
  test: () => {
    bringTestTools()
    buildPage()
    return follow(bin('vitest'), ['run', '--project', 'unit', '--project', 'journeys', ...args])
  },
  'test:long': () => {
    bringTestTools()
    buildPage()
    return follow(bin('vitest'), ['run', '--project', 'long', ...args])
  },
  bench: () => follow(process.execPath, ['bench/run.ts', ...args]),
}

const work = verbs[verb]
if (!work) fail(`There is no verb "${verb}". Use one of: ${Object.keys(verbs).join(', ')}.`)
if (Number(process.versions.node.split('.')[0]) < NODE) {
  await follow(newerNode(), ['server/launch.mjs', verb, ...args])
} else {
  process.env.PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  install()
  await work()
}

/** The Node that we need, through the registry: the package "node" carries the binary. */
function newerNode() {
  const npx = ['--yes', '--loglevel=error', '-p', `node@${NODE}`, 'node', '-p', 'process.execPath']
  const { stdout, status } = spawnSync('npx', npx, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (status !== 0)
    fail(`Node ${NODE} is needed and could not be had through the registry. Install it, then try again.`)
  // Run directly: signals would get lost on the way through npx and its shell.
  return stdout.trim()
}

/** Installs the packages, unless nothing about them changed since the last time. */
function install() {
  const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...ROOMS.map((room) => join(room, 'package.json'))]
  onceFor('installed', inputs, () => {
    console.log('Installing packages ...')
    const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const pnpm = ['--yes', '--loglevel=error', packageManager, 'install', '--frozen-lockfile', '--prefer-offline']
    run('npx', [...pnpm, '--reporter=silent'])
  })
}

/** Builds the page, unless nothing it is made of changed. */
function buildPage() {
  const inputs = [...filesIn('client'), ...filesIn('server/api'), ...filesIn('events')]
  if (!existsSync(join(ROOT, 'client/dist/index.html'))) forget('built')
  onceFor('built', inputs, () => {
    console.log('Building the page ...')
    run(join(ROOT, 'client/node_modules/.bin/vite'), ['build', '--logLevel', 'error'], { cwd: join(ROOT, 'client') })
  })
}

/** Chromium and git, from Debian where we may install; the tests that need them say so where they are missing. */
function bringTestTools() {
  const wanted = []
  if (!CHROMIUM.some(existsSync) && !process.env.CHROMIUM_PATH) wanted.push('chromium')
  if (spawnSync('git', ['--version']).error) wanted.push('git')
  if (wanted.length === 0) return
  const mayInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (!mayInstall) {
    console.error(`Missing for the tests: ${wanted.join(', ')}. Install it, or name the browser in CHROMIUM_PATH.`)
    return
  }
  console.log(`Installing ${wanted.join(' and ')} ...`)
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  spawnSync('apt-get', ['-qq', 'update'], quiet)
  spawnSync('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...wanted], quiet)
}

/** Does something unless it was done for these very files. */
function onceFor(name, files, action) {
  const hash = createHash('sha256')
  for (const file of files.sort()) hash.update(file).update(readFileSync(join(ROOT, file)))
  const stamp = join(STAMPS, name)
  const now = hash.digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  action()
  mkdirSync(STAMPS, { recursive: true })
  writeFileSync(stamp, now)
}

function forget(name) {
  if (existsSync(STAMPS)) writeFileSync(join(STAMPS, name), '')
}

function filesIn(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file))
}

function bin(name) {
  return name.includes('/') || name === 'npx' ? name : join(ROOT, 'node_modules/.bin', name)
}

/** Runs a step to its end; a failed one ends us with its exit code. */
function run(name, parameters, options = {}) {
  const { status, error } = spawnSync(bin(name), parameters, { cwd: ROOT, stdio: 'inherit', ...options })
  if (error) fail(`${name} could not be run: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

/** Runs the last step: signals go on to it, and its exit code is ours. */
function follow(name, parameters) {
  const child = spawn(bin(name), parameters, { cwd: ROOT, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // npm that is told to end does not always tell its script, so an orphan stops by itself.
  const parent = process.ppid
  const watch = setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500)
  return new Promise((resolve) => {
    child.once('error', (error) => fail(`${name} could not be run: ${error.message}`))
    child.once('exit', (code, signal) => {
      clearInterval(watch)
      process.exitCode = code ?? (signal ? 1 : 0)
      resolve()
    })
  })
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
