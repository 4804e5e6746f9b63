import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { Words } from './command-words.ts'
import type { ConfinedRun } from './run-confined.ts'
import { marked, run, sh, ways } from './testing.ts'

const DAEMON = 'setsid setsid sh -c "trap : TERM HUP; echo daemon \\$\\$; while :; do sleep 1; done" & '

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
        'id -u; id -G; umask; ulimit -Hc; wc -c < /dev/stdin; grep NoNewPrivs /proc/self/status; for fd in /proc/$$/fd/*; do readlink $fd; done'
      const { out } = await confined(sh(script))
      const ids =
        account.is === 'same' ? process.getuid?.() : account.is === 'dropped' ? account.account.uid : account.uid
      expect(out[0]).toBe(String(ids))
      if (account.is !== 'same') expect(out[1]?.split(' ')).toHaveLength(1)
      expect(out.slice(2, 6)).toEqual(['0077', '0', '0', 'NoNewPrivs:\t1'])
      expect(out.slice(9).filter((target) => target !== '/dev/null')).toEqual([])
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
    test('is ended with all it started, even where that left the group and stays at SIGTERM', async () => {
      const mark = `daemon-${crypto.randomUUID()}`
      const script = `trap "" TERM; ${DAEMON.replaceAll('daemon', mark)} sleep 60 & while :; do sleep 1; done`
      const controller = new AbortController()
      const onLine = () => controller.abort()
      const { end } = await confined(sh(script), { signal: controller.signal, graceMs: 200, onLine })
      expect(end).toEqual({ is: 'cancelled' })
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
    test.runIf(account.is === 'dropped')('leaves no daemon behind that hides from its own user', async () => {
      const mark = `daemon-${crypto.randomUUID()}`
      const hides = `import ctypes, os, time
if os.fork() == 0:
    os.setsid()
    ctypes.CDLL(None).prctl(4, 0)
    print("hidden ${mark}", flush=True)
    os.closerange(0, 3)
    time.sleep(60)
os.read(0, 1)
time.sleep(0.5)`
      const { end, out } = await confined(['python3', '-c', hides])
      expect(end).toEqual({ is: 'exited', code: 0 })
      expect(out).toEqual([`hidden ${mark}`])
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
