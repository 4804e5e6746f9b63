import { useSearchParams } from '@solidjs/router'
import { For } from 'solid-js'

/** The parts of a page of which one is shown, named in the URL; the first one without being named. */
export function Tabs<Id extends string>(props: {
  /** What they are about, as "this environment". */
  about: string
  tabs: readonly (readonly [id: Id, label: string])[]
  open: Id
}) {
  const [, setSearch] = useSearchParams()
  return (
    <nav aria-label={`About ${props.about}`} class="mt-4 mb-5 flex flex-wrap gap-1 border-b border-line">
      <For each={props.tabs}>
        {([id, label], index) => (
          <button
            type="button"
            aria-current={props.open === id ? 'page' : undefined}
            class="-mb-px min-h-10 border-b-2 border-transparent px-3"
            classList={{
              'border-accent! text-accent font-medium': props.open === id,
              'text-quiet hover:text-ink': props.open !== id,
            }}
            onClick={() => setSearch({ tab: index() === 0 ? null : id })}
          >
            {label}
          </button>
        )}
      </For>
    </nav>
  )
}
