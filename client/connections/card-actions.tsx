import { A } from '@solidjs/router'
import Check from 'lucide-solid/icons/check'
import Pencil from 'lucide-solid/icons/pencil'
import Trash from 'lucide-solid/icons/trash'
import { Show } from 'solid-js'
import type { ConnectionView } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { DeleteDialog, EditDialog } from './dialogs.ts'

/** What can be done about a connection; what is advised comes first. */
export function CardActions(props: {
  connection: ConnectionView
  checking: boolean
  turning: boolean
  onValidate: () => void
  onEnable: () => void
  onEdit: () => void
  onDelete: () => void
  details?: boolean
}) {
  const advised = () => (props.connection.status === 'pending' ? 'none' : props.connection.advice.action)
  const pasteable = () => props.connection.method === 'token'
  const broken = () => props.connection.enabled && !['active', 'pending'].includes(props.connection.status)
  const PasteNew = (own: { look: 'primary' | 'plain' }) => (
    <Button small look={own.look} title={props.connection.advice.text} onClick={() => props.onEdit()}>
      Paste a new token
    </Button>
  )
  return (
    <div class="flex flex-wrap items-center gap-1.5">
      <Show when={advised() === 'enable'}>
        <Button small working={props.turning} title={props.connection.advice.text} onClick={() => props.onEnable()}>
          Enable
        </Button>
      </Show>
      <Show when={advised() === 'replaceToken' && pasteable()}>
        <PasteNew look="primary" />
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
      <Show when={broken() && advised() !== 'replaceToken' && pasteable()}>
        <PasteNew look="plain" />
      </Show>
      <Button small onPointerEnter={EditDialog.preload} onClick={() => props.onEdit()}>
        <Pencil size={14} aria-hidden="true" /> Edit
      </Button>
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
