import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Writable } from 'node:stream'
import { rootCertificates } from 'node:tls'
import { findWay, type Guard, type Way } from '../providers/transport/connector.ts'
import { failureOf, TransportError } from '../providers/transport/failure.ts'
import { gitProblem } from './git-version.ts'
import { type RefusalReason, refusalOf } from './refusal.ts'

const ASKPASS = resolve(import.meta.dirname, 'git-askpass')
const DEADLINE_MS = 20_000
const MOST_OUTPUT = 200_000
const NO_BRANCH: LsRemoteOutcome = { kind: 'refused', reason: 'no-branch', text: 'There is no such branch.' }

/** What git could do with a repository. */
export type LsRemoteOutcome =
  /** `authenticated` is false when the server gave the refs without asking for the credential. */
  | { kind: 'ok'; authenticated: boolean }
  | { kind: 'refused'; reason: RefusalReason; text: string }
  | { kind: 'unreachable'; text: string }
  | { kind: 'no-git'; text: string }

/**
 * Asks a repository for its head, or a branch, by the real git, with a credential that is in no argument, variable or
 * file.
 */
export type LsRemote = (request: {
  url: string
  username: string
  password: string
  branch?: string
}) => Promise<LsRemoteOutcome>

/** Where git may go, and where it is looked for. */
export interface LsRemoteOptions extends Guard {
  readonly path?: string
  /** A certificate authority (PEM) that is trusted beside the public ones. */
  readonly authority?: string | null
  readonly deadlineMs?: number
}

/** Makes `lsRemote` for a server's settings. */
export function createLsRemote(options: LsRemoteOptions): LsRemote {
  return async ({ url, username, password, branch }) => {
    const target = URL.parse(url)
    if (!target || target.username || target.password) {
      return { kind: 'unreachable', text: 'The address of the repository cannot be used.' }
    }
    const trusted = options.trustedHosts.includes(target)
    if (target.protocol !== 'https:' && !trusted) return { kind: 'unreachable', text: 'Only https is used for git.' }
    const path = options.path ?? process.env.PATH ?? ''
    const problem = await gitProblem(path)
    if (problem) return { kind: 'no-git', text: problem }
    try {
      const way = await findWay(target, options).catch((error: unknown) => {
        throw new TransportError(failureOf(error, { host: target.host, sent: false }))
      })
      const home = await mkdtemp(join(tmpdir(), 'git-connections-'))
      try {
        const authorities = join(home, 'authorities.pem')
        if (options.authority) await writeFile(authorities, [...rootCertificates, options.authority].join('\n'))
        const bundle = options.authority ? authorities : null
        const run = { target, username, password, branch: branch ?? null, home, way, path, bundle }
        return await runGit(run, options.deadlineMs ?? DEADLINE_MS)
      } finally {
        await rm(home, { recursive: true, force: true })
      }
    } catch (error) {
      if (error instanceof TransportError) return { kind: 'unreachable', text: error.message }
      throw error
    }
  }
}

interface Run {
  readonly target: URL
  readonly username: string
  readonly password: string
  readonly branch: string | null
  readonly home: string
  readonly way: Way
  readonly path: string
  /** The file of the authorities that git is to trust; null for the system's own. */
  readonly bundle: string | null
}

async function runGit(run: Run, deadlineMs: number): Promise<LsRemoteOutcome> {
  const proxy = run.way.by === 'proxy' ? run.way.proxy : null
  const settings = [
    ...['core.hooksPath=/dev/null', 'credential.helper=', 'http.followRedirects=false', 'http.sslVerify=true'],
    ...['protocol.allow=never', `protocol.${run.target.protocol.slice(0, -1)}.allow=always`],
    ...wayOf(run),
    ...(run.bundle ? [`http.sslCAInfo=${run.bundle}`] : []),
  ].flatMap((setting) => ['-c', setting])
  const wanted = run.branch === null ? 'HEAD' : `refs/heads/${run.branch}`
  const child = spawn('git', [...settings, 'ls-remote', '--', run.target.href, wanted], {
    cwd: run.home,
    // A group of its own, so that the helpers that git starts end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: {
      ...{ PATH: run.path, HOME: run.home, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
      ...{ GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_ATTR_NOSYSTEM: '1' },
      ...{ GIT_ASKPASS: ASKPASS, GC_ORIGIN: run.target.origin },
      GC_ORIGIN_WITH_USER: run.target.origin.replace('://', `://${run.username}@`),
      GC_PROXY: proxy ? `${proxy.hostname}:${proxy.port}` : 'none',
    },
  })
  const pipes: readonly unknown[] = child.stdio
  tell(pipes[3], `${run.username}\n${run.password}\n`)
  tell(pipes[5], proxy ? `${proxy.password}\n` : '')
  let asked = false
  child.stdio[4]?.on('data', () => {
    asked = true
  })
  let errors = ''
  let found = false
  child.stdout?.on('data', () => {
    found = true
  })
  child.stderr?.on('data', (part: Buffer) => {
    if (errors.length < MOST_OUTPUT) errors += part.toString('utf8')
  })
  return new Promise((settle) => {
    const timer = setTimeout(() => {
      if (child.pid) process.kill(-child.pid, 'SIGKILL')
      settle({ kind: 'unreachable', text: 'git was not answered in time.' })
    }, deadlineMs)
    child.once('error', () => {
      clearTimeout(timer)
      settle({ kind: 'no-git', text: 'git could not be run here.' })
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      if (code === 0) return settle(run.branch === null || found ? { kind: 'ok', authenticated: asked } : NO_BRANCH)
      const text = clean(errors, [run.password, proxy?.password ?? ''])
      settle(refusalOf(text))
    })
  })
}

/** The settings that keep git to the way that was found. */
function wayOf({ way, target }: Run): string[] {
  if (way.by === 'proxy') {
    const { secure, hostname, port, username, password } = way.proxy
    // The password would be seen by everybody on the machine here; git asks for it where there is a user.
    const user = username || password ? `${encodeURIComponent(username)}@` : ''
    return [`http.proxy=${secure ? 'https' : 'http'}://${user}${hostname}:${port}`, 'http.proxyAuthMethod=basic']
  }
  const { address } = way
  if (address === target.hostname.replace(/^\[|\]$/g, '')) return []
  // git looks names up by itself; pinning keeps it to the address that was checked.
  const port = target.port || (target.protocol === 'https:' ? '443' : '80')
  return [`http.curloptResolve=${target.hostname}:${port}:${address.includes(':') ? `[${address}]` : address}`]
}

/** Writes to a pipe that the other side may never read. */
function tell(pipe: unknown, text: string): void {
  if (!(pipe instanceof Writable)) return
  pipe.on('error', () => {})
  pipe.end(text)
}

/** What git said, without the passwords, control characters and length. */
function clean(text: string, passwords: readonly string[]): string {
  return passwords
    .filter((password) => password !== '')
    .reduce((rest, password) => rest.replaceAll(password, '[secret]'), text)
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 500)
}
