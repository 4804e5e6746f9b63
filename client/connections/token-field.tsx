import { useMutation } from '@tanstack/solid-query'
import Eye from 'lucide-solid/icons/eye'
import EyeOff from 'lucide-solid/icons/eye-off'
import { createEffect, createSignal, on, Show } from 'solid-js'
import { api, type Provider } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { providerWords } from './words.ts'

/** Where a token is pasted: shown as dots, and told at once what it looks like. */
export function TokenField(props: {
  provider: Provider
  value: string
  onInput: (token: string) => void
  error?: string | null
  onSwitch?: (provider: Provider) => void
  /** Has the focus when its dialog opens. */
  first?: boolean
}) {
  const [peek, setPeek] = createSignal(false)
  const recognise = useMutation(() => ({
    mutationFn: (paste: { provider: Provider; token: string }) => api.connections.recognise.mutate(paste),
  }))
  createEffect(
    on([() => props.provider, () => props.value], ([provider, token]) => {
      if (token.trim()) recognise.mutate({ provider, token })
      else recognise.reset()
    }),
  )
  const refused = () => (recognise.data?.is === 'refused' ? recognise.data.message : null)
  const other = (): Provider => (props.provider === 'github' ? 'gitlab' : 'github')
  const belongsToOther = () =>
    refused() !== null && (props.value.trim().startsWith('gl') || /^(gh|github_)/.test(props.value.trim()))
  return (
    <div class="flex flex-col gap-2">
      <Field
        label="Token"
        type={peek() ? 'text' : 'password'}
        autocomplete="off"
        spellcheck={false}
        required
        data-first={props.first ? '' : undefined}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        hint={
          // As high as what is told at most: a button below that moved while it is pressed would not be pressed.
          <span class="block min-h-20 sm:min-h-10">
            {props.provider === 'github' ? 'Starts with ghp_' : 'Starts with glpat-'}
            <Show when={recognise.data?.is === 'token' && recognise.data}>
              {(found) => (
                <span class="text-ink">
                  {' '}
                  · This is {/^[aeiou]/i.test(found().kind) ? 'an' : 'a'} {found().kind}.{' '}
                  <span class="text-late">{found().warning}</span>
                </span>
              )}
            </Show>
          </span>
        }
        error={props.error ?? refused()}
        beside={
          <Button aria-label={peek() ? 'Hide the token' : 'Show the token'} onClick={() => setPeek(!peek())}>
            <Show when={peek()} fallback={<Eye size={16} aria-hidden="true" />}>
              <EyeOff size={16} aria-hidden="true" />
            </Show>
          </Button>
        }
      />
      <Show when={belongsToOther() && props.onSwitch}>
        {(switchTo) => (
          <Button class="self-start" onClick={() => switchTo()(other())}>
            Switch to {providerWords[other()]}
          </Button>
        )}
      </Show>
    </div>
  )
}
