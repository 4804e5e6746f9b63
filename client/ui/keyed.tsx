import { type Accessor, createMemo, For, type JSX, Show } from 'solid-js'

/** Shows each of a list, known by its key: what is open or focused in it stays so when the list is asked again. */
export function Keyed<Item extends object>(props: {
  each: readonly Item[] | undefined
  by: (item: Item) => string
  fallback?: JSX.Element
  children: (item: Accessor<Item>) => JSX.Element
}) {
  const items = createMemo(() => new Map((props.each ?? []).map((item) => [props.by(item), item])))
  return (
    <For each={[...items().keys()]} fallback={props.fallback}>
      {(key) => <Show when={items().get(key)}>{(item) => props.children(item)}</Show>}
    </For>
  )
}
