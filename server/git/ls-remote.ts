import { type RefusalReason, refusalOf } from './refusal.ts'
import { type NoRemote, type RemoteOptions, withRemote } from './remote.ts'
import { runGit } from './run-git.ts'

const DEADLINE_MS = 20_000
const NO_BRANCH: LsRemoteOutcome = { kind: 'refused', reason: 'no-branch', text: 'There is no such branch.' }

/** What git could do with a repository. */
export type LsRemoteOutcome =
  /** `authenticated` is false when the server gave the refs without asking for the credential. */
  { kind: 'ok'; authenticated: boolean } | { kind: 'refused'; reason: RefusalReason; text: string } | NoRemote

/**
 * Asks a repository for its head, or a branch, by the real git, with a credential that is in no argument, variable or
 * file.
 */
export type LsRemote = (request: {
  url: string
  username: string
  password: string
  branch?: string
}) => Promise<LsRemoteOutcome>

/** Where git may go, and how long. */
export interface LsRemoteOptions extends RemoteOptions {
  readonly deadlineMs?: number
}

/** Makes `lsRemote` for a server's settings. */
export function createLsRemote(options: LsRemoteOptions): LsRemote {
  const path = options.path === undefined ? {} : { path: options.path }
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS
  return ({ branch, ...asked }) =>
    withRemote(options, asked, async (remote): Promise<LsRemoteOutcome> => {
      const wanted = branch === undefined ? 'HEAD' : `refs/heads/${branch}`
      const args = ['ls-remote', '--', remote.target.href, wanted]
      const run = await runGit({ args, remote, deadlineMs, ...path })
      switch (run.is) {
        case 'late':
        case 'stopped':
          return { kind: 'unreachable', text: 'git was not answered in time.' }
        case 'unstartable':
          return { kind: 'no-git', text: 'git could not be run here.' }
        case 'ended':
          if (run.code !== 0) return refusalOf(run.errors)
          return branch === undefined || run.output.length > 0 ? { kind: 'ok', authenticated: run.asked } : NO_BRANCH
      }
    })
}
