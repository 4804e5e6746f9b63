import type { UsedRepository } from '@git-connections/events'
import { describeCommit } from '../git/describe-commit.ts'
import { type Fetched, fetchRepository } from './fetch-repository.ts'
import { readRepository, type Source } from './read-repository.ts'
import type { Fetching } from './run.ts'

const AT_ONCE = 4

/**
 * Fetches all repositories of a project, several at once, and tells which commit of each was taken by which credential.
 * They come in the order of precedence.
 * @throws {StepFailed} for the first of them that came to nothing; the log names each.
 */
export async function fetchSources(run: Fetching, repositories: readonly UsedRepository[]): Promise<Source[]> {
  const fetched = await severally(repositories, (repository) => fetchOne(run, repository))
  const sources = await severally(fetched, (one) => readRepository(run, one))
  // Two hosts may know two repositories by one name.
  return sources.map((source) => {
    const isOnly = sources.every((other) => other === source || other.fullName !== source.fullName)
    return isOnly ? source : { ...source, fullName: `${new URL(source.url).host}/${source.fullName}` }
  })
}

async function fetchOne(run: Fetching, repository: UsedRepository): Promise<Fetched> {
  const { say, signal } = run
  const fetched = await fetchRepository(run, repository).catch(async (error: unknown) => {
    if (!signal.aborted && error instanceof Error) await say('error', error.message)
    throw error
  })
  const { mirror, commit, fullName, credentialVersion } = fetched
  const described = await describeCommit(mirror, commit, { signal })
  signal.throwIfAborted()
  if (!described) throw new Error(`The mirror of ${fullName} does not hold ${commit}`)
  const { subject, author, committedAt } = described
  await say('info', `${fullName}: ${repository.branch} is at ${commit.slice(0, 10)} "${subject}"`)
  await run.took({
    ...{ connectionId: repository.connectionId, repositoryId: repository.repositoryId, commit, fullName },
    ...{ branch: repository.branch, credentialVersion, subject, author, committedAt: committedAt.toISOString() },
  })
  return fetched
}

/** Does some of them at a time and waits for all, also where one fails; in their order. */
async function severally<Given, Made>(all: readonly Given[], make: (one: Given) => Promise<Made>): Promise<Made[]> {
  const waiting = all.entries()
  const made: Made[] = []
  const worker = async () => {
    for (const [index, one] of waiting) made[index] = await make(one)
  }
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed) throw failed.reason
  return made
}
