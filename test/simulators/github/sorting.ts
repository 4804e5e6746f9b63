import type { Call } from './call.ts'
import type { GitHubRepository } from './declare.ts'

const KEYS: Record<string, (repository: GitHubRepository) => string | number> = {
  full_name: ({ fullName }) => fullName.toLowerCase(),
  created: ({ createdAt }) => createdAt.getTime(),
  updated: ({ pushedAt, createdAt }) => (pushedAt ?? createdAt).getTime(),
  pushed: ({ pushedAt }) => pushedAt?.getTime() ?? 0,
}

/** Repositories in the order that `sort` and `direction` ask for; by name they ascend unless told otherwise. */
export function sorted(
  { context }: Call,
  repositories: readonly GitHubRepository[],
  usual: string,
): GitHubRepository[] {
  const { sort = usual, direction = sort === 'full_name' ? 'asc' : 'desc' } = context.req.query()
  const key = KEYS[sort] ?? KEYS[usual] ?? (({ id }) => id)
  const sign = direction === 'asc' ? 1 : -1
  return repositories.toSorted((one, other) => {
    const [a, b] = [key(one), key(other)]
    return sign * (a < b ? -1 : a > b ? 1 : one.id - other.id)
  })
}
