import Check from 'lucide-solid/icons/check'
import Search from 'lucide-solid/icons/search'
import { createEffect, createMemo, createSignal, createUniqueId, For, type JSX, on, onMount, Show } from 'solid-js'
import { createMedia } from './media.ts'
import { createWindow } from './windowing.ts'

const ROW_PX = 40
/** Where a row has two lines. */
const TALL_ROW_PX = 60
/** More is fetched when the last that there is is this near. */
const NEAR = 40

/**
 * A list to choose one from, searched as one types, of any length: only what is in view is drawn. The focus stays in the
 * search, from where the arrow keys go through the list; it is made for a dialog, and takes the focus when it comes.
 * @see https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
export function SearchList<Item extends object>(props: {
  /** What is searched, as "Repositories". */
  label: string
  search: string
  onSearch: (text: string) => void
  /** Undefined until the first answer. */
  items: readonly Item[] | undefined
  by: (item: Item) => string
  /** The key of what is chosen so far; the list begins there. */
  chosen?: string | undefined
  /** What can't be chosen stays in the list, for its reason. */
  isClosed?: (item: Item) => boolean
  onChoose: (item: Item) => void
  row: (item: Item) => JSX.Element
  /** There is more to fetch, which `onMore` does. */
  hasMore?: boolean
  onMore?: () => void
  /** What is shown answers the search before. */
  stale?: boolean
  /** Two lines a row on every width. */
  tall?: boolean
  /** Stands where there is nothing to choose. */
  empty: JSX.Element
}) {
  const id = createUniqueId()
  const narrow = createMedia('(max-width: 639px)')
  const rowHeight = () => (props.tall || narrow() ? TALL_ROW_PX : ROW_PX)
  const items = () => props.items ?? []
  const [activeKey, setActiveKey] = createSignal(props.chosen)
  const active = createMemo(() => {
    const key = activeKey()
    return Math.max(0, key === undefined ? 0 : items().findIndex((item) => props.by(item) === key))
  })
  const rows = createWindow(() => items().length, rowHeight)
  const drawn = createMemo(() => items().slice(rows.first(), rows.end()))
  const isDrawn = () => items().length > 0 && active() >= rows.first() && active() < rows.end()
  let input: HTMLInputElement | undefined
  onMount(() => input?.focus())
  const optionId = (index: number) => `${id}-${index}`

  createEffect(() => {
    if (props.hasMore && !props.stale && rows.end() > items().length - NEAR) props.onMore?.()
  })
  // Once, when the list is there; then whoever scrolls is not called back.
  createEffect(
    on(
      () => props.items !== undefined,
      (known) => known && rows.show(active()),
    ),
  )

  const goTo = (index: number) => {
    const to = Math.max(0, Math.min(items().length - 1, index))
    const item = items()[to]
    if (!item) return
    setActiveKey(props.by(item))
    rows.show(to)
  }
  const choose = (item: Item | undefined) => item && !props.stale && !props.isClosed?.(item) && props.onChoose(item)
  const search = (text: string) => {
    setActiveKey(undefined)
    rows.show(0)
    props.onSearch(text)
  }
  const moves: Record<string, () => void> = {
    ArrowDown: () => goTo(active() + 1),
    ArrowUp: () => goTo(active() - 1),
    PageDown: () => goTo(active() + rows.pageOf()),
    PageUp: () => goTo(active() - rows.pageOf()),
    Home: () => goTo(0),
    End: () => goTo(items().length - 1),
    Enter: () => choose(items()[active()]),
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
    const move = event.key === 'Escape' && props.search ? () => search('') : moves[event.key]
    if (!move) return
    event.preventDefault()
    move()
  }

  return (
    <div class="flex min-h-0 flex-1 flex-col">
      <div class="relative">
        <Search
          size={16}
          class="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-quiet"
          aria-hidden="true"
        />
        <input
          ref={input}
          data-first
          type="text"
          role="combobox"
          class="control w-full pl-9!"
          aria-label={`Search ${props.label.toLowerCase()}`}
          placeholder={`Search ${props.label.toLowerCase()}`}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-autocomplete="list"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={isDrawn() ? optionId(active()) : undefined}
          value={props.search}
          onInput={(event) => search(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div class="relative mt-2 flex h-[min(440px,50dvh)] flex-col max-sm:h-auto max-sm:min-h-48 max-sm:flex-1">
        <div
          ref={rows.watch}
          id={`${id}-list`}
          role="listbox"
          aria-label={props.label}
          aria-busy={props.stale || !props.items}
          class="min-h-0 flex-1 overflow-y-auto overscroll-contain rounded-md border border-line"
          classList={{ 'opacity-60': props.stale ?? false }}
        >
          <div role="presentation" class="relative" style={{ height: `${items().length * rowHeight()}px` }}>
            <For each={drawn()}>
              {(item, at) => {
                const index = () => rows.first() + at()
                const closed = () => props.isClosed?.(item) ?? false
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard goes through the list from the search
                  // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant says which one is active
                  <div
                    id={optionId(index())}
                    role="option"
                    aria-selected={props.by(item) === props.chosen}
                    aria-disabled={closed() || undefined}
                    aria-posinset={index() + 1}
                    aria-setsize={props.hasMore ? -1 : items().length}
                    class="absolute inset-x-0 top-0 flex items-center gap-2 border-b border-line pr-3 pl-2"
                    classList={{
                      'bg-sunken shadow-[inset_2px_0_0_var(--accent)]': index() === active(),
                      'cursor-pointer': !closed(),
                    }}
                    style={{ height: `${rowHeight()}px`, transform: `translateY(${index() * rowHeight()}px)` }}
                    // The focus stays in the search.
                    onMouseDown={(event) => event.preventDefault()}
                    // A list that scrolls under a resting pointer is no choice of its.
                    onPointerMove={({ movementX, movementY }) =>
                      (movementX || movementY) && setActiveKey(props.by(item))
                    }
                    onClick={() => choose(item)}
                  >
                    <span class="w-4 shrink-0">
                      <Show when={props.by(item) === props.chosen}>
                        <Check size={16} class="text-accent" aria-hidden="true" />
                      </Show>
                    </span>
                    <div class="min-w-0 flex-1" classList={{ 'text-quiet': closed() }}>
                      {props.row(item)}
                    </div>
                  </div>
                )
              }}
            </For>
          </div>
        </div>
        <Show when={items().length === 0}>
          <div class="absolute inset-0 overflow-y-auto p-4">{props.empty}</div>
        </Show>
      </div>
      <div role="status" class="sr-only">
        <Show when={props.items && !props.stale}>
          {items().length}
          {props.hasMore ? ' or more' : ''} {props.label.toLowerCase()} found
        </Show>
      </div>
    </div>
  )
}
