import { DomainError } from '../error.ts'

const MOST_NAMED = 10

/**
 * Lets nobody stop what they have not seen.
 * @throws {DomainError} HasDependents, naming them.
 */
export function mustBeSeen(unseen: readonly string[]): void {
  if (unseen.length === 0) return
  const named = unseen.slice(0, MOST_NAMED).map((name) => `"${name}"`)
  const more = unseen.length > MOST_NAMED ? [`${unseen.length - MOST_NAMED} more`] : []
  const [last, ...before] = [...named, ...more].reverse()
  const all = before.length > 0 ? `${before.reverse().join(', ')} and ${last}` : last
  throw new DomainError(
    'HasDependents',
    `${all} ${unseen.length === 1 ? 'depends' : 'depend'} on this connection. Look at what depends on it, then confirm.`,
    { field: 'seen' },
  )
}
