import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** The list with one of it in another place. */
export function moved<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const rest = list.filter((_, index) => index !== from)
  const item = list.slice(from, from + 1)
  return [...rest.slice(0, to), ...item, ...rest.slice(to)]
}

/** To which row a pointer at a height belongs: past the middle of another one, its place. */
export function placeAt(y: number, rows: readonly { top: number; height: number }[], from: number): number {
  let to = from
  for (const [index, { top, height }] of rows.entries()) {
    const middle = top + height / 2
    if (index < from && y < middle) return index
    if (index > from && y > middle) to = index
  }
  return to
}

/** Dragging a row of a list by a pointer of any kind; the others make room as it goes. */
export function createDrag(options: { rows: () => Element[]; onMove: (from: number, to: number) => void }): {
  /** The place of the row that is dragged; null while none is. */
  dragged: Accessor<number | null>
  begin: (event: PointerEvent, from: number) => void
} {
  const [dragged, setDragged] = createSignal<number | null>(null)
  let end: (() => void) | undefined
  onCleanup(() => end?.())
  return {
    dragged,
    begin(event, from) {
      if (event.button !== 0) return
      event.preventDefault()
      end?.()
      setDragged(from)
      // A row that is put elsewhere loses its capture of the pointer, so the window listens.
      const listening = new AbortController()
      end = () => {
        listening.abort()
        setDragged(null)
      }
      const { signal } = listening
      addEventListener(
        'pointermove',
        (move) => {
          const at = dragged()
          if (at === null || move.pointerId !== event.pointerId) return
          const to = placeAt(
            move.clientY,
            options.rows().map((row) => row.getBoundingClientRect()),
            at,
          )
          if (to === at) return
          setDragged(to)
          options.onMove(at, to)
        },
        { signal },
      )
      for (const over of ['pointerup', 'pointercancel', 'blur'] as const)
        addEventListener(over, () => end?.(), { signal })
    },
  }
}
