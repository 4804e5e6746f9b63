import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { rootCertificates } from 'node:tls'
import { failureOf, TransportError } from '../providers/transport/failure.ts'
import { type GuardOptions, pickAddress } from '../providers/transport/guarded-fetch.ts'
import type { TrustedHosts } from '../providers/transport/trusted-hosts.ts'
import { gitProblem } from './git-version.ts'
import { type RefusalReason, refusalOf } from './refusal.ts'

const ASKPASS = resolve(import.meta.dirname, 'git-askpass')
const DEADLINE_MS = 20_000
const MOST_OUTPUT = 200_000

/** What git could do with a repository. */
export type LsRemoteOutcome =
  /** `authenticated` is false when the server gave the refs without asking for the credential. */
  | { kind: 'ok'; authenticated: boolean }
  | { kind: 'refused'; reason: RefusalReason; text: string }
  | { kind: 'unreachable'; text: string }
  | { kind: 'no-git'; text: string }

/** Asks a repository for its head by the real git, with a credential that is in no argument, variable or file. */
export type LsRemote = (request: { url: string; username: string; password: string }) => Promise<LsRemoteOutcome>

/** Where git may go, and where it is looked for. */
export interface LsRemoteOptions extends Pick<GuardOptions, 'resolve' | 'reach'> {
  readonly trustedHosts: TrustedHosts
  readonly path?: string
  /** A certificate authority (PEM) that is trusted beside the public ones. */
  readonly authority?: string | null
  readonly deadlineMs?: number
}

/** Makes `lsRemote` for a server's settings. */
export function createLsRemote(options: LsRemoteOptions): LsRemote {
  return async ({ url, username, password }) => {
    const target = URL.parse(url)
    if (!target || target.username || target.password) {
      return { kind: 'unreachable', text: 'The address of the repository cannot be used.' }
    }
    const trusted = options.trustedHosts.includes(target)
    if (target.protocol !== 'https:' && !trusted) return { kind: 'unreachable', text: 'Only https is used for git.' }
    const path = options.path ?? process.env.PATH ?? ''
    const problem = await gitProblem(path)
    if (problem) return { kind: 'no-git', text: problem }
    const port = target.port || (target.protocol === 'https:' ? '443' : '80')
    try {
      const place = { ...options, trusted, host: target.host }
      const { address } = await pickAddress(target.hostname, place).catch((error: unknown) => {
        throw new TransportError(failureOf(error, { host: target.host, sent: false }))
      })
      // git looks names up by itself; pinning keeps it to the address that was checked.
      const pin =
        address === target.hostname.replace(/^\[|\]$/g, '')
          ? []
          : [`${target.hostname}:${port}:${address.includes(':') ? `[${address}]` : address}`]
      const home = await mkdtemp(join(tmpdir(), 'git-connections-'))
      try {
        const authorities = join(home, 'authorities.pem')
        if (options.authority) await writeFile(authorities, [...rootCertificates, options.authority].join('\n'))
        const bundle = options.authority ? authorities : null
        const run = { target, username, password, home, pin, path, bundle }
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
  readonly home: string
  readonly pin: readonly string[]
  readonly path: string
  /** The file of the authorities that git is to trust; null for the system's own. */
  readonly bundle: string | null
}

async function runGit(run: Run, deadlineMs: number): Promise<LsRemoteOutcome> {
  const settings = [
    ...['core.hooksPath=/dev/null', 'credential.helper=', 'http.followRedirects=false', 'http.sslVerify=true'],
    ...['protocol.allow=never', `protocol.${run.target.protocol.slice(0, -1)}.allow=always`],
    ...run.pin.map((pin) => `http.curloptResolve=${pin}`),
    ...(run.bundle ? [`http.sslCAInfo=${run.bundle}`] : []),
  ].flatMap((setting) => ['-c', setting])
  const child = spawn('git', [...settings, 'ls-remote', '--', run.target.href, 'HEAD'], {
    cwd: run.home,
    // A group of its own, so that the helpers that git starts end with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    env: {
      ...{ PATH: run.path, HOME: run.home, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
      ...{ GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_ATTR_NOSYSTEM: '1' },
      ...{ GIT_ASKPASS: ASKPASS, GC_ORIGIN: run.target.origin },
      GC_ORIGIN_WITH_USER: run.target.origin.replace('://', `://${run.username}@`),
    },
  })
  const pipe = child.stdio[3]
  if (pipe && 'end' in pipe) {
    pipe.on('error', () => {})
    pipe.end(`${run.username}\n${run.password}\n`)
  }
  let asked = false
  child.stdio[4]?.on('data', () => {
    asked = true
  })
  let errors = ''
  child.stdout?.resume()
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
      if (code === 0) return settle({ kind: 'ok', authenticated: asked })
      const text = clean(errors, run.password)
      settle(refusalOf(text))
    })
  })
}

/** What git said, without the password, control characters and length. */
function clean(text: string, password: string): string {
  return text
    .replaceAll(password, '[secret]')
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, 500)
}
