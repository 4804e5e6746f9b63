import X from 'lucide-solid/icons/x'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import type { EnvironmentView } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { ModulesDialog } from './dialogs.ts'

type Selection = EnvironmentView['modules']

/** Which modules are installed: all that the repositories hold, or some by name. */
export function ModulesChoice(props: {
  /** Where they are looked for. */
  of: { projectId: string; branch: string | null; odooVersion: string }
  modules: Selection
  error: string | null
  onChange: (modules: Selection) => void
}) {
  const id = createUniqueId()
  const [choosing, setChoosing] = createSignal(false)
  /** Kept while all are chosen, for whoever comes back. */
  const [some, setSome] = createSignal<readonly string[]>(props.modules === 'all' ? [] : props.modules)
  const change = (names: readonly string[]) => {
    setSome(names)
    props.onChange([...names])
  }
  const remove = (name: string) => change(some().filter((one) => one !== name))
  return (
    <fieldset class="flex flex-col gap-2">
      <legend class="mb-1 font-medium">Modules</legend>
      <label class="flex items-start gap-2">
        <input
          type="radio"
          name={id}
          class="mt-1 accent-accent"
          checked={props.modules === 'all'}
          onChange={() => props.onChange('all')}
        />
        <span>
          All{' '}
          <span class="block text-sm text-quiet">
            Every module that the repositories hold and that can be installed.
          </span>
        </span>
      </label>
      <label class="flex items-start gap-2">
        <input
          type="radio"
          name={id}
          class="mt-1 accent-accent"
          checked={props.modules !== 'all'}
          onChange={() => change(some())}
        />
        <span>
          Some <span class="block text-sm text-quiet">Those that you name, with what they need.</span>
        </span>
      </label>
      <Show when={props.modules !== 'all'}>
        <div class="flex flex-col items-start gap-2 pl-6">
          <Show when={some().length > 0}>
            <ul aria-label="Chosen modules" class="flex flex-wrap gap-1.5">
              <For each={some()}>
                {(name) => (
                  <li class="inline-flex max-w-full items-center gap-1 rounded-md border border-line bg-sunken pl-2 font-mono text-sm">
                    <span class="min-w-0">{name}</span>
                    <button
                      type="button"
                      class="inline-flex size-7 shrink-0 items-center justify-center rounded-md hover:bg-raised pointer-coarse:size-10"
                      aria-label={`Leave ${name} out`}
                      title={`Leave ${name} out`}
                      onClick={() => remove(name)}
                    >
                      <X size={14} aria-hidden="true" />
                    </button>
                  </li>
                )}
              </For>
            </ul>
          </Show>
          <Button onPointerEnter={ModulesDialog.preload} onClick={() => setChoosing(true)}>
            Choose modules
          </Button>
        </div>
      </Show>
      <div role="alert" class="text-sm text-bad empty:hidden">
        {props.error}
      </div>
      <Show when={choosing()}>
        <ModulesDialog of={props.of} chosen={some()} onChange={change} onClose={() => setChoosing(false)} />
      </Show>
    </fieldset>
  )
}
