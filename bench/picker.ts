import { queryBuilder } from '@git-connections/events/store'
import type pg from 'pg'
import type { Tables } from '../server/database/tables.ts'
import { browse } from '../server/repositories/browse.ts'
import { browseBranches } from '../server/repositories/browse-branches.ts'
import { atMost, type Figure } from './figure.ts'
import { fillRepositories, type Reached } from './fill-repositories.ts'
import { interleave, median, quantile } from './rounds.ts'
import type { World } from './world.ts'

const PAGE = 100
const OPENING_MS = 100
const KEYSTROKE_MS = 30
/** What somebody types, letter by letter: words that many names hold, that few hold, and that none holds. */
const TYPED = ['stock_', '99-', '9999', 'l10n_h', 'acme/p', 'zzzzzz', 'qu', '#']
const KEYSTROKES = [...new Set(TYPED.flatMap((word) => [...word].map((_, end) => word.slice(0, end + 1))))]

/** Opening the picker and typing in it, where an organization reaches very much, each beside its bare query. */
export async function measurePicker({ store, pool, plan }: World): Promise<Figure[]> {
  const reached = await fillRepositories({ store, pool }, plan.connections)
  const asked = questions(pool, reached)
  const names = Object.keys(asked)
  const times = new Map<string, number[][]>(names.map((name) => [name, []]))
  const cell = (name: string, question: Question) => async () => {
    const taken = await repeat(question, plan.cellMs)
    times.get(name)?.push(taken)
    return median(taken)
  }
  const cells = Object.fromEntries(
    Object.entries(asked).flatMap(([name, { product, bare }]) => [
      [name, cell(name, product)],
      [`bare ${name}`, cell(`bare ${name}`, bare)],
    ]),
  )
  const rounds = await interleave(plan.rounds, cells)
  return Object.entries(asked).map(([name, { goal }]) => {
    // The first round warmed up.
    const all = (times.get(name) ?? []).slice(1).flat()
    const ratio = median((rounds[name] ?? []).map((ms, round) => ms / (rounds[`bare ${name}`]?.[round] ?? Number.NaN)))
    const more = ` (half ${median(all).toFixed(1)} ms, ${ratio.toFixed(1)} times the bare query)`
    return atMost(`${name}, 95 %`, goal, quantile(all, 0.95), ' ms', more)
  })
}

/** Asks once for one thing that is searched for. */
type Question = (search: string) => Promise<unknown>

interface Asked {
  readonly product: Question
  readonly bare: Question
  readonly goal: number
}

function questions(pool: pg.Pool, { organizationId, connectionIds, repositoryId }: Reached): Record<string, Asked> {
  const shell = { db: queryBuilder<Tables>(pool), clock: () => new Date(), enqueue: async () => {} }
  const first = connectionIds[0] ?? ''
  const one = connectionIds[Math.floor(connectionIds.length / 2)] ?? ''
  const repositories = (connectionId: string | null) => ({
    product: (search: string) => browse(shell, { organizationId, connectionId, search, cursor: null, limit: PAGE }),
    bare: (search: string) =>
      pool.query(
        `select * from repository where organization_id = $1 ${connectionId === null ? '' : 'and connection_id = $4'}
           ${search === '' ? 'and $2 = $2' : 'and lower(full_name) like $2'}
         order by pushed_at desc nulls last, repository_id, connection_id limit $3`,
        [
          organizationId,
          `%${search.replace(/_/g, '\\_')}%`,
          PAGE + 1,
          ...(connectionId === null ? [] : [connectionId]),
        ],
      ),
  })
  const key = { organizationId, connectionId: first, repositoryId }
  const branches = {
    product: (search: string) => browseBranches(shell, key, { search, cursor: 0, limit: PAGE }),
    bare: (search: string) =>
      pool.query(
        `select * from branch where organization_id = $1 and connection_id = $2 and repository_id = $3
           and lower(name) like $4 order by committed_at desc nulls last, name limit $5`,
        [organizationId, first, repositoryId, `%${search}%`, PAGE + 1],
      ),
  }
  const opening = ({ product, bare }: Omit<Asked, 'goal'>) => ({
    ...{ product: () => product(''), bare: () => bare(''), goal: OPENING_MS },
  })
  return {
    'opening the picker, one connection': opening(repositories(one)),
    'opening the picker, all connections': opening(repositories(null)),
    'keystroke, one connection': { ...repositories(one), goal: KEYSTROKE_MS },
    'keystroke, all connections': { ...repositories(null), goal: KEYSTROKE_MS },
    'opening the branches': opening(branches),
    'keystroke, branches': { ...branches, goal: KEYSTROKE_MS },
  }
}

/** Goes through everything that is typed at least once, and on until the time is over; milliseconds of each. */
async function repeat(question: Question, lengthMs: number): Promise<number[]> {
  const taken: number[] = []
  for (const until = performance.now() + lengthMs; taken.length === 0 || performance.now() < until; ) {
    for (const search of KEYSTROKES) {
      const begun = performance.now()
      await question(search)
      taken.push(performance.now() - begun)
    }
  }
  return taken
}
