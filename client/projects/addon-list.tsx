import ArrowDown from 'lucide-solid/icons/arrow-down'
import ArrowUp from 'lucide-solid/icons/arrow-up'
import GripVertical from 'lucide-solid/icons/grip-vertical'
import X from 'lucide-solid/icons/x'
import { type JSX, Show } from 'solid-js'
import { announce } from '../ui/announce.tsx'
import { Keyed } from '../ui/keyed.tsx'
import { ChosenRepository, objectionTo } from './chosen-repository.tsx'
import type { Addon } from './project-form.tsx'
import { createDrag, moved } from './reorder.ts'

/** Addon repositories in their order, which is changed by dragging, by buttons, or by Alt with an arrow key. */
export function AddonList(props: {
  addons: readonly Addon[]
  /** What the server said, by places. */
  error: Error | null
  onOrder: (addons: Addon[]) => void
  onChange: (addon: Addon, step: 'repository' | 'branch') => void
}) {
  let list: HTMLOListElement | undefined
  const placeOf = ({ number }: Addon) => props.addons.findIndex((addon) => addon.number === number)
  const move = (from: number, to: number) => {
    const addon = props.addons[from]
    if (!addon || from === to || to < 0 || to >= props.addons.length) return
    props.onOrder(moved(props.addons, from, to))
    announce(`${addon.used.fullName} is number ${to + 1} of ${props.addons.length} now.`)
  }
  const drag = createDrag({ rows: () => [...(list?.children ?? [])], onMove: move })
  /** An element that is put elsewhere loses the focus. */
  const moveByKey = (from: number, to: number) => {
    const focused = document.activeElement
    move(from, to)
    if (focused instanceof HTMLElement) focused.focus()
  }
  const remove = (addon: Addon) => {
    const at = placeOf(addon)
    props.onOrder(props.addons.filter(({ number }) => number !== addon.number))
    announce(`${addon.used.fullName} was taken out.`)
    const next = list?.children[Math.min(at, props.addons.length - 1)] ?? list?.parentElement
    next?.querySelector<HTMLElement>('button')?.focus()
  }
  const onKeyDown = (addon: Addon, event: KeyboardEvent) => {
    const way = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined
    if (way === undefined) return
    event.preventDefault()
    moveByKey(placeOf(addon), placeOf(addon) + way)
  }
  return (
    <Show when={props.addons.length > 0}>
      <ol ref={list} aria-label="Addon repositories, in order of precedence" class="flex flex-col gap-2">
        <Keyed each={props.addons} by={({ number }) => String(number)}>
          {(addon) => (
            <li
              class="card flex items-start gap-2 p-2 pl-1"
              classList={{ 'border-accent! shadow-lg': drag.dragged() === placeOf(addon()) }}
              onKeyDown={(event) => onKeyDown(addon(), event)}
            >
              <span
                class="inline-flex h-10 w-6 shrink-0 cursor-grab touch-none items-center justify-center text-quiet active:cursor-grabbing pointer-coarse:w-10"
                title="Drag to another place"
                data-grip
                onPointerDown={(event) => drag.begin(event, placeOf(addon()))}
              >
                <GripVertical size={16} aria-hidden="true" />
              </span>
              <span class="tabular pt-0.5 text-quiet" aria-hidden="true">
                {placeOf(addon()) + 1}
              </span>
              <ChosenRepository
                used={addon().used}
                part="addon repository"
                error={objectionTo(props.error, `addons.${placeOf(addon())}`)}
                onChange={(step) => props.onChange(addon(), step)}
              >
                <div class="flex">
                  {' '}
                  <RowButton
                    label={`Move ${addon().used.fullName} up`}
                    off={placeOf(addon()) === 0}
                    onClick={() => moveByKey(placeOf(addon()), placeOf(addon()) - 1)}
                  >
                    <ArrowUp size={16} aria-hidden="true" />
                  </RowButton>
                  <RowButton
                    label={`Move ${addon().used.fullName} down`}
                    off={placeOf(addon()) === props.addons.length - 1}
                    onClick={() => moveByKey(placeOf(addon()), placeOf(addon()) + 1)}
                  >
                    <ArrowDown size={16} aria-hidden="true" />
                  </RowButton>
                  <RowButton label={`Remove ${addon().used.fullName}`} onClick={() => remove(addon())}>
                    <X size={16} aria-hidden="true" />
                  </RowButton>
                </div>{' '}
              </ChosenRepository>
            </li>
          )}
        </Keyed>
      </ol>
    </Show>
  )
}

function RowButton(props: { label: string; off?: boolean; onClick: () => void; children: JSX.Element }) {
  return (
    <button
      type="button"
      aria-label={props.label}
      title={props.label}
      aria-keyshortcuts={props.label.startsWith('Move') ? 'Alt+ArrowUp Alt+ArrowDown' : undefined}
      // A disabled button would lose the focus when the row comes to an end of the list.
      aria-disabled={props.off || undefined}
      class="inline-flex size-8 items-center justify-center rounded-md hover:bg-sunken aria-disabled:opacity-40 pointer-coarse:size-10"
      onClick={() => props.off || props.onClick()}
    >
      {props.children}
    </button>
  )
}
