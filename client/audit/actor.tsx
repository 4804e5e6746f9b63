import Clock from 'lucide-solid/icons/clock'
import KeyRound from 'lucide-solid/icons/key-round'
import Terminal from 'lucide-solid/icons/terminal'
import User from 'lucide-solid/icons/user'
import Webhook from 'lucide-solid/icons/webhook'
import { Dynamic } from 'solid-js/web'
import type { AuditEntry } from '../api.ts'

const kinds = {
  person: { word: 'person', icon: User },
  key: { word: 'API key', icon: KeyRound },
  job: { word: 'job', icon: Clock },
  provider: { word: 'provider', icon: Webhook },
  operator: { word: 'operator', icon: Terminal },
} as const satisfies Record<AuditEntry['actor']['kind'], unknown>

/** The kind of an actor as people say it. */
export const actorKind = ({ kind }: AuditEntry['actor']) => kinds[kind].word

/** Who did it: a person, a key, a job, a provider or the operator. */
export function Actor(props: { actor: AuditEntry['actor'] }) {
  return (
    <span class="flex min-w-0 items-center gap-1.5 self-start" title={`${props.actor.name}, ${actorKind(props.actor)}`}>
      <Dynamic component={kinds[props.actor.kind].icon} size={14} class="shrink-0 text-quiet" aria-hidden="true" />
      <span class="min-w-0 truncate">{props.actor.name}</span>
      <span class="sr-only">, {actorKind(props.actor)}</span>
    </span>
  )
}
