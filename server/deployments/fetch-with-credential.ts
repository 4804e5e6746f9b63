import { DomainError, type LinkedConnection } from '@git-connections/events'
import type { FetchOutcome, Want } from '../git/fetch-commit.ts'
import type { Fetching } from './run.ts'
import { StepFailed } from './step-failure.ts'

/** How long a fetch may take; its token must last as long. */
const FETCH_MS = 15 * 60_000

/** What is fetched, and through whose connection. */
export interface CredentialedFetch {
  readonly linked: LinkedConnection
  readonly connectionId: string
  /** What an App's token is narrowed to; null where the number is not known. */
  readonly repositoryId: string | null
  readonly url: string
  readonly mirror: string
  readonly want: Want
  /** What people call it. */
  readonly name: string
}

/**
 * Fetches into a mirror with the connection's credential of this moment, and tells git's progress.
 * @throws {StepFailed} when the credential can't be used.
 */
export function fetchWithCredential(
  run: Fetching,
  { linked, connectionId, repositoryId, url, mirror, want, name }: CredentialedFetch,
): Promise<{ outcome: FetchOutcome; credentialVersion: number }> {
  const { shell, organizationId, signal } = run
  const { fetchCommit } = shell.reach(linked.certificateAuthority)
  const use = {
    ...{ organizationId, connectionId, by: run.by(), purpose: 'clone' as const, needMs: FETCH_MS },
    ...(repositoryId === null ? {} : { repositoryIds: [repositoryId] }),
    refused: ({ outcome }: { outcome: FetchOutcome }) => outcome.kind === 'refused' && outcome.reason === 'credential',
  }
  return withToken(run, linked, () =>
    shell.credentials.useToken(use, async ({ username, token, credentialVersion }) => {
      const outcome = await fetchCommit({
        ...{ url, username, password: token, mirror, want, signal },
        limits: { deadlineMs: FETCH_MS },
        onProgress: (line) => tellProgress(run, name, line),
      })
      return { outcome, credentialVersion }
    }),
  )
}

/** What the broker refuses ends the deployment with its reason. */
export async function withToken<Result>(
  { signal }: Fetching,
  linked: LinkedConnection,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof DomainError)) throw error
    throw new StepFailed({
      reason: 'credential',
      message: `The credential of "${linked.name}" could not be used. ${error.message}`,
      remedy: 'Mend the connection, then retry.',
    })
  }
}

/** Tells of git's progress what is done; not each percent of it, nor how our own mirror names things. */
function tellProgress({ say }: Fetching, name: string, line: string): void {
  if (/\d+% \(\d+\/\d+\)(?!.*done)|^From |->|^\s*\*/.test(line)) return
  // What can't be written fails again where it is waited for.
  say('info', `${name}: ${line}`).catch(() => {})
}
