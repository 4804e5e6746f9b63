import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const ROOT = resolve(import.meta.dirname, '../../..')
const READY_MS = 60_000
const LOOK_EVERY_MS = 2

/** What a child process of the server shows to everybody on the machine. */
export interface SeenProcess {
  readonly commandLine: string
  readonly environment: string
}

/** Starts the server as people do, and looks at the processes that it starts for as long as it runs. */
export async function startWatchedServer(env: NodeJS.ProcessEnv) {
  const { child, output, ended } = start(['server/main.ts'], env)
  const { pid } = child
  await new Promise<void>((ready, failed) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      failed(new Error(`The server did not start: ${output()}`))
    }, READY_MS)
    child.stdout?.on('data', () => {
      if (!output().includes('is ready at')) return
      clearTimeout(late)
      ready()
    })
    child.once('exit', () => failed(new Error(`The server ended: ${output()}`)))
  })
  if (pid === undefined) throw new Error('The server has no process.')
  const own = await read(`/proc/${pid}/cmdline`)
  const seen = new Map<string, SeenProcess>()
  let watching = true
  const watch = (async () => {
    while (watching) {
      for (const process of await descendants(pid)) {
        // A child that is just being made is the server itself for a moment, until it becomes another program.
        if (process.commandLine !== own) seen.set(JSON.stringify(process), process)
      }
      await pause(LOOK_EVERY_MS)
    }
  })()
  return {
    /** Everything that it wrote, to either stream. */
    output,
    /** Every state in which a child, or a child's child, was seen. */
    seen: () => [...seen.values()],
    async stop() {
      watching = false
      await watch
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Runs a program of ours to its end, and gives everything that it wrote. */
export async function runProgram(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { output, ended } = start(args, env)
  await ended
  return output()
}

function start(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (part: Buffer) => {
      output += part.toString('utf8')
    })
  }
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  return { child, output: () => output, ended }
}

async function descendants(pid: number): Promise<SeenProcess[]> {
  const children = (await read(`/proc/${pid}/task/${pid}/children`)).split(' ').filter(Boolean).map(Number)
  const found = await Promise.all(
    children.map(async (child) => {
      // In this order: once it is another program by its command line, its environment is that program's too.
      const commandLine = await read(`/proc/${child}/cmdline`)
      const environment = await read(`/proc/${child}/environ`)
      return [{ commandLine, environment }, ...(await descendants(child))]
    }),
  )
  return found.flat()
}

/** A process may be gone by the time one looks. */
function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
