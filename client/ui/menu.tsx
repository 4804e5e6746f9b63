import Ellipsis from 'lucide-solid/icons/ellipsis'
import { createUniqueId, For, type JSX, Show } from 'solid-js'

export interface MenuItem {
  readonly name: string
  readonly icon: JSX.Element
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
          if (newState === 'open') place()
        }}
      >
        <For each={props.items}>
          {(item, index) => (
            <button
              type="button"
              role="menuitem"
              // The first one takes the focus as the menu opens, before the next key
              autofocus={index() === 0}
              tabindex="-1"
              class="flex min-h-9 w-full items-center gap-2 rounded-md px-3 text-left hover:bg-sunken focus-visible:bg-sunken pointer-coarse:min-h-10"
              classList={{ 'text-bad': item.danger ?? false }}
              onClick={() => {
                list?.hidePopover()
                item.onChoose()
              }}
            >
              <Show when={item.icon}>{item.icon}</Show>
              {item.name}
            </button>
          )}
        </For>
      </div>
    </>
  )
}
