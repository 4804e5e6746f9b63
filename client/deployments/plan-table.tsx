import ArrowUp from 'lucide-solid/icons/arrow-up'
import Minus from 'lucide-solid/icons/minus'
import Plus from 'lucide-solid/icons/plus'
import { createMemo, createSignal, For, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { Plan } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { createGradual } from '../ui/gradual.ts'

type Module = Plan['modules'][number]

const looks = {
  install: { word: 'install', icon: Plus, color: 'text-good' },
  update: { word: 'update', icon: ArrowUp, color: 'text-busy' },
  keep: { word: 'keep', icon: Minus, color: 'text-quiet' },
} as const satisfies Record<Module['what'], unknown>

/** The modules of a plan in the order of their installation; those that stay as they are on demand. */
export function PlanTable(props: { modules: readonly Module[] }) {
  const kept = createMemo(() => props.modules.filter(({ what }) => what === 'keep').length)
  const [all, setAll] = createSignal(false)
  const wanted = createMemo(() => (all() ? props.modules : props.modules.filter(({ what }) => what !== 'keep')))
  const drawn = createGradual(wanted, all)
  return (
    <div class="flex flex-col items-start gap-2">
      <Show when={wanted().length > 0} fallback={<p>There is nothing to install and nothing to update.</p>}>
        <table class="w-full text-left">
          <caption class="sr-only">Modules, in the order of their installation</caption>
          <thead class="text-sm text-quiet max-sm:sr-only">
            <tr class="sm:[&>th]:border-b sm:[&>th]:border-line sm:[&>th]:px-2 sm:[&>th]:pb-1 sm:[&>th]:font-normal">
              <th scope="col">Module</th>
              <th scope="col">Version</th>
              <th scope="col">Repository</th>
              <th scope="col">What</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            <For each={drawn()}>
              {(module) => (
                <tr class="max-sm:flex max-sm:flex-wrap max-sm:gap-x-3 max-sm:border-b max-sm:border-line max-sm:py-1.5 sm:[&>td]:border-b sm:[&>td]:border-line sm:[&>td]:px-2 sm:[&>td]:py-1">
                  <th
                    scope="row"
                    class="font-mono text-sm font-medium max-sm:w-full sm:border-b sm:border-line sm:px-2 sm:py-1"
                  >
                    {module.name}
                  </th>
                  <td class="tabular whitespace-nowrap">{module.version}</td>
                  <td>{module.repository}</td>
                  <td>
                    <span class={`inline-flex items-center gap-1.5 whitespace-nowrap ${looks[module.what].color}`}>
                      <Dynamic component={looks[module.what].icon} size={14} aria-hidden="true" />
                      {looks[module.what].word}
                    </span>
                  </td>
                  <td class="text-quiet">{module.why}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </Show>
      <Show when={kept() > 0}>
        <Button small aria-pressed={all()} onClick={() => setAll(!all())}>
          {all() ? 'Hide' : 'Show'} what stays as it is ({kept()})
        </Button>
      </Show>
    </div>
  )
}
