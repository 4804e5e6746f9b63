import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

/** The environment of every git of ours: nothing of the machine's own configuration, and no questions. */
export const GIT_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
}

/**
 * Runs git and gives what it printed.
 * @throws {Error} with git's own words when it fails
 */
export async function runGit(args: readonly string[], options: { cwd: string; input?: string }): Promise<string> {
  const child = spawn('git', args, { cwd: options.cwd, env: GIT_ENVIRONMENT, stdio: 'pipe' })
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const [printed, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  if (code !== 0) throw new Error(`git ${args[0]} failed: ${complaint.trim()}`)
  return printed
}
