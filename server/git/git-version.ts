import { execFile } from 'node:child_process'

/** The first git that can be kept to a checked address (`http.curloptResolve`, git's release notes of 2.37.0). */
const OLDEST = [2, 37] as const

/** Why the git of a search path can't be used, in a sentence; null when it can. */
export function gitProblem(path: string): Promise<string | null> {
  return new Promise((tell) => {
    execFile('git', ['version'], { env: { PATH: path }, timeout: 5_000 }, (error, stdout) => {
      if (error) tell(error.code === 'ENOENT' ? 'git is not installed here.' : 'git could not be run here.')
      else tell(isTooOld(stdout) ? `git here is too old (${stdout.trim()}); 2.37 or newer is needed.` : null)
    })
  })
}

/** Whether what `git version` printed is older than we need; what can't be read counts as too old. */
export function isTooOld(printed: string): boolean {
  const [, major = '0', minor = '0'] = /git version (\d+)\.(\d+)/.exec(printed) ?? []
  return Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1])
}
