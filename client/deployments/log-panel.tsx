import { useMutation } from '@tanstack/solid-query'
import ArrowDownToLine from 'lucide-solid/icons/arrow-down-to-line'
import Check from 'lucide-solid/icons/check'
import Copy from 'lucide-solid/icons/copy'
import Download from 'lucide-solid/icons/download'
import { createEffect, createSignal, on, Show } from 'solid-js'
import type { DeploymentView, LogLine } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { createLate } from '../ui/late.ts'
import { Trouble } from '../ui/trouble.tsx'
import { plainOf } from './ansi.ts'
import { LogView } from './log-view.tsx'
import { saveLog } from './save-log.ts'
import { useLog } from './use-log.ts'
import { counted, type Step, stepWord } from './words.ts'

/** The log of a deployment: of one step or of all, searched, followed, copied, downloaded. */
export function LogPanel(props: {
  deployment: DeploymentView
  step: Step | null
  onStep: (step: Step | null) => void
}) {
  const running = () => ['queued', 'running'].includes(props.deployment.status)
  const [search, setSearch] = createSignal('')
  const asked = createLate(() => search().trim())
  const [follow, setFollow] = createSignal(running())
  const [target, setTarget] = createSignal<number | null>(null)
  const log = useLog(() => ({ deploymentId: props.deployment.id, step: props.step, search: asked() }), running)
  // Whoever opens one that failed comes for its end.
  createEffect(
    on(log.complete, (complete) => complete && props.deployment.status === 'failed' && target() === null && toEnd(), {
      defer: true,
    }),
  )
  const toEnd = () => {
    const last = log.known().lines.at(-1)
    if (last && !asked()) setTarget(last.line)
  }
  const find = ({ line }: LogLine) => {
    setFollow(false)
    setTarget(null)
    setSearch('')
    props.onStep(null)
    setSought(line)
  }
  /** A line to be shown once the whole log is there. */
  const [sought, setSought] = createSignal<number | null>(null)
  createEffect(() => {
    const line = sought()
    if (line === null || asked() || props.step !== null || (log.known().lines.at(-1)?.line ?? 0) < line) return
    setSought(null)
    setTarget(line)
  })
  const empty = () => {
    if (log.known().count > 0 || !log.complete()) return null
    if (asked()) return `No line holds “${asked()}”${props.step ? ` in the step ${stepWord(props.step)}` : ''}.`
    return running() ? 'Nothing was said yet.' : 'Nothing was said.'
  }
  const shownText = () =>
    log
      .known()
      .lines.map(({ text }) => plainOf(text))
      .join('\n')
  const [copied, setCopied] = createSignal(false)
  const copy = useMutation(() => ({
    mutationFn: async () => {
      // Over plain http a browser gives no clipboard.
      if (!navigator.clipboard) throw new Error('The browser lets nothing be copied here. Download the log instead.')
      await navigator.clipboard.writeText(shownText())
    },
    onSuccess: () => {
      announce(`${counted(log.known().count, 'line')} copied.`)
      setCopied(true)
      setTimeout(() => setCopied(false), 2_000)
    },
  }))
  const download = useMutation(() => ({ mutationFn: () => saveLog(props.deployment) }))
  return (
    <section aria-label="Log" class="flex min-w-0 flex-col gap-2">
      <div class="flex flex-wrap items-center gap-2">
        <input
          data-search
          type="search"
          aria-label="Search the log"
          placeholder="Search the log /"
          maxLength={200}
          class="control chip w-full sm:w-56"
          value={search()}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        <span role="status" class="tabular text-sm text-quiet">
          {asked() ? counted(log.known().count, 'match', 'matches') : counted(log.known().count, 'line')}
          {props.step ? ` in ${stepWord(props.step)}` : ''}
        </span>
        <Show when={props.step}>
          <Button small look="bare" onClick={() => props.onStep(null)}>
            All steps
          </Button>
        </Show>
        <span class="ml-auto flex flex-wrap items-center gap-1.5">
          <Button
            small
            aria-pressed={follow()}
            class={follow() ? 'border-accent! text-accent' : ''}
            onClick={() => setFollow(!follow())}
          >
            <ArrowDownToLine size={14} aria-hidden="true" /> Follow
          </Button>
          <Button small working={copy.isPending} onClick={() => copy.mutate()}>
            <Show when={copied()} fallback={<Copy size={14} aria-hidden="true" />}>
              <Check size={14} class="text-good" aria-hidden="true" />
            </Show>
            Copy
          </Button>
          <Button small working={download.isPending} onClick={() => download.mutate()}>
            <Download size={14} aria-hidden="true" /> Download
          </Button>
        </span>
      </div>
      <Trouble error={log.error() ?? copy.error ?? download.error} onRetry={log.error() ? log.again : undefined} />
      <LogView
        known={log.known()}
        search={asked()}
        follow={follow()}
        onFollow={setFollow}
        onFind={find}
        target={target}
        empty={empty()}
      />
    </section>
  )
}
