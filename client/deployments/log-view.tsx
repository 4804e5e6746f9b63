import { type Accessor, createEffect, createMemo, For, on, Show } from 'solid-js'
import type { LogLine } from '../api.ts'
import { createWindow } from '../ui/windowing.ts'
import { LogLineRow } from './log-line.tsx'
import type { KnownLines } from './use-log.ts'

const ROW_PX = 20
/** So long after a hand moved it, a list may still be scrolling because of that. */
const BY_HAND_MS = 500

/** A log of any length: only what is in view is drawn. Who scrolls up stops following, who scrolls to the end follows. */
export function LogView(props: {
  known: KnownLines
  search: string
  /** Whether the end stays in view. */
  follow: boolean
  onFollow: (follow: boolean) => void
  /** Shows a line that the search found among its neighbours. */
  onFind: (line: LogLine) => void
  /** The place of a line to begin with; null to begin at the top. */
  target: Accessor<number | null>
  empty: string | null
}) {
  let box: HTMLElement | undefined
  const rows = createWindow(
    () => props.known.count,
    () => ROW_PX,
  )
  const drawn = createMemo(() => {
    const { lines, count } = props.known
    return lines.slice(rows.first(), Math.min(rows.end(), count))
  })
  const digits = () => String(props.known.lines[props.known.count - 1]?.line ?? 0).length
  createEffect(
    on([() => props.known, () => props.follow], () => {
      if (props.follow && props.known.count > 0) rows.show(props.known.count - 1)
    }),
  )
  createEffect(
    on(props.target, (line) => {
      if (line === null) return
      const at = props.known.lines.findIndex((one) => one.line >= line)
      if (at >= 0 && box) {
        rows.show(Math.min(props.known.count - 1, at + 8))
        rows.show(Math.max(0, at - 4))
      }
    }),
  )
  /** Set where the person does it, not where new lines do. */
  let hands = 0
  const byHand = () => {
    hands = Date.now()
  }
  const onScroll = () => {
    // A list that is asked for anew is short for a moment, and nobody went to its end.
    if (!box || Date.now() - hands > BY_HAND_MS || box.scrollHeight <= box.clientHeight) return
    const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - ROW_PX
    if (atEnd !== props.follow) props.onFollow(atEnd)
  }
  const watch = (element: HTMLElement) => {
    box = element
    rows.watch(element)
  }
  return (
    <div class="relative">
      <section
        ref={watch}
        aria-label="Lines of the log"
        tabindex="0"
        class="h-[min(560px,70dvh)] min-h-60 overflow-auto overscroll-contain rounded-md border border-line bg-sunken font-mono text-sm"
        onScroll={onScroll}
        onWheel={byHand}
        onTouchMove={byHand}
        onKeyDown={byHand}
        onPointerDown={byHand}
        onPointerMove={(event) => event.buttons > 0 && byHand()}
      >
        <div class="relative w-max min-w-full" style={{ height: `${props.known.count * ROW_PX}px` }}>
          <div style={{ transform: `translateY(${rows.first() * ROW_PX}px)` }}>
            <For each={drawn()}>
              {(line) => (
                <div
                  class="flex h-5 gap-3 pr-4 pl-1 whitespace-pre hover:bg-raised"
                  classList={{ 'bg-raised': props.target() === line.line }}
                  data-line={line.line}
                >
                  <Show when={props.search} fallback={<LogLineRow line={line} search="" digits={digits()} />}>
                    <button
                      type="button"
                      class="flex gap-3 text-left"
                      title="Show it among its neighbours"
                      onClick={() => {
                        hands = 0
                        props.onFind(line)
                      }}
                    >
                      <LogLineRow line={line} search={props.search} digits={digits()} />
                    </button>
                  </Show>
                </div>
              )}
            </For>
          </div>
        </div>
      </section>
      <Show when={props.empty}>
        {(words) => <p class="pointer-events-none absolute inset-x-0 top-0 p-4 text-quiet">{words()}</p>}
      </Show>
    </div>
  )
}
