// Brings what a verb needs and runs it: pnpm, the packages, Node 24, the built page. Plain JavaScript that Node 20 runs.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const STAMPS = join(ROOT, 'node_modules', '.git-connections')
const NODE = 24
const ROOMS = ['.', 'events', 'projections', 'server', 'client', 'test', 'bench']
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const CHECKS = [
  ['tsc', '-p', 'tsconfig.json'],
  ['tsc', '-p', 'client/tsconfig.json'],
  ['biome', 'check', '--error-on-warnings'],
  ['depcruise', '--config', '.dependency-cruiser.mjs', 'events', 'projections', 'server', 'client', 'test', 'bench'],
  ['knip', '--no-config-hints'],
]
const HERE = { cwd: ROOT, stdio: 'inherit' }

/** The operator's secrets: they are for the server, never for what builds it and installs its packages. */
const SECRET = /^(MASTER_KEYS|DATABASE_URL|ODOO_DATABASE_URL|SMTP_URL)$|_SECRET$/

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
    // All of them, so that one run shows all there is to mend.
    const failed = CHECKS.filter(([name, ...parameters]) => spawnSync(bin(name), parameters, HERE).status !== 0)
    if (failed.length > 0)
      fail(`Failed: ${failed.map(([name, ...parameters]) => [name, ...parameters].join(' ')).join('; ')}.`)
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
    env: withoutSecrets(),
  })
  if (status !== 0)
    fail(`Node ${NODE} is needed and could not be had through the registry. Install it, then try again.`)
  // Run directly: signals would get lost on the way through npx and its shell.
  return stdout.trim()
}

/** Installs the packages, unless nothing about them changed since the last time. */
function install() {
  const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...ROOMS.map((room) => join(room, 'package.json'))]
  const there = ROOMS.every((room) => existsSync(join(ROOT, room, 'node_modules')))
  onceFor('installed', inputs, there, () => {
    const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    const pnpm = ['--yes', '--loglevel=error', packageManager, 'install', '--frozen-lockfile', '--prefer-offline']
    quietly('Installing packages', 'npx', [...pnpm, '--reporter=append-only'])
  })
}

/** Builds the page, unless nothing it is made of changed. Of the server it has but types, which leave no trace. */
function buildPage() {
  const inputs = ['pnpm-lock.yaml', 'client/package.json', ...filesIn('client')]
  const there = existsSync(join(ROOT, 'client/dist/index.html'))
  onceFor('built', inputs, there, () => {
    const vite = join(ROOT, 'client/node_modules/.bin/vite')
    quietly('Building the page', vite, ['build', '--logLevel', 'warn'], join(ROOT, 'client'))
  })
}

/** Chromium and git, from Debian where we may install; the tests that need them fail where they are missing. */
function bringTestTools() {
  const missing = () => {
    const browser = process.env.CHROMIUM_PATH ?? CHROMIUM.find((path) => existsSync(path))
    const git = spawnSync('git', ['--version']).error ? ['git'] : []
    return browser && existsSync(browser) ? git : ['chromium', ...git]
  }
  const wanted = missing()
  if (wanted.length === 0) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing ${wanted.join(' and ')} for the tests ...`)
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...withoutSecrets(), DEBIAN_FRONTEND: 'noninteractive' },
    }
    spawnSync('apt-get', ['-qq', 'update'], quiet)
    spawnSync('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', ...wanted], quiet)
  }
  const still = missing().join(' and ')
  if (still) {
    console.error(
      `The tests need ${still}, which could not be installed here. Install it (as root on Debian: apt-get install ${still}), or name a browser in CHROMIUM_PATH. Tests that need it will fail.`,
    )
  }
}

/** Does something, unless it was done for these very files on this kind of machine and its outcome is there. */
function onceFor(name, files, there, action) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  for (const file of files.sort()) hash.update(`\0${file}\0`).update(readFileSync(join(ROOT, file)))
  const stamp = join(STAMPS, name)
  const now = hash.digest('hex')
  if (there && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  rmSync(stamp, { force: true })
  action()
  mkdirSync(STAMPS, { recursive: true })
  writeFileSync(stamp, now)
}

function filesIn(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(node_modules|dist)\/|[.]test[.]tsx?$/.test(file))
}

function bin(name) {
  return join(ROOT, 'node_modules/.bin', name)
}

/** Runs a step to its end and says one line of it; a failed one shows what it wrote and ends us. */
function quietly(title, name, parameters, cwd = ROOT) {
  console.log(`${title} ...`)
  const env = withoutSecrets()
  const options = { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', maxBuffer: 64_000_000 }
  const { status, error, stdout, stderr } = spawnSync(name, parameters, options)
  if (error) fail(`${title} failed: ${name} could not be run (${error.message}).`)
  if (status === 0) return
  process.stderr.write(`${stdout}${stderr}`)
  fail(`${title} failed; the reason stands above.`)
}

function withoutSecrets() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !SECRET.test(name)))
}

/** Runs the last step: signals go on to it, and its exit code is ours. */
function follow(name, parameters) {
  const child = spawn(name, parameters, HERE)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // npm that is told to end does not always tell its script, so one that lost it stops by itself.
  const parent = process.ppid
  const lost = () => process.env.npm_lifecycle_event !== undefined && process.ppid !== parent
  const watch = setInterval(() => lost() && child.kill('SIGTERM'), 500)
  return new Promise((resolve) => {
    child.once('error', (error) => fail(`${name} could not be run: ${error.message}`))
    child.once('exit', (code, signal) => {
      clearInterval(watch)
      process.exitCode = code ?? 128 + constants.signals[signal]
      resolve()
    })
  })
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
