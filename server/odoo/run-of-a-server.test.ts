import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { describe, expect, test, vi } from 'vitest'
import { runProgram } from '../database/run-program.ts'
import type { InstallAccount } from './install-account.ts'
import { marked, run, sh } from './testing.ts'

/** A server, as text, that runs one script and writes what it hears. */
function serverThatRuns(script: string): string {
  const module = new URL('run-confined.ts', import.meta.url).href
  return `import { runConfined } from ${JSON.stringify(module)}
    await runConfined({ account: { is: 'same' }, command: ['sh', '-c', ${JSON.stringify(script)}], environment: {},
      deadlineMs: 60_000, signal: new AbortController().signal, onLine: (_, text) => void console.log(text) })`
}

describe('a run', () => {
  const account: InstallAccount = { is: 'same' }
  test('is ended past its deadline', async () => {
    const { end } = await run(account, ['sleep', '60'], { deadlineMs: 100 })
    expect(end).toEqual({ is: 'deadline' })
  })
  test('ends with the server, even by kill -9', async () => {
    const mark = `sleeper-${crypto.randomUUID()}`
    const script = `: ${mark}; echo $HOME; while :; do sleep 0.2; done`
    const server = spawn(process.execPath, ['--input-type=module', '-e', serverThatRuns(script)])
    const [home] = await once(server.stdout, 'data')
    expect(await marked(mark)).not.toEqual([])
    server.kill('SIGKILL')
    await vi.waitFor(async () => expect(await marked(mark)).toEqual([]), { timeout: 10_000 })
    // Nobody is left who would remove it.
    await rm(String(home).trim(), { recursive: true })
  })
  test('hands on no descriptor that the server was given', async () => {
    const inherit = `import os, sys
os.dup2(os.open("/etc/passwd", os.O_RDONLY), 200, inheritable=True)
os.execv(sys.argv[1], sys.argv[1:])`
    const { code, output } = await runProgram('python3', [
      ...[
        '-c',
        inherit,
        process.execPath,
        '--input-type=module',
        '-e',
        serverThatRuns('for fd in /proc/self/fd/*; do readlink $fd; done'),
      ],
    ])
    expect(code).toBe(0)
    expect(output).toContain('/dev/null')
    expect(output).not.toContain('passwd')
  })
  test('does not begin when it was cancelled before', async () => {
    const outcome = await run(account, sh('echo ran'), { signal: AbortSignal.abort() })
    expect(outcome).toMatchObject({ end: { is: 'cancelled' }, out: [] })
  })
  test('counts the lines past the limit and keeps them to itself', async () => {
    const outcome = await run(account, ['seq', '1', '5000'], { lines: 100 })
    expect(outcome).toMatchObject({ end: { is: 'exited', code: 0 }, linesLeftOut: 4900 })
    expect(outcome.out).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)))
  })
  test('cuts long lines', async () => {
    const { out } = await run(account, sh('head -c 100000 /dev/zero | tr "\\0" x; echo; echo next'), {
      bytesPerLine: 10,
    })
    expect(out).toEqual([`${'x'.repeat(10)} […]`, 'next'])
  })
  test('makes the program wait for whoever hears it', async () => {
    let heard = 0
    const { end } = await run(account, ['seq', '1', '200'], {
      onLine: async () => {
        await new Promise((next) => setImmediate(next))
        heard++
      },
    })
    expect(end).toEqual({ is: 'exited', code: 0 })
    expect(heard).toBe(200)
  })
  test('ends the program and throws when a line cannot be taken', async () => {
    const mark = `sleeper-${crypto.randomUUID()}`
    const failing = run(account, sh(`: ${mark}; echo line; sleep 60`), {
      onLine: () => Promise.reject(new Error('the disk is full')),
    })
    await expect(failing).rejects.toThrow('the disk is full')
    expect(await marked(mark)).toEqual([])
  })
})
