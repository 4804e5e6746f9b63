import { DomainError, type LinkedConnection, project, type UsedRepository } from '@git-connections/events'
import { execute } from '../commands/execute.ts'
import { readConnection } from '../commands/hold-connection.ts'
import { mustWork } from '../commands/request-deployment.ts'
import type { FetchOutcome, Want } from '../git/fetch-commit.ts'
import type { BarredReason, RepositoryFound } from '../providers/listed.ts'
import { askFor } from '../repositories/ask-for.ts'
import { mirrorOf } from './mirrors.ts'
import type { Fetching } from './run.ts'
import { StepFailed } from './step-failure.ts'

/** How long a fetch may take; its token must last as long. */
export const FETCH_MS = 15 * 60_000

/** A repository of the project at the commit that is deployed, in its mirror. */
export interface Fetched {
  readonly repository: UsedRepository
  /** As it is called now. */
  readonly fullName: string
  /** The address that it was fetched from. */
  readonly url: string
  readonly mirror: string
  readonly commit: string
  readonly credentialVersion: number
}

/**
 * Brings a repository's latest commit of its branch, or the one that the deployment names, into its mirror, with the connection's credential
 * of this moment. A rename is followed. What the connection does not reach any more is told to the project.
 * @throws {StepFailed} naming the repository, with the remedy.
 */
export async function fetchRepository(run: Fetching, repository: UsedRepository): Promise<Fetched> {
  const { shell, organizationId } = run
  const { connectionId, repositoryId, branch } = repository
  const linked = await usableConnection(run, repository)
  const pinned = run.pinned.find((one) => one.connectionId === connectionId && one.repositoryId === repositoryId)
  const want: Want = pinned ? { commit: pinned.commit, branch } : { branch }
  const mirror = mirrorOf(shell.config, { organizationId, connectionId, repositoryId })
  const known = await shell.db
    .selectFrom('repository')
    .select(['url', 'full_name'])
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('repository_id', '=', repositoryId)
    .executeTakeFirst()
  const named = known ? { url: `${known.url}.git`, fullName: known.full_name } : null
  const first = named && (await fetchFrom(run, { linked, repository, mirror, want, ...named }))
  if (first && settled(first.outcome)) return fetched(first)
  // It may have moved, or be out of reach; git's own words don't tell.
  const found = await look(run, linked, repository)
  if (found.is === 'barred') throw await lost(run, repository, linked, found)
  if (found.is === 'found' && `${found.repository.url}.git` !== named?.url) {
    const now = { url: `${found.repository.url}.git`, fullName: found.repository.fullName }
    return fetched(await fetchFrom(run, { linked, repository, mirror, want, ...now }))
  }
  if (first) return fetched(first)
  throw unanswered(repository, linked, found)

  function fetched(attempt: Attempt): Fetched {
    const { outcome, url, fullName, credentialVersion } = attempt
    run.signal.throwIfAborted()
    if (outcome.kind !== 'fetched') throw failureOf(outcome, { fullName, branch, connection: linked.name })
    return { repository, fullName, url, mirror, commit: outcome.commit, credentialVersion }
  }
}

interface Attempt {
  readonly outcome: FetchOutcome
  readonly url: string
  readonly fullName: string
  readonly credentialVersion: number
}

/** Whether asking the provider for the repository would tell nothing more. */
function settled(outcome: FetchOutcome): boolean {
  if (outcome.kind !== 'refused') return true
  return ['no-branch', 'no-commit', 'malformed'].includes(outcome.reason)
}

async function fetchFrom(
  run: Fetching,
  of: {
    linked: LinkedConnection
    repository: UsedRepository
    mirror: string
    want: Want
    url: string
    fullName: string
  },
): Promise<Attempt> {
  const { shell, organizationId, say, signal } = run
  const { linked, repository, mirror, want, url, fullName } = of
  const { connectionId, repositoryId } = repository
  const { fetchCommit } = shell.reach(linked.certificateAuthority)
  const use = {
    ...{ organizationId, connectionId, by: run.by(), purpose: 'clone' as const },
    ...{ needMs: FETCH_MS, repositoryIds: [repositoryId] },
    refused: ({ outcome }: Attempt) => outcome.kind === 'refused' && outcome.reason === 'credential',
  }
  return withToken(run, linked, () =>
    shell.credentials.useToken(use, async ({ username, token, credentialVersion }) => {
      const outcome = await fetchCommit({
        ...{ url, username, password: token, mirror, want, signal },
        limits: { deadlineMs: FETCH_MS },
        onProgress: (line) => tellProgress(say, fullName, line),
      })
      return { outcome, url, fullName, credentialVersion }
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

export async function usableConnection(
  run: Fetching,
  { connectionId, fullName }: Pick<UsedRepository, 'connectionId' | 'fullName'>,
): Promise<LinkedConnection> {
  const { state } = await readConnection(run.shell, connectionId, run.by())
  try {
    return mustWork(state)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    const message = `${fullName} could not be fetched. ${error.message}`
    throw new StepFailed({ reason: 'connection', message, remedy: 'Then retry.' })
  }
}

function look(run: Fetching, linked: LinkedConnection, { connectionId, repositoryId }: UsedRepository) {
  const key = { organizationId: run.organizationId, connectionId }
  return withToken(run, linked, () => askFor(run.shell, { key, linked, named: { id: repositoryId } }, run.by()))
}

const LOST: Readonly<Record<BarredReason, string>> = {
  notFound: 'it was deleted, or access to it was withdrawn',
  singleSignOn: 'its organization asks for single sign-on',
  oauthRestricted: 'its organization lets in only the OAuth Apps that it approved',
  forbidden: 'this connection may not read its code',
  blocked: 'the provider has shut it for everybody',
  noCode: 'it has no code',
}

async function lost(
  run: Fetching,
  { connectionId, repositoryId, fullName }: UsedRepository,
  linked: LinkedConnection,
  { reason }: Extract<RepositoryFound, { is: 'barred' }>,
): Promise<StepFailed> {
  const command = { type: 'LoseRepositoryAccess' as const, connectionId, repositoryId, reason }
  await execute(run.shell, { decider: project, streamId: run.projectId }, command, run.by())
  return new StepFailed({
    reason: 'lostRepository',
    message: `"${linked.name}" does not reach ${fullName} any more: ${LOST[reason]}.`,
    remedy: 'Ask for access again, or choose another connection or repository in the project; then retry.',
  })
}

function unanswered({ fullName }: UsedRepository, linked: LinkedConnection, found: RepositoryFound): StepFailed {
  const why = found.is === 'stopped' ? found.message : 'The provider does not tell where it is.'
  return new StepFailed({
    reason: 'unreachable',
    message: `${fullName} could not be fetched with "${linked.name}". ${why}`,
    remedy: 'Validate the connection, then retry.',
  })
}

/** What a fetch that came to nothing means for people. */
export function failureOf(
  outcome: Exclude<FetchOutcome, { kind: 'fetched' }>,
  { fullName, branch, connection }: { fullName: string; branch: string; connection: string },
): StepFailed {
  switch (outcome.kind) {
    case 'refused':
      if (outcome.reason === 'no-branch') {
        return new StepFailed({
          reason: 'noBranch',
          message: `${fullName} has no branch ${branch}.`,
          remedy: 'Choose another branch in the project or the environment.',
        })
      }
      if (outcome.reason === 'no-commit' || outcome.reason === 'malformed') {
        const remedy = outcome.reason === 'no-commit' ? 'Deploy the latest commit.' : 'Mend it there, then retry.'
        return new StepFailed({ reason: outcome.reason, message: `${fullName}: ${outcome.text}`, remedy })
      }
      return new StepFailed({
        reason: 'refused',
        message: `git was refused ${fullName} with "${connection}". ${outcome.text}`,
        remedy: 'Validate the connection: it tells what to do. Then retry.',
      })
    case 'unreachable':
      return new StepFailed({
        reason: 'unreachable',
        message: `${fullName} could not be fetched. ${outcome.text}`,
        remedy: 'Retry; if it stays so, validate the connection.',
      })
    case 'too-large':
      return new StepFailed({
        reason: 'tooLarge',
        message: `${fullName}: ${outcome.text}`,
        remedy: 'Take large files out of its history, or keep them in another repository.',
      })
    case 'no-git':
      return new StepFailed({ reason: 'noGit', message: outcome.text, remedy: 'The operator must install git.' })
    case 'stopped':
      return new StepFailed({ reason: 'stopped', message: 'The fetch was stopped.', remedy: 'Retry.' })
  }
}

/** Tells of git's progress what is done; not each percent of it, nor how our own mirror names things. */
export function tellProgress(say: Fetching['say'], name: string, line: string): void {
  if (/\d+% \(\d+\/\d+\)(?!.*done)|^From |->|^\s*\*/.test(line)) return
  // What can't be written fails again where it is waited for.
  say('info', `${name}: ${line}`).catch(() => {})
}
