import { useMutation } from '@tanstack/solid-query'
import Check from 'lucide-solid/icons/check'
import { createMemo, createSignal, For, onMount, Show } from 'solid-js'
import { api, type FoundModules } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { SearchList } from '../ui/search-list.tsx'
import { Trouble } from '../ui/trouble.tsx'

/** What the server takes for a module's name. */
const MODULE = /^\w{1,256}$/

interface Offered {
  readonly name: string
  /** What the repositories say of it; null for a name that was typed and is in none of them. */
  readonly found: FoundModules['modules'][number] | null
}

/** Choosing modules among those that the repositories hold; others can be typed. Choosing one again leaves it out. */
export default function ModulesDialog(props: {
  of: { projectId: string; branch: string | null; odooVersion: string }
  chosen: readonly string[]
  onChange: (names: readonly string[]) => void
  onClose: () => void
}) {
  const [search, setSearch] = createSignal('')
  const find = useMutation(() => ({ mutationFn: () => api.environments.findModules.mutate(props.of) }))
  onMount(() => find.mutate())
  const known = createMemo(() => {
    const modules = find.data?.modules
    const names = new Set(modules?.map(({ name }) => name))
    const typed = props.chosen.filter((name) => !names.has(name)).map((name): Offered => ({ name, found: null }))
    return [...typed, ...(modules ?? []).map((found): Offered => ({ name: found.name, found }))]
  })
  const words = () => search().trim().toLowerCase()
  const offered = createMemo(() => {
    const fits = known().filter(({ name, found }) => `${name} ${found?.title ?? ''}`.toLowerCase().includes(words()))
    const own = search().trim()
    return MODULE.test(own) && !known().some(({ name }) => name === own) ? [...fits, { name: own, found: null }] : fits
  })
  const isChosen = (name: string) => props.chosen.includes(name)
  const turn = ({ name }: Offered) => {
    const without = props.chosen.filter((one) => one !== name)
    const taken = without.length === props.chosen.length
    props.onChange(taken ? [...props.chosen, name] : without)
    announce(`${name} is ${taken ? 'chosen' : 'left out'}.`)
  }
  return (
    <Modal title="Choose modules" wide onClose={props.onClose}>
      <div class="flex flex-col gap-2 max-sm:h-[calc(100dvh-5.5rem)]">
        <Trouble error={find.error} onRetry={() => find.mutate()} />
        <SearchList
          label="Modules"
          search={search()}
          onSearch={setSearch}
          items={find.isPending ? undefined : offered()}
          by={({ name }) => name}
          isClosed={({ name, found }) => found?.installable === false && !isChosen(name)}
          onChoose={turn}
          tall
          row={(module) => <ModuleRow module={module} chosen={isChosen(module.name)} />}
          empty={
            <Show
              when={!find.isPending}
              fallback={
                <p role="status" class="text-quiet">
                  Fetching the repositories and looking what is in them ...
                </p>
              }
            >
              <p>
                {words()
                  ? `No module has “${search().trim()}” in its name. A technical name has letters, digits and _ only.`
                  : 'The repositories hold no module on these branches. Type the technical name of one.'}
              </p>
            </Show>
          }
        />
        <Show when={find.data && find.data.problems.length > 0}>
          <div class="max-h-28 shrink-0 overflow-y-auto rounded-md border border-late p-3">
            <p class="font-medium text-late">Not everything could be looked at</p>
            <ul class="list-disc pl-5">
              <For each={find.data?.problems}>{(problem) => <li>{problem}</li>}</For>
            </ul>
          </div>
        </Show>
        <div class="flex flex-wrap items-center justify-between gap-2">
          <span class="tabular text-quiet">
            {props.chosen.length === 1 ? '1 module' : `${props.chosen.length} modules`} chosen
          </span>
          <Button look="primary" onClick={props.onClose}>
            Done
          </Button>
        </div>
      </div>
    </Modal>
  )
}

function ModuleRow(props: { module: Offered; chosen: boolean }) {
  const about = () => {
    const { found } = props.module
    if (!found) return 'in none of the repositories; Odoo may bring it'
    return `${found.repository}${found.installable ? '' : ', its manifest says that it is not installable'}`
  }
  return (
    <div class="flex min-w-0 items-center gap-3">
      <span
        class="inline-flex size-5 shrink-0 items-center justify-center rounded-md border"
        classList={{
          'border-accent bg-accent text-on-accent': props.chosen,
          'border-quiet': !props.chosen,
        }}
      >
        <Show when={props.chosen}>
          <Check size={14} role="img" aria-label="chosen" />
        </Show>
      </span>
      <div class="min-w-0 flex-1">
        <div class="flex min-w-0 gap-x-3">
          <span class="truncate font-mono text-sm font-medium">{props.module.name}</span>
          <span class="min-w-0 flex-1 truncate text-quiet">{props.module.found?.title}</span>
        </div>
        <div class="truncate text-sm text-quiet">{about()}</div>
      </div>
      <span class="tabular hidden shrink-0 text-sm text-quiet sm:inline">{props.module.found?.version}</span>
    </div>
  )
}
