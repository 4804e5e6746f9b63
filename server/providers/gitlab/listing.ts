import type { Tick } from '@git-connections/events'
import { z } from 'zod'
import { instantOf, nothingLearned } from '../check.ts'
import type { Answer } from '../conversation.ts'
import type { ListedRepository } from '../listed.ts'
import { plainText } from '../plain-text.ts'
import type { Refusing } from '../stopped.ts'
import { textOf } from './answers.ts'

/** Where GitLab tells what is left of an allowance. */
export const RATE = { limit: 'ratelimit-limit', remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' }

/** How GitLab refuses a list. */
export const REFUSING: Refusing = {
  title: 'GitLab',
  isRateLimited: (answer) => answer.is === 'http' && answer.status === 429,
  wordsOf: textOf,
  rate: RATE,
}

const project = z.object({
  id: z.number(),
  path_with_namespace: z.string().regex(/^[\w.-]+(\/[\w.-]+)+$/),
  visibility: z.string().nullish(),
  archived: z.boolean().nullish(),
  default_branch: z.string().nullish(),
  last_activity_at: z.string().nullish(),
  /** "disabled" for a project without code, such as one for tickets; not told by old instances. */
  repository_access_level: z.string().nullish(),
  forked_from_project: z.unknown().optional(),
})

/** The projects of a list in GitLab's form; those that cannot be read, or have no repository, are left out. */
export function repositoriesOf(items: readonly unknown[], baseUrl: string): ListedRepository[] {
  return items.flatMap((item) => {
    const found = project.safeParse(item)
    if (!found.success || found.data.repository_access_level === 'disabled') return []
    const { id, path_with_namespace: fullName, visibility, archived, default_branch, last_activity_at } = found.data
    return {
      ...{ id: String(id), fullName, url: `${baseUrl}/${fullName}`, private: visibility !== 'public' },
      ...{ archived: archived ?? false, fork: Boolean(found.data.forked_from_project) },
      defaultBranch: default_branch ?? null,
      pushedAt: instantOf(last_activity_at),
    }
  })
}

/** Whether the list was given; `count` is null when it could not be read. */
export function listTick(listing: Answer | null, count: number | null): Tick {
  if (listing === null) return nothingLearned.canList
  if (count === 0) return { is: 'yes', detail: 'GitLab answered with an empty list.' }
  if (count !== null) return { is: 'yes', detail: 'GitLab listed projects that this token reaches.' }
  const refusal = listing.is === 'http' && listing.status === 429 ? '' : textOf(listing)
  if (refusal) return { is: 'no', detail: plainText(`GitLab refused the list: ${refusal}`, 300) }
  return {
    is: 'unchecked',
    detail:
      listing.is === 'none' ? listing.sentence : `The list of projects could not be read (answer ${listing.status}).`,
  }
}
