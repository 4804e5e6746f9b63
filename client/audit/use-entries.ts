import { type Accessor, createMemo } from 'solid-js'
import type { AuditEntry } from '../api.ts'
import { usePages } from '../use-pages.ts'

interface EntriesQuestion {
  readonly queryKey: readonly unknown[]
  readonly page: (
    cursor: number | null,
    options: { signal: AbortSignal },
  ) => Promise<{ entries: AuditEntry[]; nextCursor: number | null }>
}

/** Entries of the log, the newest first, a page at a time; `entries` is undefined until the first answer. */
export function useEntries(question: Accessor<EntriesQuestion>) {
  const list = usePages(() => ({
    queryKey: question().queryKey,
    page: (cursor, options) => question().page(cursor === null ? null : Number(cursor), options),
  }))
  return { list, entries: createMemo(() => list.pages()?.flatMap((page) => page.entries)) }
}
