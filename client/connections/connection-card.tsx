import { A } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import Check from 'lucide-solid/icons/check'
import CircleCheck from 'lucide-solid/icons/circle-check'
import CircleX from 'lucide-solid/icons/circle-x'
import Pencil from 'lucide-solid/icons/pencil'
import Trash from 'lucide-solid/icons/trash'
import { createSignal, Show } from 'solid-js'
import { api, type ConnectionView, explain, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'
import { Toggle } from '../ui/toggle.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { EditDialog } from './edit-dialog.tsx'
import { ProviderMark } from './provider-mark.tsx'
import { StatusBadge } from './status.tsx'
import { TickMark } from './tick-mark.tsx'
import { hostOf, methodWords, providerWords } from './words.ts'

/** One connection: which account, does it work and how we know, who made it, what depends on it, when it ends. */
export function ConnectionCard(props: { connection: ConnectionView; whole?: boolean }) {
  const [open, setOpen] = createSignal<'edit' | 'delete' | null>(null)
  const [checked, setChecked] = createSignal(false)
  const connectionId = () => props.connection.id
  const validate = useMutation(() => ({
    mutationFn: () => api.connections.validate.mutate({ connectionId: connectionId() }),
    onSuccess: (after: ConnectionView) => {
      setChecked(true)
      announce(after.message)
      return forget('connections', 'audit')
    },
  }))
  const turn = useMutation(() => ({
    mutationFn: (on: boolean) => api.connections[on ? 'enable' : 'disable'].mutate({ connectionId: connectionId() }),
    onSuccess: () => forget('connections', 'audit'),
  }))
  const troubled = () => props.connection.enabled && !['active', 'pending'].includes(props.connection.status)
  const failure = () => validate.error ?? turn.error

  return (
    <article
      class="card flex gap-3 p-4"
      classList={{ 'bg-surface': !props.connection.enabled }}
      aria-label={props.connection.name}
      aria-busy={validate.isPending || turn.isPending}
    >
      <ProviderMark provider={props.connection.provider} />
      <div class="flex min-w-0 flex-1 flex-col gap-1">
        <div class="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
          <h2 class="min-w-0 text-lg font-semibold">
            <Show when={!props.whole} fallback={props.connection.name}>
              <A href={`/settings/git-connections/${props.connection.id}`} class="hover:underline">
                {props.connection.name}
              </A>
            </Show>
          </h2>
          <div class="flex flex-wrap items-center gap-x-3">
            <StatusBadge status={props.connection.status} />
            <span class="text-sm text-quiet">
              since <Time at={props.connection.statusSince} as="clockOrDay" />
            </span>
            <Show
              when={props.connection.enabled}
              fallback={<CircleX size={18} role="img" aria-label="Disabled" class="text-quiet" />}
            >
              <CircleCheck size={18} role="img" aria-label="Enabled" class="text-good" />
            </Show>
            <Toggle
              label={`${props.connection.name} is enabled`}
              checked={props.connection.enabled}
              disabled={turn.isPending}
              onChange={(on) => turn.mutate(on)}
            />
          </div>
        </div>

        <p class="text-quiet">
          <Show
            when={props.connection.account}
            fallback={<>{providerWords[props.connection.provider]} has not told the account yet,</>}
          >
            {(account) => <span class="font-medium text-ink">{account().login}</span>}
          </Show>{' '}
          on {hostOf(props.connection.baseUrl)} · {methodWords(props.connection)}
          <Show when={props.connection.tokenKind}>{(kind) => <> ({kind()})</>}</Show>
        </p>

        <Show when={!props.connection.enabled}>
          <p>
            Disabled{props.connection.disabledReason ? `: ${props.connection.disabledReason}` : '.'} Nothing can use it
            until it is enabled.
          </p>
        </Show>
        <p role={checked() || troubled() ? 'status' : undefined}>
          <Show
            when={!validate.isPending}
            fallback={`Asking ${providerWords[props.connection.provider]} who this is ...`}
          >
            {props.connection.message}
          </Show>
        </p>
        <Show when={props.connection.deferred}>
          {(deferred) => (
            <p class="text-late">
              {deferred().message} Next try <Time at={deferred().retryAt} />.
            </p>
          )}
        </Show>

        <div class="flex flex-wrap gap-x-4 gap-y-1 text-sm text-quiet">
          <TickMark what="can list" tick={props.connection.canList} />
          <TickMark what="can clone" tick={props.connection.canClone} />
          <span>
            <Show when={props.connection.checkedAt} fallback="not checked yet">
              {(at) => (
                <>
                  checked <Time at={at()} />
                </>
              )}
            </Show>
          </span>
          <span>
            <Show when={props.connection.expiresAt} fallback="no expiry known">
              {(at) => (
                <>
                  expires <Time at={at()} as="day" />, <Time at={at()} />
                </>
              )}
            </Show>
          </span>
          <span>
            {props.connection.dependents === 0
              ? 'used by no environment'
              : `used by ${props.connection.dependents} environments`}
          </span>
          <span>
            created by {props.connection.createdBy.name}, <Time at={props.connection.createdAt} as="day" />
          </span>
        </div>

        <Show when={failure()}>
          {(error) => (
            <p role="alert" class="text-bad">
              {explain(error())}
            </p>
          )}
        </Show>
        <Show when={troubled()}>
          <p class="font-medium">{props.connection.advice.text}</p>
        </Show>

        <div class="mt-2 flex flex-wrap items-center gap-2">
          <Show when={troubled() && props.connection.advice.action === 'replaceToken'}>
            <Button look="primary" onClick={() => setOpen('edit')}>
              Paste a new token
            </Button>
          </Show>
          <Button
            look={troubled() && props.connection.advice.action === 'validate' ? 'primary' : 'plain'}
            working={validate.isPending}
            onClick={() => validate.mutate()}
          >
            <Check size={16} aria-hidden="true" /> Validate
          </Button>
          <Button onClick={() => setOpen('edit')}>
            <Pencil size={16} aria-hidden="true" /> Edit
          </Button>
          <Button onClick={() => setOpen('delete')}>
            <Trash size={16} aria-hidden="true" /> Delete
          </Button>
          <Show when={!props.whole}>
            <A
              href={`/settings/git-connections/${props.connection.id}`}
              class="link ml-auto inline-flex min-h-9 items-center"
              aria-label={`Details of ${props.connection.name}`}
            >
              Details
            </A>
          </Show>
        </div>
      </div>
      <Show when={open() === 'edit'}>
        <EditDialog connection={props.connection} onClose={() => setOpen(null)} />
      </Show>
      <Show when={open() === 'delete'}>
        <DeleteDialog connection={props.connection} onClose={() => setOpen(null)} />
      </Show>
    </article>
  )
}
