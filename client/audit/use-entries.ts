import { keepPreviousData, useInfiniteQuery } from '@tanstack/solid-query'
import { type Accessor, createMemo } from 'solid-js'
import type { AuditEntry } from '../api.ts'

interface EntriesQuestion {
  readonly queryKey: readonly unknown[]
  readonly page: (
    cursor: number | null,
    options: { signal: AbortSignal },
  ) => Promise<{ entries: AuditEntry[]; nextCursor: number | null }>
}

/** Entries of the log, the newest first, a page at a time; `entries` is undefined until the first answer. */
export function useEntries(question: Accessor<EntriesQuestion>) {
  const query = useInfiniteQuery(() => ({
    queryKey: question().queryKey,
    queryFn: ({ pageParam, signal }) => question().page(pageParam, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // Another filter must not empty the list before its own answer is there.
    placeholderData: keepPreviousData,
  }))
  const entries = createMemo(() =>
    // To read what is not there yet would take the whole page away.
    query.dataUpdatedAt > 0 || query.isPlaceholderData ? query.data?.pages.flatMap((page) => page.entries) : undefined,
  )
  return {
    entries,
    /** Another question was answered with these; the answer to this one is under way. */
    get isOfBefore(): boolean {
      return query.isPlaceholderData
    },
    get error(): Error | null {
      return query.error
    },
    get hasOlder(): boolean {
      return query.hasNextPage
    },
    get isLoadingOlder(): boolean {
      return query.isFetchingNextPage
    },
    loadOlder: () => void query.fetchNextPage(),
    refetch: () => void query.refetch(),
  }
}
