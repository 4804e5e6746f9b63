import Ellipsis from 'lucide-solid/icons/ellipsis'
import { type Component, createUniqueId, onCleanup } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { Keyed } from './keyed.tsx'

export interface MenuItem {
  readonly name: string
  readonly icon: Component<{ size: number; class: string; 'aria-hidden': 'true' }>
  readonly danger?: boolean
  readonly onChoose: () => void
}

const EDGE_PX = 8

/** More that can be done, behind one button; arrow keys go through it, Escape closes it. */
export function Menu(props: { label: string; items: readonly MenuItem[] }) {
  const id = createUniqueId()
  let button: HTMLButtonElement | undefined
  let list: HTMLDivElement | undefined
  const items = () => [...(list?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
  const place = () => {
    if (!button || !list) return
    const { right, bottom, top } = button.getBoundingClientRect()
    const { width, height } = list.getBoundingClientRect()
    const below = bottom + height + EDGE_PX <= innerHeight
    list.style.left = `${Math.max(EDGE_PX, right - width)}px`
    list.style.top = `${below ? bottom + 4 : Math.max(EDGE_PX, top - height - 4)}px`
  }
  let stay = new AbortController()
  const close = () => list?.hidePopover()
  onCleanup(() => stay.abort())
  const go = (step: number) => {
    const all = items()
    const at = all.findIndex((item) => item.matches(':focus'))
    all[(at + step + all.length) % all.length]?.focus()
  }
  const keys: Record<string, () => void> = {
    ArrowDown: () => go(1),
    ArrowUp: () => go(-1),
    Home: () => items()[0]?.focus(),
    End: () => items().at(-1)?.focus(),
    Tab: () => list?.hidePopover(),
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const move = keys[event.key]
    if (!move) return
    if (event.key !== 'Tab') event.preventDefault()
    move()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        class="control-small inline-flex items-center justify-center px-2! hover:border-quiet pointer-coarse:min-w-10"
        aria-label={props.label}
        title="More"
        aria-haspopup="menu"
        popovertarget={id}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return
          event.preventDefault()
          list?.showPopover()
        }}
      >
        <Ellipsis size={16} aria-hidden="true" />
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        aria-label={props.label}
        tabindex="-1"
        class="m-0 min-w-40 rounded-md border border-line bg-raised p-1 text-ink shadow-lg"
        onKeyDown={onKeyDown}
        onToggle={({ newState }) => {
          if (newState !== 'open') return stay.abort()
          place()
          // It would stand where its button was.
          stay = new AbortController()
          for (const moved of ['scroll', 'resize'])
            addEventListener(moved, close, { capture: true, signal: stay.signal })
        }}
      >
        {/* Known by their names: what is asked again while it is open must not take the focus away. */}
        <Keyed each={props.items} by={({ name }) => name}>
          {(item) => (
            <button
              type="button"
              role="menuitem"
              // The first one takes the focus as the menu opens, before the next key comes.
              autofocus={item().name === props.items[0]?.name}
              tabindex="-1"
              class="flex min-h-9 w-full items-center gap-2 rounded-md px-3 text-left hover:bg-sunken focus-visible:bg-sunken pointer-coarse:min-h-10"
              classList={{ 'text-bad': item().danger ?? false }}
              onClick={() => {
                list?.hidePopover()
                item().onChoose()
              }}
            >
              <Dynamic component={item().icon} size={16} class="shrink-0" aria-hidden="true" />
              {item().name}
            </button>
          )}
        </Keyed>
      </div>
    </>
  )
}
