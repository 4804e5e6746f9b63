import { useSearchParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { Select } from '../ui/select.tsx'
import { textOf } from '../ui/text-of.ts'
import { statusLooks } from './status.tsx'
import { providerWords } from './words.ts'

/** What narrows and orders the list; all of it is in the URL. */
export function Filters(props: { shown: { some: number; all: number } | null }) {
  const [search, setSearch] = useSearchParams()
  return (
    <div class="mb-4 flex flex-wrap items-center gap-2">
      <input
        data-search
        type="search"
        aria-label="Search connections"
        placeholder="Search /"
        class="control chip w-full sm:w-56"
        value={textOf(search.q)}
        onInput={(event) => setSearch({ q: event.currentTarget.value || null }, { replace: true })}
      />
      <Select
        label="Status"
        clearable
        value={textOf(search.status)}
        options={[['', 'all'], ...Object.entries(statusLooks).map(([id, { word }]) => [id, word] as const)]}
        onChange={(status) => setSearch({ status: status || null })}
      />
      <Select
        label="Provider"
        clearable
        value={textOf(search.provider)}
        options={[['', 'all'], ...Object.entries(providerWords)]}
        onChange={(provider) => setSearch({ provider: provider || null })}
      />
      <Select
        label="Sort"
        value={textOf(search.sort) || 'attention'}
        options={[
          ['attention', 'needs attention'],
          ['name', 'name'],
          ['newest', 'newest'],
        ]}
        onChange={(sort) => setSearch({ sort: sort === 'attention' ? null : sort })}
      />
      <Show when={props.shown}>
        {(shown) => (
          <span class="tabular ml-auto text-sm text-quiet">
            {shown().some === shown().all ? shown().all : `${shown().some} of ${shown().all}`}{' '}
            {shown().all === 1 ? 'connection' : 'connections'}
          </span>
        )}
      </Show>
    </div>
  )
}
