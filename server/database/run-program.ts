import { execFile } from 'node:child_process'

/** The account that a child process runs as; null keeps our own. */
export type Account = { name: string; uid: number; gid: number }

/** How a program ended: its exit code, null where it could not be started, and what it wrote. */
export type ProgramResult = { code: number | null; output: string }

/**
 * Runs a program to its end. It gets a bare environment, so that no secret of ours reaches it,
 * and starts in `/`, because another account may not enter our working directory.
 */
export function runProgram(file: string, args: string[], account: Account | null = null): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      {
        cwd: '/',
        env: bareEnvironment(),
        maxBuffer: 4_000_000,
        ...(account && { uid: account.uid, gid: account.gid }),
      },
      (error, stdout, stderr) => {
        const output = `${stdout}${stderr}`.trim()
        if (!error) return resolve({ code: 0, output })
        resolve({ code: child.exitCode, output: output || error.message })
      },
    )
  })
}

/** What a child process needs to know about the machine, and nothing of ours. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}
