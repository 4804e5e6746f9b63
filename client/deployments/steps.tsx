import CircleCheck from 'lucide-solid/icons/circle-check'
import CircleDashed from 'lucide-solid/icons/circle-dashed'
import CircleMinus from 'lucide-solid/icons/circle-minus'
import CircleSlash from 'lucide-solid/icons/circle-slash'
import LoaderCircle from 'lucide-solid/icons/loader-circle'
import TriangleAlert from 'lucide-solid/icons/triangle-alert'
import { For, Show } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import type { DeploymentView } from '../api.ts'
import { Elapsed } from '../ui/elapsed.tsx'
import { type Step, stepWord } from './words.ts'

type StepTimes = DeploymentView['steps'][number]

const looks = {
  waiting: { word: 'waiting', icon: CircleDashed, color: 'text-quiet' },
  running: { word: 'running', icon: LoaderCircle, color: 'text-busy' },
  done: { word: 'done', icon: CircleCheck, color: 'text-good' },
  failed: { word: 'failed', icon: TriangleAlert, color: 'text-bad' },
  cancelled: { word: 'cancelled', icon: CircleSlash, color: 'text-quiet' },
  skipped: { word: 'skipped', icon: CircleMinus, color: 'text-quiet' },
} as const satisfies Record<StepTimes['is'], unknown>

/** The steps of a deployment with their states and times; choosing one shows its part of the log, again shows all. */
export function Steps(props: {
  steps: readonly StepTimes[]
  /** Null for all. */
  chosen: Step | null
  onChoose: (step: Step | null) => void
}) {
  return (
    <ol aria-label="Steps" class="flex flex-col gap-1">
      <For each={props.steps}>
        {(step) => {
          const chosen = () => props.chosen === step.step
          return (
            <li>
              <button
                type="button"
                aria-pressed={chosen()}
                title={chosen() ? 'Show the log of all steps' : 'Show its log alone'}
                class="grid min-h-10 w-full grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-2 rounded-md border border-transparent px-2 text-left hover:bg-sunken"
                classList={{ 'border-accent! bg-raised': chosen() }}
                onClick={() => props.onChoose(chosen() ? null : step.step)}
              >
                <Dynamic
                  component={looks[step.is].icon}
                  size={16}
                  class={`${looks[step.is].color} ${step.is === 'running' ? 'turning' : ''}`}
                  aria-hidden="true"
                />
                <span class="font-medium">
                  {stepWord(step.step)}
                  <span class="sr-only">, {looks[step.is].word},</span>
                </span>
                <span class="text-sm text-quiet">
                  <Show when={step.startedAt} fallback={looks[step.is].word}>
                    {(from) => <Elapsed from={from()} to={step.is === 'running' ? null : (step.endedAt ?? from())} />}
                  </Show>
                </span>
              </button>
            </li>
          )
        }}
      </For>
    </ol>
  )
}
