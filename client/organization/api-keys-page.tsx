import { useMutation, useQuery } from '@tanstack/solid-query'
import { createSignal, For, Show } from 'solid-js'
import { api, ask, forget } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { CopyChip } from '../ui/copy.tsx'
import { Field } from '../ui/field.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'

const rightWords = {
  see: 'look at everything',
  use: 'use and validate connections',
  manage: 'create, change and delete',
} as const
type Right = keyof typeof rightWords
const allRights: readonly Right[] = ['see', 'use', 'manage']

/** The keys by which programs come in. */
export default function ApiKeysPage() {
  const keys = useQuery(() => ask('organization.keys', api.organization.keys, undefined))
  const [name, setName] = createSignal('')
  const [rights, setRights] = createSignal<Right[]>(['see'])
  const onSuccess = () => forget('organization', 'audit')
  const create = useMutation(() => ({
    mutationFn: () => api.organization.createKey.mutate({ name: name(), rights: rights() }),
    onSuccess: () => {
      setName('')
      return onSuccess()
    },
  }))
  const revoke = useMutation(() => ({
    mutationFn: (keyId: string) => api.organization.revokeKey.mutate({ keyId }),
    onSuccess,
  }))
  return (
    <>
      <PageHead title="API keys">Programs send one in the header x-api-key.</PageHead>
      <form
        class="card mb-6 flex flex-col gap-3 p-4"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Field
          label="Name"
          required
          class="max-w-md"
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <fieldset class="flex flex-col gap-1">
          <legend class="font-medium">Rights</legend>
          <For each={allRights}>
            {(right) => (
              <label class="flex min-h-7 items-center gap-2">
                <input
                  type="checkbox"
                  class="accent-accent"
                  checked={rights().includes(right)}
                  onChange={(event) => {
                    const on = event.currentTarget.checked
                    setRights(allRights.filter((each) => (each === right ? on : rights().includes(each))))
                  }}
                />
                {right}: {rightWords[right]}
              </label>
            )}
          </For>
        </fieldset>
        <Trouble error={create.error} />
        <Button
          type="submit"
          look="primary"
          class="self-start"
          working={create.isPending}
          disabled={rights().length === 0}
        >
          Create key
        </Button>
        <Show when={create.data}>
          {(made) => (
            <p role="status">
              Copy it now; it is not shown again: <CopyChip text={made().key} label="the key" />
            </p>
          )}
        </Show>
      </form>
      <Trouble error={keys.error ?? revoke.error} onRetry={() => void keys.refetch()} />
      <ul class="divide-y divide-line">
        <For each={keys.data} fallback={<li class="text-quiet">{keys.isPending ? 'Loading ...' : 'No key yet.'}</li>}>
          {(key) => (
            <li class="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
              <span class="min-w-0 flex-1">
                <span class="font-medium">{key.name}</span>{' '}
                <span class="font-mono text-sm text-quiet">{key.start}...</span>
              </span>
              <span>{key.rights.join(', ')}</span>
              <span class="text-sm text-quiet">
                by {key.createdBy}, <Time at={key.createdAt} as="day" />,{' '}
                <Show when={key.lastUsedAt} fallback="never used">
                  {(at) => (
                    <>
                      used <Time at={at()} />
                    </>
                  )}
                </Show>
              </span>
              <Button aria-label={`Revoke ${key.name}`} onClick={() => revoke.mutate(key.id)}>
                Revoke
              </Button>
            </li>
          )}
        </For>
      </ul>
    </>
  )
}
