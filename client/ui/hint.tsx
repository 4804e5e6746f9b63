import { createSignal, createUniqueId, type JSX, onCleanup, onMount, Show } from 'solid-js'

const OPEN_AFTER_MS = 150
const CLOSE_AFTER_MS = 100
const GAP_PX = 6
const EDGE_PX = 8

/** Words that explain what they stand on: on hover, focus or tap; Escape sends them away. */
export function Hint(props: { text: string; children: JSX.Element }) {
  const id = createUniqueId()
  const [trigger, setTrigger] = createSignal<HTMLElement>()
  const [open, setOpen] = createSignal(false)
  let waiting: ReturnType<typeof setTimeout> | undefined
  const turn = (on: boolean, afterMs = 0) => {
    clearTimeout(waiting)
    if (afterMs) waiting = setTimeout(() => setOpen(on), afterMs)
    else setOpen(on)
  }
  onCleanup(() => clearTimeout(waiting))
  return (
    <>
      <button
        type="button"
        ref={setTrigger}
        class="hint rounded-md text-left"
        aria-describedby={open() ? id : undefined}
        onPointerEnter={(event) => event.pointerType !== 'touch' && turn(true, OPEN_AFTER_MS)}
        onPointerLeave={(event) => event.pointerType !== 'touch' && turn(false, CLOSE_AFTER_MS)}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && turn(true)}
        onBlur={() => turn(false)}
        onClick={() => turn(true)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !open()) return
          // Only the words go, not the dialog that they may stand in.
          event.preventDefault()
          turn(false)
        }}
      >
        {props.children}
      </button>
      <Show when={open() && trigger()}>
        {(at) => (
          <Bubble
            id={id}
            text={props.text}
            at={at()}
            onStay={() => turn(true)}
            onLeave={() => turn(false, CLOSE_AFTER_MS)}
            onGone={() => turn(false)}
          />
        )}
      </Show>
    </>
  )
}

function Bubble(props: {
  id: string
  text: string
  at: HTMLElement
  onStay: () => void
  onLeave: () => void
  onGone: () => void
}) {
  const show = (bubble: HTMLElement) => {
    const gone = () => props.onGone()
    onMount(() => {
      bubble.showPopover()
      place(bubble, props.at)
      addEventListener('scroll', gone, true)
    })
    onCleanup(() => removeEventListener('scroll', gone, true))
  }
  return (
    <div
      ref={show}
      id={props.id}
      popover="manual"
      role="tooltip"
      class="m-0 max-w-72 rounded-md bg-ink px-3 py-1.5 text-sm text-surface shadow-lg"
      onPointerEnter={() => props.onStay()}
      onPointerLeave={() => props.onLeave()}
    >
      {props.text}
    </div>
  )
}

/** Below what it explains, above where there is no room; never over the window's edge. */
function place(bubble: HTMLElement, target: HTMLElement): void {
  const { left, top, bottom } = target.getBoundingClientRect()
  const { width, height } = bubble.getBoundingClientRect()
  const below = bottom + GAP_PX
  const y = below + height + EDGE_PX > innerHeight ? top - GAP_PX - height : below
  bubble.style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX))}px`
  bubble.style.top = `${y}px`
}
