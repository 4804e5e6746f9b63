import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { GIT_ENVIRONMENT, GIT_SETTINGS } from './git-settings.ts'
import { cleanWords, lineSplitter } from './git-words.ts'
import type { Remote } from './remote.ts'
import { limited } from './resource-limits.ts'
import { settingsOfWay } from './way-settings.ts'

const ASKPASS = resolve(import.meta.dirname, 'git-askpass')
const MOST_ERRORS = 200_000
const MOST_LINES = 5_000
/** How long the pipes of a killed group are waited for. */
const DYING_MS = 2_000
/** What a run may compute beyond its time with the threads that it is allowed, so that the deadline ends it first. */
const SPARE_CPU_SECONDS = 60
const THREADS = 2

/** One git, with what it may have. */
export interface GitRun {
  readonly args: readonly string[]
  readonly deadlineMs: number
  /** The only place that it may speak to; absent: it speaks to nobody. */
  readonly remote?: Remote
  /** Settings beside those that every git of ours has. */
  readonly settings?: readonly string[]
  /** The search path for git itself. */
  readonly path?: string
  /** What it reads from its standard input. */
  readonly input?: Iterable<string>
  readonly signal?: AbortSignal | undefined
  /** The largest file that it may write, in bytes. */
  readonly fileBytes?: number
  /** Hears each line that git writes to its errors, progress too, without secrets; at most 5,000 of them. */
  readonly onLine?: ((line: string) => void) | undefined
}

/** How a git ended. */
export type GitEnd =
  /** By itself: `code` is null where a signal ended it; `asked` tells whether it asked for the password. */
  | { readonly is: 'ended'; readonly code: number | null; readonly errors: string; readonly asked: boolean }
  | { readonly is: 'late' }
  | { readonly is: 'stopped' }
  | { readonly is: 'unstartable' }

/** A git that runs: what it prints must be read to its end, or the run be stopped. */
export interface RunningGit {
  readonly output: Readable
  readonly ended: Promise<GitEnd>
}

/**
 * Starts git: the one place that does. It runs in a process group of its own, which is killed whole when its time is up
 * or the signal comes. The password of a remote reaches it through an inherited pipe, and is in no argument, variable,
 * address or file.
 */
export function startGit(run: GitRun): RunningGit {
  const { remote, signal } = run
  if (signal?.aborted) return { output: Readable.from([]), ended: Promise.resolve({ is: 'stopped' }) }
  const path = run.path ?? process.env.PATH ?? ''
  const settings = [...GIT_SETTINGS, ...(run.settings ?? []), ...(remote ? settingsOfWay(remote) : [])]
  const words = ['git', ...settings.flatMap((setting) => ['-c', setting]), ...run.args]
  const cpuSeconds = (run.deadlineMs / 1000) * THREADS + SPARE_CPU_SECONDS
  const [program = 'git', ...args] = limited(words, path, { cpuSeconds, fileBytes: run.fileBytes ?? null })
  const pipe = remote ? 'pipe' : 'ignore'
  const child = spawn(program, args, {
    cwd: remote?.home ?? '/',
    // A group of its own, so that the helpers that git starts end with it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', pipe, pipe, pipe],
    env: { ...GIT_ENVIRONMENT, PATH: path, ...(remote ? environmentOf(remote) : WITHOUT_REMOTE) },
  })
  const secrets = remote ? [remote.password, proxyOf(remote)?.password ?? ''] : []
  const pipes: readonly unknown[] = child.stdio
  if (remote) {
    tell(pipes[3], [`${remote.username}\n${remote.password}\n`])
    tell(pipes[5], [`${proxyOf(remote)?.password ?? ''}\n`])
  }
  tell(pipes[0], run.input ?? [])
  let asked = false
  if (pipes[4] instanceof Readable) {
    pipes[4].on('data', () => {
      asked = true
    })
  }
  const errors = hearErrors(child.stderr, secrets, run.onLine)
  const ended = new Promise<GitEnd>((settle) => {
    let cause: GitEnd | null = null
    const kill = (end: GitEnd) => {
      cause ??= end
      if (child.pid) killGroup(child.pid)
      child.stdout?.destroy()
      setTimeout(() => settle(end), DYING_MS).unref()
    }
    const timer = setTimeout(() => kill({ is: 'late' }), run.deadlineMs)
    const stop = () => kill({ is: 'stopped' })
    signal?.addEventListener('abort', stop, { once: true })
    const done = (end: GitEnd) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      settle(cause ?? end)
    }
    child.once('error', () => done({ is: 'unstartable' }))
    child.once('close', (code) => done({ is: 'ended', code, errors: errors(), asked }))
  })
  return { output: child.stdout ?? Readable.from([]), ended }
}

/** What a git printed, with how it ended. */
export type GitOutcome = GitEnd & { readonly output: Buffer; readonly cut: boolean }

/** Runs git and gives what it printed, at most so many bytes (1 MB); `cut` tells where there was more. */
export async function runGit(run: GitRun & { readonly mostOutputBytes?: number }): Promise<GitOutcome> {
  const { output, ended } = startGit(run)
  const most = run.mostOutputBytes ?? 1_000_000
  const parts: Buffer[] = []
  let size = 0
  output.on('data', (part: Buffer) => {
    size += part.length
    if (size <= most) parts.push(part)
  })
  output.on('error', () => {})
  const end = await ended
  return { ...end, output: Buffer.concat(parts), cut: size > most }
}

const WITHOUT_REMOTE = { HOME: '/nonexistent', GIT_ASKPASS: 'false', GIT_ALLOW_PROTOCOL: 'none' }

function environmentOf(remote: Remote): Record<string, string> {
  const { target, username, home } = remote
  const proxy = proxyOf(remote)
  return {
    HOME: home,
    GIT_ALLOW_PROTOCOL: target.protocol.slice(0, -1),
    GIT_ASKPASS: ASKPASS,
    GC_ORIGIN: target.origin,
    GC_ORIGIN_WITH_USER: target.origin.replace('://', `://${username}@`),
    GC_PROXY: proxy ? `${proxy.hostname}:${proxy.port}` : 'none',
  }
}

function proxyOf({ way }: Remote) {
  return way.by === 'proxy' ? way.proxy : null
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It ended by itself meanwhile.
  }
}

/** Collects what is written to errors, and tells it line by line; gives what was collected, cleaned. */
function hearErrors(
  stream: Readable | null,
  secrets: readonly string[],
  onLine: ((line: string) => void) | undefined,
): () => string {
  const decoder = new StringDecoder('utf8')
  let collected = ''
  let told = 0
  const lines = lineSplitter((line) => {
    const clean = cleanWords(line, secrets)
    told += 1
    if (clean !== '' && told <= MOST_LINES) onLine?.(clean)
  })
  stream?.on('data', (part: Buffer) => {
    const text = decoder.write(part)
    // The end tells why it ended; a flood of progress comes before.
    collected = (collected + text).slice(-MOST_ERRORS)
    if (onLine) lines.push(text)
  })
  stream?.once('close', () => lines.end())
  return () => cleanWords(collected, secrets, MOST_ERRORS)
}

/** Writes to a pipe that the other side may never read. */
function tell(pipe: unknown, texts: Iterable<string>): void {
  if (!(pipe instanceof Writable)) return
  pipe.on('error', () => {})
  Readable.from(texts).pipe(pipe)
}
