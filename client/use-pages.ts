import { keepPreviousData, useInfiniteQuery } from '@tanstack/solid-query'
import { type Accessor, createMemo } from 'solid-js'

interface PagesQuestion<Page extends { nextCursor: string | number | null }> {
  readonly queryKey: readonly unknown[]
  readonly page: (cursor: string | null, options: { signal: AbortSignal }) => Promise<Page>
}

/** A list that the server gives page by page; `pages` is undefined until the first answer. */
export function usePages<Page extends { nextCursor: string | number | null }>(question: Accessor<PagesQuestion<Page>>) {
  const query = useInfiniteQuery(() => ({
    queryKey: question().queryKey,
    queryFn: ({ pageParam, signal }) => question().page(pageParam, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => (nextCursor === null ? null : String(nextCursor)),
    // Another question must not empty the list before its own answer is there.
    placeholderData: keepPreviousData,
  }))
  const pages = createMemo(() =>
    // To read what is not there yet would take the whole page away.
    query.dataUpdatedAt > 0 || query.isPlaceholderData ? query.data?.pages : undefined,
  )
  return {
    pages,
    /** Another question was answered with these; the answer to this one is under way. */
    get isOfBefore(): boolean {
      return query.isPlaceholderData
    },
    get error(): Error | null {
      return query.error
    },
    get hasMore(): boolean {
      return query.hasNextPage
    },
    get isLoadingMore(): boolean {
      return query.isFetchingNextPage
    },
    /** Once at a time: a second call would drop what the first is fetching. */
    loadMore: () => void (query.isFetchingNextPage || query.fetchNextPage()),
    refetch: () => void query.refetch(),
  }
}
