import { createMemo, For, Show } from 'solid-js'
import type { LogLine } from '../api.ts'
import { clockToSecond } from '../ui/time-words.ts'
import { type Hue, type Span, spansOf } from './ansi.ts'

/** A line is drawn this far; copied and kept in a file, it is whole. */
const MOST_CHARACTERS = 4_000

const fronts: Record<Hue, string> = {
  ...{ black: 'text-quiet', red: 'text-bad', green: 'text-good', yellow: 'text-late' },
  ...{ blue: 'text-busy', magenta: 'text-magenta', cyan: 'text-cyan', white: 'text-ink' },
}
const backs: Record<Hue, string> = {
  ...{ black: 'bg-quiet', red: 'bg-bad', green: 'bg-good', yellow: 'bg-late' },
  ...{ blue: 'bg-busy', magenta: 'bg-magenta', cyan: 'bg-cyan', white: 'bg-ink' },
}
const levels = {
  error: { word: 'error', color: 'text-bad' },
  warning: { word: 'warn', color: 'text-late' },
  info: { word: '', color: 'text-ink' },
  debug: { word: 'debug', color: 'text-quiet' },
} as const satisfies Record<LogLine['level'], unknown>

function classOf({ colour, background, bold, dim, italic, underline }: Span): string {
  // Whatever was asked to stand on a colour can be read on it.
  const hue = background ? `${backs[background]} text-surface` : colour ? fronts[colour] : dim ? 'text-quiet' : ''
  return [hue, bold && 'font-semibold', italic && 'italic', underline && 'underline'].filter(Boolean).join(' ')
}

/** One line of a log: its number, its time, its level in a word where it is not the usual one, and its text. */
export function LogLineRow(props: {
  line: LogLine
  search: string
  /** How many digits the highest number has. */
  digits: number
}) {
  const text = () => props.line.text.slice(0, MOST_CHARACTERS)
  const spans = createMemo(() => spansOf(text()))
  const level = () => levels[props.line.level]
  return (
    <>
      <span class="shrink-0 text-right text-quiet select-none" style={{ width: `${props.digits}ch` }}>
        {props.line.line}
      </span>
      <span class="hidden shrink-0 text-quiet select-none sm:inline" title={props.line.at}>
        {clockToSecond(props.line.at)}
      </span>
      <span class={`w-[5ch] shrink-0 select-none ${level().color}`}>{level().word}</span>
      <span class={level().color}>
        <For each={spans()}>
          {(span) => (
            <span class={classOf(span)}>
              <Marked text={span.text} search={props.search} />
            </span>
          )}
        </For>
        <Show when={props.line.text.length > MOST_CHARACTERS}>
          <span class="text-quiet"> ... {props.line.text.length - MOST_CHARACTERS} more characters</span>
        </Show>
      </span>
    </>
  )
}

/** Text in which what was searched is marked. */
function Marked(props: { text: string; search: string }) {
  const parts = () => {
    const [wanted, whole] = [props.search.toLowerCase(), props.text.toLowerCase()]
    const found: { text: string; marked: boolean }[] = []
    let from = 0
    // Some letters have another length in small; then nothing is marked, rather than the wrong place.
    if (wanted && whole.length === props.text.length) {
      for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, from)) {
        found.push({ text: props.text.slice(from, at), marked: false })
        from = at + wanted.length
        found.push({ text: props.text.slice(at, from), marked: true })
      }
    }
    return [...found, { text: props.text.slice(from), marked: false }]
  }
  return (
    <Show when={props.search} fallback={props.text}>
      <For each={parts()}>
        {({ text, marked }) => (marked ? <mark class="rounded-sm bg-accent text-on-accent">{text}</mark> : text)}
      </For>
    </Show>
  )
}
