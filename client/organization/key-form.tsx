import { useMutation } from '@tanstack/solid-query'
import ChevronDown from 'lucide-solid/icons/chevron-down'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { api, forget, objection } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { CopyChip } from '../ui/copy.tsx'
import { Field } from '../ui/field.tsx'
import { now } from '../ui/time.tsx'
import { day } from '../ui/time-words.ts'
import { Trouble } from '../ui/trouble.tsx'

const rightWords = {
  see: 'look at everything',
  use: 'use and validate connections',
  manage: 'create, change and delete',
} as const
type Right = keyof typeof rightWords
const allRights: readonly Right[] = ['see', 'use', 'manage']

const DAY_MS = 86_400_000
const lives = [30, 90, 365] as const

/** Makes an API key, and shows it the one time that it can be seen. */
export function KeyForm() {
  const expiryId = createUniqueId()
  const [name, setName] = createSignal('')
  const [rights, setRights] = createSignal<Right[]>(['see'])
  const [days, setDays] = createSignal<number | null>(90)
  const endOf = (life: number) => new Date(now() + life * DAY_MS)
  const create = useMutation(() => ({
    mutationFn: () => {
      const life = days()
      const expiresAt = life === null ? null : new Date(Date.now() + life * DAY_MS).toISOString()
      return api.organization.createKey.mutate({ name: name(), rights: rights(), expiresAt })
    },
    onSuccess: () => {
      setName('')
      return forget('organization', 'audit')
    },
  }))
  return (
    <form
      class="card mb-6 flex flex-col gap-4 p-4"
      onSubmit={(event) => {
        event.preventDefault()
        create.mutate()
      }}
    >
      <div class="grid gap-4 min-[800px]:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,1fr)]">
        <Field
          label="Name"
          required
          maxLength={32}
          data-new
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
          error={objection(create.error, 'name')}
        />
        <fieldset class="flex flex-col">
          <legend class="mb-1 font-medium">Rights</legend>
          <For each={allRights}>
            {(right) => (
              <label class="flex min-h-7 items-center gap-2 pointer-coarse:min-h-10">
                <input
                  type="checkbox"
                  class="accent-accent"
                  checked={rights().includes(right)}
                  onChange={(event) => {
                    const on = event.currentTarget.checked
                    setRights(allRights.filter((each) => (each === right ? on : rights().includes(each))))
                  }}
                />
                <span>
                  {right}: <span class="text-quiet">{rightWords[right]}</span>
                </span>
              </label>
            )}
          </For>
        </fieldset>
        <div class="flex flex-col gap-1">
          <label for={expiryId} class="font-medium">
            Expiry
          </label>
          <span class="relative flex items-center">
            <select
              id={expiryId}
              class="control w-full appearance-none"
              onChange={(event) => setDays(Number(event.currentTarget.value) || null)}
            >
              <For each={lives}>
                {(life) => (
                  <option value={life} selected={life === days()}>
                    {life} days, until {day(endOf(life))}
                  </option>
                )}
              </For>
              <option value="" selected={days() === null}>
                None
              </option>
            </select>
            <ChevronDown size={14} class="pointer-events-none absolute right-3 text-quiet" aria-hidden="true" />
          </span>
        </div>
      </div>
      <Trouble error={objection(create.error, 'name') ? null : create.error} />
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
          <p role="status" class="rounded-md border border-accent p-3">
            Copy it now; it is not shown again: <CopyChip text={made().key} label="the key" />
          </p>
        )}
      </Show>
    </form>
  )
}
