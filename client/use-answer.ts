import { useQuery } from '@tanstack/solid-query'
import type { Accessor } from 'solid-js'

/** What `ask` makes. */
export interface Question<Output> {
  readonly queryKey: readonly unknown[]
  readonly queryFn: (context: { signal: AbortSignal }) => Promise<Output>
  readonly enabled?: boolean
  readonly refetchInterval?: (query: { state: { data?: Output | undefined } }) => number | false
}

/**
 * Asks the server, and again whenever a live event says so. `data` is undefined until the first answer: reading it never
 * waits, since Solid would then take the whole page away until the answer is there.
 */
export function useAnswer<Output>(question: Accessor<Question<Output>>) {
  const query = useQuery(question)
  return {
    get data(): Output | undefined {
      return query.dataUpdatedAt > 0 ? query.data : undefined
    },
    get error(): Error | null {
      return query.error
    },
    get isPending(): boolean {
      return query.isPending
    },
    refetch: () => void query.refetch(),
  }
}
