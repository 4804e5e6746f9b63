import ArrowUp from 'lucide-solid/icons/arrow-up'
import Plus from 'lucide-solid/icons/plus'
import { For, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { Plan } from '../api.ts'
import { createGradual } from '../ui/gradual.ts'
import { counted } from './words.ts'

type Module = Plan['modules'][number]

const looks = {
  install: { word: 'install', icon: Plus, color: 'text-good' },
  update: { word: 'update', icon: ArrowUp, color: 'text-busy' },
} as const satisfies Record<Module['what'], unknown>

/** The modules of a plan in the order of their installation, then those that stay as they are. */
export function PlanTable(props: { plan: Plan }) {
  const drawn = createGradual(
    () => props.plan.modules,
    () => props.plan,
  )
  return (
    <div class="flex flex-col items-start gap-2">
      <Show when={drawn().length > 0} fallback={<p>There is nothing to install and nothing to update.</p>}>
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
            <For each={drawn()}>{(module) => <ModuleLine module={module} />}</For>
          </tbody>
        </table>
      </Show>
      <Show when={props.plan.unchanged.length > 0}>
        <details>
          <summary class="py-1 text-quiet pointer-coarse:py-2.5">
            {counted(props.plan.unchanged.length, 'module')} as{' '}
            {props.plan.unchanged.length === 1 ? 'it is' : 'they are'}
          </summary>
          <p class="font-mono text-sm">{props.plan.unchanged.join(', ')}</p>
        </details>
      </Show>
    </div>
  )
}

/** A row; one paragraph where the window is narrow. */
function ModuleLine(props: { module: Module }) {
  const look = () => looks[props.module.what]
  return (
    <tr class="max-sm:flex max-sm:flex-wrap max-sm:gap-x-3 max-sm:border-b max-sm:border-line max-sm:py-1.5 sm:[&>td]:border-b sm:[&>td]:border-line sm:[&>td]:px-2 sm:[&>td]:py-1">
      <th scope="row" class="font-mono text-sm font-medium max-sm:w-full sm:border-b sm:border-line sm:px-2 sm:py-1">
        {props.module.name}
      </th>
      <td class="tabular whitespace-nowrap">{props.module.version}</td>
      <td>{props.module.repository}</td>
      <td>
        <span class={`inline-flex items-center gap-1.5 whitespace-nowrap ${look().color}`}>
          <Dynamic component={look().icon} size={14} aria-hidden="true" />
          {look().word}
        </span>
      </td>
      <td class="text-quiet">{props.module.why}</td>
    </tr>
  )
}
