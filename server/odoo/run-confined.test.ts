import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { runProgram } from '../database/run-program.ts'
import type { Words } from './command-words.ts'
import { type InstallAccount, installAccount } from './install-account.ts'
import { type ConfinedRun, type RunOutcome, runConfined } from './run-confined.ts'

const isRoot = process.getuid?.() === 0
const DAEMON = 'setsid setsid sh -c "trap : TERM HUP; echo daemon \\$\\$; while :; do sleep 1; done" & '

/** The ways in which a program is confined: those that this machine and our rights allow. */
async function ways(): Promise<[name: string, account: InstallAccount, namespace: boolean][]> {
  if (!isRoot) return [['as the same user', { is: 'same' }, false]]
  const dropped = await installAccount({ user: undefined, runAs: undefined, sameUserAllowed: false })
  if (dropped.is !== 'dropped') throw new Error('no account')
  const { uid, gid } = dropped.account
  const prefix: Words = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--']
  return [
    ['in a namespace', dropped, true],
    ['in a group', dropped, false],
    ['by a prefix', { is: 'prefixed', prefix, uid }, false],
    ['as the same user', { is: 'same' }, false],
  ]
}

type Run = RunOutcome & { out: string[]; err: string[] }

async function run(account: InstallAccount, command: Words, more: Partial<ConfinedRun> = {}): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []]
  const outcome = await runConfined({
    ...{ account, command, environment: {}, deadlineMs: 15_000, signal: new AbortController().signal },
    onLine: (stream, text) => void (stream === 'stdout' ? out : err).push(text),
    ...more,
  })
  return { ...outcome, out, err }
}

const sh = (script: string): Words => ['sh', '-c', script]

/** Whether a process of this number still has a command line with the word. */
async function marked(word: string): Promise<string[]> {
  const found: string[] = []
  for (const name of await readdir('/proc')) {
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (line.includes(word)) found.push(line)
  }
  return found
}

for (const [name, account, namespace] of await ways()) {
  const confined = (command: Words, more: Partial<ConfinedRun> = {}) => run(account, command, { namespace, ...more })

  describe(`a program that runs ${name}`, () => {
    test('is told nothing but what it was given', async () => {
      const environment = { PGPASSWORD: "it's $HOME \\ `id`\nsecond", PGUSER: 'odoo' }
      const { out, end } = await confined(['env', '-0'], { environment })
      expect(end).toEqual({ is: 'exited', code: 0 })
      const seen = Object.fromEntries(
        out
          .join('\n')
          .split('\uFFFD')
          .map((line) => line.split(/=(.*)/s).slice(0, 2)),
      )
      const { GIT_CONNECTIONS_RUN, HOME, PWD, _, OLDPWD, SHLVL, ...rest } = seen
      expect(HOME).toMatch(/^\/tmp\/git-connections-/)
      expect(rest).toEqual({
        ...environment,
        ...{ PATH: expect.any(String), TMPDIR: HOME, LANG: 'C.UTF-8', TZ: 'UTC', '': undefined },
      })
    })
    test('has a home of its own, which is gone afterwards, whatever lies there', async () => {
      const script = 'cd "$HOME" && mkdir -p a/b && echo x > a/b/c && chmod 000 a && stat -c "%a %u" . && id -u && pwd'
      const { out } = await confined(sh(script))
      const [mode, uid, home] = out
      expect(mode).toBe(`700 ${uid}`)
      expect(await readdir(home ?? '').catch((error: NodeJS.ErrnoException) => error.code)).toBe('ENOENT')
    })
    test('is the account, without groups, new rights, core files, or a way to read', async () => {
      const script =
        'id -u; id -G; umask; ulimit -Hc; wc -c < /dev/stdin; for fd in /proc/$$/fd/[3-9]*; do readlink $fd; done | grep -v /dev/null; grep NoNewPrivs /proc/self/status'
      const { out } = await confined(sh(script))
      const ids =
        account.is === 'same' ? process.getuid?.() : account.is === 'dropped' ? account.account.uid : account.uid
      expect(out[0]).toBe(String(ids))
      if (account.is !== 'same') expect(out[1]?.split(' ')).toHaveLength(1)
      expect(out.slice(2)).toEqual(['0077', '0', '0', 'NoNewPrivs:\t1'])
    })
    test('tells how it ended', async () => {
      expect((await confined(sh('exit 255'))).end).toEqual({ is: 'exited', code: 255 })
      expect((await confined(sh('kill -9 $$'))).end).toEqual({ is: 'killed', signal: 9 })
      expect((await confined(['/nonexistent/odoo'])).end).toEqual({ is: 'exited', code: 127 })
    })
    test('is heard line by line, on both ways out, while it runs', async () => {
      const controller = new AbortController()
      const heard: string[] = []
      const { end } = await confined(sh('printf "eins\\nzw"; echo error >&2; printf "ei\\n\\377\\n"; sleep 60'), {
        signal: controller.signal,
        onLine: (stream, text) => {
          heard.push(`${stream} ${text}`)
          if (heard.length === 4) controller.abort()
        },
      })
      expect(end).toEqual({ is: 'cancelled' })
      expect(heard.filter((line) => line.startsWith('stdout'))).toEqual(['stdout eins', 'stdout zwei', 'stdout \uFFFD'])
      expect(heard).toContain('stderr error')
    })
    test('is ended past its deadline, with all it started, even where that left the group and stays at SIGTERM', async () => {
      const mark = `daemon-${crypto.randomUUID()}`
      const script = `${DAEMON.replaceAll('daemon', mark)} trap "" TERM; sleep 60 & while :; do sleep 1; done`
      const { end, out } = await confined(sh(script), { deadlineMs: 1_500, graceMs: 300 })
      expect(end).toEqual({ is: 'deadline' })
      expect(out).toEqual([expect.stringContaining(mark)])
      expect(await marked(mark)).toEqual([])
    })
    test('leaves no daemon behind when it ends by itself', async () => {
      const mark = `daemon-${crypto.randomUUID()}`
      const script = `${DAEMON.replaceAll('daemon', mark)} read -r line < "$HOME/none" 2>/dev/null; sleep 0.5; echo done`
      const { end, out } = await confined(sh(script))
      expect(end).toEqual({ is: 'exited', code: 0 })
      expect(out).toContain('done')
      expect(out.join()).toContain(mark)
      expect(await marked(mark)).toEqual([])
    })
    test('may end in its own way when it is cancelled', async () => {
      const controller = new AbortController()
      const script = 'trap "echo bye; exit 3" TERM; echo ready; while :; do sleep 0.1; done'
      const heard: string[] = []
      const { end } = await confined(sh(script), {
        signal: controller.signal,
        onLine: (_, text) => {
          heard.push(text)
          if (text === 'ready') controller.abort()
        },
      })
      expect(end).toEqual({ is: 'cancelled' })
      expect(heard).toContain('bye')
    })
  })
}

describe('a run', () => {
  const account: InstallAccount = { is: 'same' }
  test('hands on no descriptor that the server was given', async () => {
    const module = new URL('run-confined.ts', import.meta.url).href
    const server = `import { runConfined } from ${JSON.stringify(module)}
      const look = 'for fd in /proc/self/fd/*; do readlink $fd; done'
      await runConfined({ account: { is: 'same' }, command: ['sh', '-c', look], environment: {}, deadlineMs: 9000,
        signal: new AbortController().signal, onLine: (_, text) => process.stdout.write(text + '\\n') })`
    const inherit = `import os, sys
os.dup2(os.open("/etc/passwd", os.O_RDONLY), 200, inheritable=True)
os.execv(sys.argv[1], sys.argv[1:])`
    const { code, output } = await runProgram('python3', [
      ...['-c', inherit, process.execPath, '--input-type=module', '-e', server],
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
