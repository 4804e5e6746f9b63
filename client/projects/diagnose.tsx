import { A } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import { createSignal, Match, onMount, Show, Switch } from 'solid-js'
import { api, forget, type Repository } from '../api.ts'
import { hostOf } from '../connections/words.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Trouble } from '../ui/trouble.tsx'

type Diagnosis = Awaited<ReturnType<typeof api.repositories.diagnose.mutate>>
interface Choosing {
  onChoose?: ((repository: Repository) => void) | undefined
  /** Whether it is used already, and can't be chosen again. */
  isTaken?: ((repository: Repository) => boolean) | undefined
}

/** The way out for whoever misses a repository: its address is pasted, and the answer tells why, and what to do. */
export function Diagnose(props: { connectionId: string } & Choosing) {
  const [open, setOpen] = createSignal(false)
  let opener: HTMLButtonElement | undefined
  const close = () => {
    setOpen(false)
    opener?.focus()
  }
  return (
    <div class="flex flex-col gap-2">
      <button
        ref={(button) => (opener = button)}
        type="button"
        class="link inline-flex min-h-8 items-center self-start text-sm pointer-coarse:min-h-10"
        aria-expanded={open()}
        onClick={() => setOpen(!open())}
      >
        Can't see yours? Paste its URL
      </button>
      <Show when={open()}>
        <Asking {...props} onClose={close} />
      </Show>
    </div>
  )
}

function Asking(props: { connectionId: string; onClose: () => void } & Choosing) {
  const [pasted, setPasted] = createSignal('')
  const asking = useMutation(() => ({
    mutationFn: (asked: { connectionId: string; url: string }) => api.repositories.diagnose.mutate(asked),
    // What turned out to be reached was put into the list.
    onSuccess: () => forget('repositories'),
  }))
  const asked = () => ({ connectionId: props.connectionId, url: pasted() })
  /** What was found of another address says nothing of this one. */
  const answer = () => (JSON.stringify(asking.variables) === JSON.stringify(asked()) ? asking.data : undefined)
  let input: HTMLInputElement | undefined
  onMount(() => input?.focus())
  return (
    <form
      class="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (!asking.isPending) asking.mutate(asked())
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        // The dialog around stays.
        event.preventDefault()
        props.onClose()
      }}
    >
      <Field
        ref={(field: HTMLInputElement) => (input = field)}
        label="Address of the repository"
        hint="Of its page, of a page in it, or for cloning; or its full name."
        value={pasted()}
        onInput={(event) => setPasted(event.currentTarget.value)}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        beside={
          <Button type="submit" working={asking.isPending}>
            Look it up
          </Button>
        }
      />
      <div role="status">
        <Show when={answer()} keyed>
          {(found) => <Answer found={found} {...props} />}
        </Show>
      </div>
      <Trouble error={asking.error} />
    </form>
  )
}

/** Why, what to do, and the next step where there is one here. */
function Answer(props: { found: Diagnosis; connectionId: string } & Choosing) {
  const reached = () => ('repository' in props.found ? props.found.repository : null)
  const nearest = () => ('nearest' in props.found ? props.found.nearest : null)
  /** In a low window it comes below the edge of the dialog. */
  const show = (box: HTMLElement) => onMount(() => box.scrollIntoView({ block: 'nearest' }))
  return (
    <div ref={show} class="flex flex-col items-start gap-2 rounded-md border border-line p-3 [overflow-wrap:anywhere]">
      <p class="font-medium">{props.found.what}</p>
      <p>{props.found.remedy.text}</p>
      <Show when={props.found.remedy.url}>
        {(url) => (
          <a class="link" href={url()} target="_blank" rel="noreferrer">
            Open the page for it at {hostOf(new URL(url()).origin)}
          </a>
        )}
      </Show>
      <Switch>
        <Match when={props.found.reason === 'connection'}>
          <A class="link" href={`/settings/git-connections/${props.connectionId}`}>
            Look at the connection
          </A>
        </Match>
        <Match when={props.found.reason === 'otherHost' && !props.found.connection}>
          <A class="link" href="/settings/git-connections">
            Go to Git Connections
          </A>
        </Match>
        <Match when={reached()}>{(it) => <Choose it={it()} words="Choose it" {...props} />}</Match>
        <Match when={nearest()}>{(it) => <Choose it={it()} words={`Choose ${it().fullName}`} {...props} />}</Match>
      </Switch>
    </div>
  )
}

function Choose(props: { it: Repository; words: string } & Choosing) {
  return (
    <Show when={props.onChoose}>
      {(choose) => (
        <Show when={!props.isTaken?.(props.it)} fallback={<p class="text-quiet">It is in this project already.</p>}>
          <Button look="primary" onClick={() => choose()(props.it)}>
            {props.words}
          </Button>
        </Show>
      )}
    </Show>
  )
}
