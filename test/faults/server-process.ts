import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const READY = /is ready at (http\S+)/

/** A server as people start it, in a process of its own: killed and started again, it is still the same to its callers. */
export interface ServerProcess {
  /** Where it listens, as soon as it does; waits while it does not run. */
  readonly address: () => Promise<string>
  /** Rejects when it ends without being told to, with what it printed. */
  readonly lost: Promise<never>
  /** Starts it; resolves when it is ready. */
  readonly start: () => Promise<void>
  /** Starts it without waiting, so that it can be killed on the way. */
  readonly begin: () => void
  /** Ends it without a chance to tidy up. */
  readonly kill: () => Promise<void>
  /** Ends it as an operator does. */
  readonly stop: () => Promise<void>
  /** What all of its lives printed. */
  readonly output: () => string
}

/** A server with these settings; it does not run yet. Another program than the product's prints the same line. */
export async function createServerProcess(
  settings: Readonly<Record<string, string>>,
  program = 'server/main.ts',
): Promise<ServerProcess> {
  const env = { PATH: process.env.PATH, PORT: String(await lastingPort()), ...settings }
  let ready = Promise.withResolvers<string>()
  const lost = Promise.withResolvers<never>()
  lost.promise.catch(() => {})
  let isReady = false
  let child: ChildProcess | undefined
  let output = ''

  function begin(): void {
    const life = spawn(process.execPath, [program], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
    child = life
    let said = ''
    const read = (part: Buffer) => {
      said += part
      output += part
      const address = READY.exec(said)?.[1]
      if (!address || child !== life) return
      isReady = true
      ready.resolve(address)
    }
    life.stdout.on('data', read)
    life.stderr.on('data', read)
    life.once('exit', () => {
      if (child === life) lost.reject(new Error(`The server ended by itself: ${said.slice(-2_000)}`))
    })
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    // First, so that no caller is sent to the dead one; those who wait for a start wait for the next one.
    if (isReady) ready = Promise.withResolvers()
    isReady = false
    const life = child
    child = undefined
    if (!life || life.exitCode !== null || life.signalCode !== null) return
    const ended = once(life, 'exit')
    life.kill(signal)
    await ended
  }

  return {
    address: () => ready.promise,
    lost: lost.promise,
    begin,
    async start() {
      begin()
      await Promise.race([ready.promise, lost.promise])
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    output: () => output,
  }
}

/** A port that stays free while the server is down: below those that systems give to whoever asks for any. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000)
    const probe = createServer().listen(port, '127.0.0.1')
    const free = await once(probe, 'listening').then(
      () => true,
      () => false,
    )
    probe.close()
    if (free) return port
  }
}
