import type { Tick } from '@git-connections/events'
import { z } from 'zod'
import { instantOf, nothingLearned } from '../check.ts'
import type { Answer } from '../conversation.ts'
import type { ListedRepository } from '../listed.ts'
import { plainText } from '../plain-text.ts'
import type { Refusing } from '../stopped.ts'
import { isRateLimited } from './judge-any.ts'
import { refusalOf } from './refusal.ts'
import { RATE } from './requests.ts'

/** How GitHub refuses a list. */
export const REFUSING: Refusing = { title: 'GitHub', isRateLimited, wordsOf: refusalOf, rate: RATE }

const repository = z.object({
  id: z.number(),
  full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  private: z.boolean().default(false),
  archived: z.boolean().default(false),
  fork: z.boolean().default(false),
  default_branch: z.string().nullish(),
  pushed_at: z.string().nullish(),
})

/** The repositories of a list in GitHub's form; those that cannot be read are left out. */
export function repositoriesOf(items: readonly unknown[], baseUrl: string): ListedRepository[] {
  return items.flatMap((item) => {
    const found = repository.safeParse(item)
    if (!found.success) return []
    const { id, full_name: fullName, archived, fork, default_branch, pushed_at } = found.data
    return {
      ...{ id: String(id), fullName, url: `${baseUrl}/${fullName}`, private: found.data.private, archived, fork },
      defaultBranch: default_branch ?? null,
      pushedAt: instantOf(pushed_at),
    }
  })
}

/** Whether the list was given; `listed` says it for people, null when it could not be read. */
export function listTick(listing: Answer | null, listed: string | null): Tick {
  if (listing === null) return nothingLearned.canList
  if (listed !== null) return { is: 'yes', detail: listed }
  const refusal = isRateLimited(listing) ? null : refusalOf(listing)
  if (refusal) return { is: 'no', detail: plainText(`GitHub refused the list: ${refusal}`, 300) }
  return {
    is: 'unchecked',
    detail:
      listing.is === 'none'
        ? listing.sentence
        : `The list of repositories could not be read (answer ${listing.status}).`,
  }
}
