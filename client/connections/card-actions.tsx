import { A } from '@solidjs/router'
import Check from 'lucide-solid/icons/check'
import Pencil from 'lucide-solid/icons/pencil'
import RefreshCw from 'lucide-solid/icons/refresh-cw'
import Trash from 'lucide-solid/icons/trash'
import { Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { DeleteDialog, EditDialog, ReconnectDialog } from './dialogs.ts'

/** What can be done about a connection; what is advised comes first. */
export function CardActions(props: {
  connection: ConnectionView
  checking: boolean
  turning: boolean
  onValidate: () => void
  onEnable: () => void
  /** New tokens, at once; only where there is something to refresh. */
  refreshing: boolean
  onRefresh: () => void
  onReconnect: () => void
  onEdit: () => void
  onDelete: () => void
  details?: boolean
}) {
  const advised = () => (props.connection.status === 'pending' ? 'none' : props.connection.advice.action)
  const broken = () => props.connection.enabled && !['active', 'pending'].includes(props.connection.status)
  const PasteNew = (own: { look: 'primary' | 'plain' }) => (
    <Button small look={own.look} title={props.connection.advice.text} onClick={() => props.onEdit()}>
      {props.connection.method === 'githubApp' ? 'Paste a new key' : 'Paste a new token'}
    </Button>
  )
  const oauth = () => props.connection.method === 'oauth'
  const Reconnect = (own: { look: 'primary' | 'plain' }) => (
    <Button
      small
      look={own.look}
      title={props.connection.advice.text || undefined}
      onPointerEnter={ReconnectDialog.preload}
      onClick={() => props.onReconnect()}
    >
      Reconnect
    </Button>
  )
  return (
    <div class="flex flex-wrap items-center gap-1.5">
      <Show when={advised() === 'enable'}>
        <Button small working={props.turning} title={props.connection.advice.text} onClick={() => props.onEnable()}>
          Enable
        </Button>
      </Show>
      <Show when={advised() === 'replaceToken'}>
        <PasteNew look="primary" />
      </Show>
      <Show when={oauth() && advised() === 'reconnect'}>
        <Reconnect look="primary" />
      </Show>
      <Button
        small
        look={advised() === 'validate' ? 'primary' : 'plain'}
        title={advised() === 'validate' ? props.connection.advice.text : undefined}
        working={props.checking}
        onClick={() => props.onValidate()}
      >
        <Check size={14} aria-hidden="true" /> Validate
      </Button>
      <Show when={broken() && !oauth() && advised() !== 'replaceToken'}>
        <PasteNew look="plain" />
      </Show>
      <Show when={props.connection.refreshable}>
        <Button
          small
          look={advised() === 'refresh' ? 'primary' : 'plain'}
          working={props.refreshing}
          onClick={() => props.onRefresh()}
        >
          <RefreshCw size={14} aria-hidden="true" /> Refresh Token
        </Button>
      </Show>
      <Show
        when={oauth()}
        fallback={
          <Button small onPointerEnter={EditDialog.preload} onClick={() => props.onEdit()}>
            <Pencil size={14} aria-hidden="true" /> Edit
          </Button>
        }
      >
        <Show when={advised() !== 'reconnect' && (broken() || props.connection.authorizerLeft)}>
          <Reconnect look="plain" />
        </Show>
      </Show>
      <Button small onPointerEnter={DeleteDialog.preload} onClick={() => props.onDelete()}>
        <Trash size={14} aria-hidden="true" /> Delete
      </Button>
      <Show when={props.details}>
        <A
          href={`/settings/git-connections/${props.connection.id}`}
          class="link ml-1 inline-flex min-h-[30px] items-center text-sm pointer-coarse:min-h-10"
          aria-label={`Details of ${props.connection.name}`}
        >
          Details
        </A>
      </Show>
    </div>
  )
}
