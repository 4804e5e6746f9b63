import type { ClonedRepository, UsedRepository } from '@git-connections/events'
import { describeCommit } from '../git/describe-commit.ts'
import { type Fetched, fetchRepository } from './fetch-repository.ts'
import { readRepository, type Source } from './read-repository.ts'
import type { Fetching } from './run.ts'

const AT_ONCE = 4

/**
 * Fetches all repositories of a project, several at once, and tells which commit of each was taken by which credential,
 * also where another one came to nothing. In the order of precedence.
 * @throws {StepFailed} for the first of them that came to nothing; the log names each.
 */
export async function fetchSources(run: Fetching, repositories: readonly UsedRepository[]): Promise<Source[]> {
  const ends = await severally(repositories, (repository) => fetchOne(run, repository))
  for (const end of ends) if (end.status === 'fulfilled') await run.took(end.value.taken)
  const fetched = valuesOf(ends).map((one) => one.fetched)
  const sources = valuesOf(await severally(fetched, (one) => readRepository(run, one)))
  // Two hosts may know two repositories by one name.
  return sources.map((source) => {
    const isOnly = sources.every((other) => other === source || other.fullName !== source.fullName)
    return isOnly ? source : { ...source, fullName: `${new URL(source.url).host}/${source.fullName}` }
  })
}

async function fetchOne(
  run: Fetching,
  repository: UsedRepository,
): Promise<{ fetched: Fetched; taken: ClonedRepository }> {
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
  const { connectionId, repositoryId, branch } = repository
  await say('info', `${fullName}: ${branch} is at ${commit.slice(0, 10)} "${subject}"`)
  const taken = {
    ...{ connectionId, repositoryId, commit, fullName, branch, credentialVersion },
    ...{ subject, author, committedAt: committedAt.toISOString() },
  }
  return { fetched, taken }
}

/** Does some of them at a time and waits for all, also where one fails; in their order. */
async function severally<Given, Made>(
  all: readonly Given[],
  make: (one: Given) => Promise<Made>,
): Promise<PromiseSettledResult<Made>[]> {
  const waiting = all.entries()
  const ends: PromiseSettledResult<Made>[] = []
  const worker = async () => {
    for (const [index, one] of waiting) {
      ends[index] = await make(one).then(
        (value) => ({ status: 'fulfilled' as const, value }),
        (reason: unknown) => ({ status: 'rejected' as const, reason }),
      )
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return ends
}

/** @throws what the first of them was rejected with. */
function valuesOf<Made>(ends: readonly PromiseSettledResult<Made>[]): Made[] {
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason
    return end.value
  })
}
