import { DomainError, type LinkedConnection, project, type UsedRepository } from '@git-connections/events'
import { execute } from '../commands/execute.ts'
import { readConnection } from '../commands/hold-connection.ts'
import { mustWork } from '../commands/request-deployment.ts'
import type { FetchOutcome, Want } from '../git/fetch-commit.ts'
import type { BarredReason, RepositoryFound } from '../providers/listed.ts'
import { askFor } from '../repositories/ask-for.ts'
import { fetchWithCredential, withToken } from './fetch-with-credential.ts'
import { mirrorOf } from './mirrors.ts'
import type { Fetching } from './run.ts'
import { StepFailed } from './step-failure.ts'

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
 * Brings a repository's latest commit of its branch, or the one that the deployment names, into its mirror. A rename is
 * followed. What the connection does not reach any more is told to the project.
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
  const fetchFrom = async (url: string, fullName: string): Promise<Attempt> => {
    const of = { linked, connectionId, repositoryId, mirror, want, url, name: fullName }
    return { ...(await fetchWithCredential(run, of)), url, fullName }
  }
  const first = known ? await fetchFrom(`${known.url}.git`, known.full_name) : null
  if (first && settled(first.outcome)) return fetched(first)
  // It may have moved, or be out of reach; git's own words don't tell.
  const found = await look(run, linked, repository)
  if (found.is === 'barred') throw await lost(run, repository, linked, found)
  if (found.is === 'found' && found.repository.url !== known?.url) {
    return fetched(await fetchFrom(`${found.repository.url}.git`, found.repository.fullName))
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

/** @throws {StepFailed} naming what could not be fetched, when nothing can be deployed through the connection. */
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
