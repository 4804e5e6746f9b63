import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { v4 as uuid } from 'uuid'
import { bareEnvironment } from '../database/run-program.ts'
import { runAs } from './as-account.ts'
import type { Words } from './command-words.ts'
import { type Confinement, confine } from './confinement.ts'
import { inheritedDescriptors } from './inherited-descriptors.ts'
import type { InstallAccount } from './install-account.ts'
import { endLeftovers, RUN_MARK, signalMarked } from './leftovers.ts'
import { lineSplitter } from './line-splitter.ts'

const GRACE_MS = 10_000
/** How long the last lines may take once nobody is left who writes. */
const DRAIN_MS = 30_000
const BYTES_PER_LINE = 64 * 1024
const LINES = 1_000_000

export interface ConfinedRun {
  readonly account: InstallAccount
  readonly command: Words
  /** What the program is to know beside PATH, HOME, TMPDIR, LANG and TZ; nobody but its account can read it. */
  readonly environment: Readonly<Record<string, string>>
  readonly deadlineMs: number
  /** Cancels the run. */
  readonly signal: AbortSignal
  /** Hears each line as it comes; while it returns a promise, the program waits. */
  readonly onLine: (stream: 'stdout' | 'stderr', text: string) => void | Promise<void>
  /** How long the program may take to end after SIGTERM. */
  readonly graceMs?: number
  readonly bytesPerLine?: number
  /** What comes after so many lines is counted, no more. */
  readonly lines?: number
  /** False does without a process namespace where one would be possible. */
  readonly namespace?: boolean
}

/** How a program ended. `killed` is a signal that was not ours: 9 often means that memory ran out. */
export type RunEnd =
  | { is: 'exited'; code: number }
  | { is: 'killed'; signal: number }
  | { is: 'deadline' }
  | { is: 'cancelled' }
  | { is: 'not-started'; text: string }

export interface RunOutcome {
  readonly end: RunEnd
  readonly linesLeftOut: number
}

/**
 * Runs a program as the account of repository code: nothing of our environment and descriptors reaches it, its home is
 * fresh and removed afterwards, and no process of it outlives the run. Past the deadline, or when it is cancelled, it is
 * told to end, and then ended. What `onLine` throws ends it too, and is thrown.
 */
export async function runConfined(run: ConfinedRun): Promise<RunOutcome> {
  const { account } = run
  if (run.signal.aborted) return { end: { is: 'cancelled' }, linesLeftOut: 0 }
  const home = await runAs(account, ['mktemp', '-d', '/tmp/git-connections-XXXXXXXX'])
  if (home.code !== 0 || !home.output.startsWith('/')) {
    return { end: { is: 'not-started', text: `No home could be made: ${home.output}` }, linesLeftOut: 0 }
  }
  try {
    return await runAtHome(run, home.output)
  } finally {
    // What lies there may hide from being removed by its modes.
    await runAs(account, ['sh', '-c', 'chmod -R u+rwX -- "$1" 2>/dev/null; rm -rf -- "$1"', 'sh', home.output])
  }
}

async function runAtHome(run: ConfinedRun, home: string): Promise<RunOutcome> {
  const { account, command } = run
  const mark = uuid()
  const { PATH = '', TZ = 'UTC' } = bareEnvironment()
  const environment = { PATH, TZ, HOME: home, TMPDIR: home, LANG: 'C.UTF-8', ...run.environment, [RUN_MARK]: mark }
  const confinement = await confine({ account, command, environment, namespace: run.namespace ?? true })
  const inherited = await inheritedDescriptors()
  const { child, ended } = start(confinement, inherited)
  // Begun at once: Node throws away what nobody reads by the time the child ends.
  const count = { lines: 0, leftOut: 0 }
  const read = Promise.all([
    readLines(run, 'stdout', child.stdout, count),
    readLines(run, 'stderr', child.stderr, count),
  ])

  const signalAll = async (signal: 'TERM' | 'KILL') => {
    signalGroup(child, `SIG${signal}`)
    if (!confinement.endsWhole) await signalMarked(account, mark, signal)
  }
  const timers: NodeJS.Timeout[] = []
  const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<RunEnd>()
  let stopped: RunEnd | null = null
  const stop = (why: RunEnd) => {
    if (stopped) return
    stopped = why
    const grace = run.graceMs ?? GRACE_MS
    void signalAll('TERM')
    timers.push(setTimeout(() => void signalAll('KILL'), grace))
    // A prefix that hangs before it became the other account cannot be ended by us.
    timers.push(setTimeout(() => giveUp(why), grace + DRAIN_MS))
  }
  const cancel = () => stop({ is: 'cancelled' })
  run.signal.addEventListener('abort', cancel)
  if (run.signal.aborted) cancel()
  timers.push(setTimeout(() => stop({ is: 'deadline' }), run.deadlineMs))
  try {
    const end = await Promise.race([ended, givenUp, read.then(() => ended)]).then((actual) => stopped ?? actual)
    if (!confinement.endsWhole) await endLeftovers(account, mark)
    timers.push(setTimeout(() => cutOff(child), DRAIN_MS))
    await read
    return { end, linesLeftOut: count.leftOut }
  } catch (error) {
    await signalAll('KILL')
    await ended
    throw error
  } finally {
    for (const timer of timers) clearTimeout(timer)
    run.signal.removeEventListener('abort', cancel)
  }
}

function start({ words, environment, become, input }: Confinement, inherited: readonly number[]) {
  const [program, ...args] = words
  const nothing = openSync('/dev/null', 'r')
  // What would be inherited is covered by /dev/null.
  const beyond = Array.from({ length: Math.max(2, ...inherited) - 2 }, (_, index) =>
    inherited.includes(index + 3) ? nothing : 'ignore',
  )
  const child = spawn(program, args, {
    // Another account may not enter our working directory.
    cwd: '/',
    // A session and group of its own, so that what it starts is signalled with it.
    detached: true,
    stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe', ...beyond],
    env: { ...environment },
    ...become,
  })
  const ended = new Promise<RunEnd>((settle) => {
    child.once('error', (error) => settle({ is: 'not-started', text: error.message }))
    child.once('exit', (code, signal) => settle(endOf(code, signal)))
  })
  closeSync(nothing)
  // It may end without having read.
  child.stdin?.on('error', () => {}).end(input ?? '')
  return { child, ended }
}

/** A shell, and sudo, tell the signal that ended their child as 128 and its number; Odoo never exits so. */
function endOf(code: number | null, signal: NodeJS.Signals | null): RunEnd {
  if (signal) return { is: 'killed', signal: constants.signals[signal] }
  const exit = code ?? 1
  return exit > 128 && exit < 160 ? { is: 'killed', signal: exit - 128 } : { is: 'exited', code: exit }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It is gone already, or it belongs to the other account, which then signals it itself.
  }
}

function cutOff(child: ChildProcess): void {
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/** Hands the lines over as they come; a pipe that is not read makes its writer wait, so nothing piles up here. */
async function readLines(
  run: ConfinedRun,
  name: 'stdout' | 'stderr',
  from: Readable | null,
  count: { lines: number; leftOut: number },
): Promise<void> {
  if (!from) return
  const splitter = lineSplitter(run.bytesPerLine ?? BYTES_PER_LINE)
  const hand = async (lines: readonly string[]) => {
    for (const line of lines) {
      if (count.lines >= (run.lines ?? LINES)) {
        count.leftOut++
        continue
      }
      count.lines++
      const wait = run.onLine(name, line)
      if (wait) await wait
    }
  }
  try {
    for await (const part of from) await hand(splitter.push(part))
  } catch (error) {
    // Cut off by us, since somebody still held the pipe.
    if (!from.destroyed || !isPremature(error)) throw error
  }
  await hand(splitter.end())
}

function isPremature(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
