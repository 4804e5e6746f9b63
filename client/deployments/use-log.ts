import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js'
import { api, type LogLine } from '../api.ts'
import type { Step } from './words.ts'

const PAGE = 5_000
const PAUSE_MS = 700
/** After its end, for the last lines, which may be written down a moment after it. */
const LAST_LOOKS = 3
/** As many as a browser can lay out one below the other; a file may have more. */
const MOST = 400_000

/** Which lines of a log are wanted. */
export interface Wanted {
  readonly deploymentId: string
  readonly step: Step | null
  readonly search: string
}

/** How many are there and which; a list that grew is another object with the same array, so that nothing is copied. */
export interface KnownLines {
  readonly lines: readonly LogLine[]
  readonly count: number
}

const NONE: KnownLines = { lines: [], count: 0 }

/**
 * The lines of a deployment's log: page by page until all that are there are known, then, while it runs and the page is
 * looked at, what comes.
 */
export function useLog(wanted: Accessor<Wanted>, running: Accessor<boolean>) {
  const [known, setKnown] = createSignal<KnownLines>(NONE, { equals: false })
  const [error, setError] = createSignal<unknown>(null)
  const [complete, setComplete] = createSignal(false)
  const [attempt, setAttempt] = createSignal(0)
  const question = createMemo(
    () => {
      const { deploymentId, step, search } = wanted()
      return { deploymentId, ...(step ? { step } : {}), ...(search ? { search } : {}) }
    },
    undefined,
    { equals: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  )
  createEffect(
    on([question, attempt], ([asked]) => {
      const lines: LogLine[] = []
      let lastLooks = 0
      const over = new AbortController()
      let waiting: ReturnType<typeof setTimeout> | undefined
      const later = () => {
        waiting = setTimeout(() => void next(), PAUSE_MS)
      }
      const next = async () => {
        if (document.hidden) return later()
        if (running()) lastLooks = LAST_LOOKS
        else lastLooks--
        const goesOn = lastLooks > 0
        try {
          const after = lines.at(-1)?.line ?? 0
          const page = await api.deployments.log.query({ ...asked, after, limit: PAGE }, { signal: over.signal })
          if (over.signal.aborted) return
          lines.push(...page.lines)
          setError(null)
          const full = lines.length >= MOST
          const more = page.lines.length === PAGE && !full
          if (page.lines.length > 0 || lines.length === 0) setKnown({ lines, count: lines.length })
          setComplete(!more)
          if (more) await next()
          else if (goesOn && !full) later()
        } catch (failure) {
          if (over.signal.aborted) return
          setError(failure)
          if (goesOn) later()
        }
      }
      setComplete(false)
      setKnown(NONE)
      void next()
      onCleanup(() => {
        over.abort()
        clearTimeout(waiting)
      })
    }),
  )
  return { known, error, complete, again: () => setAttempt((count) => count + 1) }
}

/** Every line of a deployment's log, as the text of a file: time, step, level and text, without colours. */
export async function readWholeLog(deploymentId: string, onPart: (lines: readonly LogLine[]) => void): Promise<void> {
  for (let after = 0; ; ) {
    const { lines } = await api.deployments.log.query({ deploymentId, after, limit: PAGE })
    onPart(lines)
    const last = lines.at(-1)
    if (!last || lines.length < PAGE) return
    after = last.line
  }
}
