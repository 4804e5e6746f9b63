import { type Accessor, createSignal, onCleanup } from 'solid-js'

/** Rows beyond the edges, so that a quick scroll does not show what is not drawn yet. */
const BEYOND = 10

/**
 * Which of many rows of one height are drawn: those in view and a few around them. `watch` is the ref of what scrolls,
 * which follows its scrolling by itself.
 */
export function createWindow(count: Accessor<number>, rowHeight: Accessor<number>) {
  const [box, setBox] = createSignal<HTMLElement>()
  const [top, setTop] = createSignal(0)
  const [height, setHeight] = createSignal(0)
  const watch = (element: HTMLElement) => {
    setBox(element)
    const scrolled = () => setTop(element.scrollTop)
    const resized = new ResizeObserver(() => setHeight(element.clientHeight))
    element.addEventListener('scroll', scrolled, { passive: true })
    resized.observe(element)
    onCleanup(() => resized.disconnect())
  }
  const first = () => Math.max(0, Math.min(Math.floor(top() / rowHeight()) - BEYOND, count()))
  const end = () => Math.min(count(), Math.ceil((top() + height()) / rowHeight()) + BEYOND)
  return {
    watch,
    first,
    /** The one after the last that is drawn. */
    end,
    /** How many rows a page of the keyboard goes on. */
    pageOf: () => Math.max(1, Math.floor(height() / rowHeight()) - 1),
    /** Brings a row into view, if it is not. */
    show(index: number): void {
      const element = box()
      if (!element) return
      const from = index * rowHeight()
      if (from < element.scrollTop) element.scrollTop = from
      else if (from + rowHeight() > element.scrollTop + element.clientHeight) {
        element.scrollTop = from + rowHeight() - element.clientHeight
      }
      setTop(element.scrollTop)
    },
  }
}
