import { A } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import CircleCheck from 'lucide-solid/icons/circle-check'
import CircleX from 'lucide-solid/icons/circle-x'
import { createSignal, Show } from 'solid-js'
import { api, type ConnectionView, explain, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { createGlow } from '../ui/glow.ts'
import { Time } from '../ui/time.tsx'
import { Toggle } from '../ui/toggle.tsx'
import { CardActions } from './card-actions.tsx'
import { DeleteDialog, DisableDialog, EditDialog, ReconnectDialog } from './dialogs.ts'
import { Expiry } from './expiry.tsx'
import { Finding } from './finding.tsx'
import { LostRepositories } from './lost-repositories.tsx'
import { Permissions } from './permissions.tsx'
import { ProviderMark } from './provider-mark.tsx'
import { StatusBadge } from './status.tsx'
import { TickMark } from './tick-mark.tsx'
import { hostOf, methodWords } from './words.ts'

function projectsWord(count: number): string {
  if (count === 0) return 'used by no project'
  return count === 1 ? 'used by 1 project' : `used by ${count} projects`
}

/** One connection: which account, does it work and how we know, who made it, what depends on it, when it ends. */
export function ConnectionCard(props: { connection: ConnectionView; whole?: boolean; new?: boolean }) {
  const [open, setOpen] = createSignal<'edit' | 'delete' | 'disable' | 'reconnect' | null>(null)
  const [told, setTold] = createSignal(false)
  const [card, setCard] = createSignal<HTMLElement>()
  const connectionId = () => props.connection.id
  const validate = useMutation(() => ({
    mutationFn: () => api.connections.validate.mutate({ connectionId: connectionId() }),
    onSuccess: async (after: ConnectionView) => {
      const focused = document.activeElement
      setTold(true)
      await forget('connections', 'audit')
      announce(after.deferred?.message ?? after.message)
      keepInView(focused)
    },
  }))
  const refresh = useMutation(() => ({
    mutationFn: () => api.connections.refresh.mutate({ connectionId: connectionId() }),
    onSuccess: (after: ConnectionView) => {
      setTold(true)
      announce(`The token was refreshed. ${after.message}`)
    },
    onSettled: () => forget('connections', 'audit'),
  }))
  const turn = useMutation(() => ({
    mutationFn: (on: boolean) => api.connections[on ? 'enable' : 'disable'].mutate({ connectionId: connectionId() }),
    onSuccess: async () => {
      const focused = document.activeElement
      await forget('connections', 'audit')
      keepInView(focused)
    },
  }))
  /** A changed status moves the card in the list, and a moved element loses the focus. */
  const keepInView = (focused: Element | null) =>
    requestAnimationFrame(() => {
      if (!(focused instanceof HTMLElement) || !card()?.contains(focused)) return
      // Whoever has gone on meanwhile must not be called back.
      if (document.activeElement !== document.body && document.activeElement !== focused) return
      focused.focus({ preventScroll: true })
      card()?.scrollIntoView({ block: 'nearest' })
    })
  const glows = createGlow({
    what: () =>
      [props.connection.status, props.connection.enabled, props.connection.name, props.connection.message].join('\n'),
    changing: () => validate.isPending || refresh.isPending || turn.isPending || open() !== null,
    new: props.new ?? false,
  })
  const failure = () => validate.error ?? refresh.error ?? turn.error

  return (
    <article
      ref={setCard}
      class="card flex gap-3 p-3 sm:p-4"
      classList={{ 'bg-surface': !props.connection.enabled, glow: glows(), 'listed-card': !props.whole }}
      aria-label={props.connection.name}
      aria-busy={validate.isPending || refresh.isPending || turn.isPending}
    >
      <span class="hidden h-6 items-center sm:inline-flex" classList={{ 'text-quiet': !props.connection.enabled }}>
        <ProviderMark provider={props.connection.provider} />
      </span>
      <div class="flex min-w-0 flex-1 flex-col gap-1">
        <div class="flex flex-wrap items-start justify-between gap-x-4 gap-y-1">
          <div class="min-w-0 flex-1 basis-64">
            <Show when={!props.whole}>
              <h2
                class="flex items-center gap-2 text-lg font-semibold"
                classList={{ 'text-quiet': !props.connection.enabled }}
              >
                <span class="inline-flex sm:hidden">
                  <ProviderMark provider={props.connection.provider} />
                </span>
                <A href={`/settings/git-connections/${props.connection.id}`} class="min-w-0 hover:underline">
                  {props.connection.name}
                </A>
              </h2>
            </Show>
            <p class="text-quiet">
              <Show when={props.connection.account} fallback="account not known yet">
                {(account) => <span class="font-medium text-ink">{account().login}</span>}
              </Show>{' '}
              on {hostOf(props.connection.baseUrl)} · {methodWords(props.connection)} ·{' '}
              <span>
                created by {props.connection.createdBy.name}, <Time at={props.connection.createdAt} as="day" />
              </span>
            </p>
          </div>
          <div class="-my-1 flex flex-wrap items-center gap-x-3">
            <StatusBadge status={props.connection.status} quiet={!props.connection.enabled} />
            <span class="text-sm text-quiet">
              since <Time at={props.connection.statusSince} as="clockOrDay" />
            </span>
            <span class="flex items-center gap-2">
              <Show
                when={props.connection.enabled}
                fallback={<CircleX size={16} role="img" aria-label="Disabled" class="text-quiet" />}
              >
                <CircleCheck size={16} role="img" aria-label="Enabled" class="text-quiet" />
              </Show>
              <Toggle
                label={`${props.connection.name} is enabled`}
                checked={props.connection.enabled}
                working={turn.isPending}
                onChange={(on) => (on || props.connection.dependents === 0 ? turn.mutate(on) : setOpen('disable'))}
              />
            </span>
          </div>
        </div>

        <Show when={!props.connection.enabled}>
          <p>
            Disabled{props.connection.disabledReason ? `: ${props.connection.disabledReason}` : '.'} Nothing can use it
            until it is enabled.
          </p>
        </Show>
        <Finding connection={props.connection} checking={validate.isPending} told={told()} />
        <Permissions connection={props.connection} />
        <LostRepositories connection={props.connection} whole={props.whole ?? false} />
        <Show when={failure()}>
          {(error) => (
            <p role="alert" class="text-bad">
              {explain(error())}
            </p>
          )}
        </Show>

        <div class="mt-1 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <div class="flex flex-wrap gap-x-4 gap-y-1 text-sm text-quiet">
            <TickMark what="can list" tick={props.connection.canList} />
            <TickMark what="can clone" tick={props.connection.canClone} />
            <Expiry at={props.connection.expiresAt} />
            <span>{projectsWord(props.connection.dependents)}</span>
          </div>
          <CardActions
            connection={props.connection}
            checking={validate.isPending}
            turning={turn.isPending}
            details={!props.whole}
            onValidate={() => validate.mutate()}
            onEnable={() => turn.mutate(true)}
            refreshing={refresh.isPending || props.connection.refreshing}
            onRefresh={() => refresh.mutate()}
            onReconnect={() => setOpen('reconnect')}
            onEdit={() => setOpen('edit')}
            onDelete={() => setOpen('delete')}
          />
        </div>
      </div>
      <Show when={open() === 'edit'}>
        <EditDialog connection={props.connection} onClose={() => setOpen(null)} />
      </Show>
      <Show when={open() === 'reconnect'}>
        <ReconnectDialog connection={props.connection} onClose={() => setOpen(null)} />
      </Show>
      <Show when={open() === 'disable'}>
        <DisableDialog connection={props.connection} onClose={() => setOpen(null)} />
      </Show>
      <Show when={open() === 'delete'}>
        <DeleteDialog connection={props.connection} onClose={() => setOpen(null)} />
      </Show>
    </article>
  )
}
