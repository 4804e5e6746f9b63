import ChevronRight from 'lucide-solid/icons/chevron-right'
import { createSignal, Match, Show, Switch } from 'solid-js'
import { api, ask, type ConnectionView, type Repository, type UsedRepository } from '../api.ts'
import { Modal } from '../ui/modal.tsx'
import { useAnswer } from '../use-answer.ts'
import { BranchStep } from './branch-step.tsx'
import { ConnectionStep } from './connection-step.tsx'
import { RepositoryStep } from './repository-step.tsx'
import { identityOf, isUsable } from './used.ts'

/** A repository as far as it must be known for its branches to be asked for. */
type Subject = Pick<Repository, 'connectionId' | 'id' | 'fullName' | 'defaultBranch'>
type Step = 'connection' | 'repository' | 'branch'

/** Where the picker begins. */
export interface PickerStart {
  readonly step: Step
  readonly connectionId?: string | undefined
  /** What is chosen so far. */
  readonly used?: UsedRepository | undefined
}

/** Chooses a repository in three steps: the connection that it is reached by, the repository, the branch. */
export function RepositoryPicker(props: {
  title: string
  start: PickerStart
  /** What the project uses already, by `identityOf`. */
  taken: ReadonlySet<string>
  onChoose: (used: UsedRepository) => void
  onClose: () => void
}) {
  const { used, step: first, connectionId: given } = props.start
  const [wanted, setStep] = createSignal<Step>(first)
  const [connectionId, setConnectionId] = createSignal(used?.connectionId ?? given)
  const [subject, setSubject] = createSignal<Subject | null>(
    used ? { ...used, id: used.repositoryId, defaultBranch: null } : null,
  )
  const connections = useAnswer(() => ask('connections.list', api.connections.list, undefined))
  const connection = () => connections.data?.find(({ id }) => id === connectionId())
  /** Nothing can be looked for through a connection that does not work, or is not there any more. */
  const step = (): Step => {
    const through = connection()
    const lost = connections.data && (!through || (wanted() === 'repository' && !isUsable(through)))
    return lost ? 'connection' : wanted()
  }
  const toConnection = (chosen: ConnectionView) => {
    if (chosen.id !== connectionId()) setSubject(null)
    setConnectionId(chosen.id)
    setStep('repository')
  }
  const toBranch = (chosen: Repository) => {
    setSubject(chosen)
    setStep('branch')
  }
  /** The branch that is used so far, where the repository is still the same. */
  const branch = () =>
    used && used.repositoryId === subject()?.id && used.connectionId === connectionId() ? used.branch : undefined
  const done = (branch: string) => {
    const [through, chosen] = [connection(), subject()]
    if (!through || !chosen) return
    const { name, provider, baseUrl, status, enabled } = through
    props.onChoose({
      ...{ connectionId: through.id, repositoryId: chosen.id, fullName: chosen.fullName, branch },
      connection: { name, provider, baseUrl, status, enabled, deleted: false },
      accessLost: null,
    })
  }
  return (
    <Modal title={props.title} wide onClose={props.onClose}>
      <div class="flex flex-col max-sm:h-[calc(100dvh-5.5rem)]">
        <ol aria-label="Steps" class="mb-3 flex flex-wrap gap-x-1 gap-y-1 text-sm">
          <StepMark
            name="Connection"
            at={step() === 'connection'}
            chosen={connection()?.name}
            onBack={() => setStep('connection')}
          />
          <StepMark
            name="Repository"
            at={step() === 'repository'}
            chosen={step() === 'connection' ? undefined : subject()?.fullName}
            onBack={() => setStep('repository')}
          />
          <StepMark name="Branch" at={step() === 'branch'} />
        </ol>
        <Switch fallback={<div class="skeleton h-64" />}>
          <Match when={step() === 'connection'}>
            <ConnectionStep chosen={connectionId()} onChoose={toConnection} />
          </Match>
          <Match when={step() === 'repository' && connection()}>
            {(through) => (
              <RepositoryStep
                connection={through()}
                chosen={subject()?.id}
                isTaken={({ id }) =>
                  props.taken.has(identityOf({ repositoryId: id, connection: { baseUrl: through().baseUrl } }))
                }
                onChoose={toBranch}
              />
            )}
          </Match>
          <Match when={step() === 'branch' && subject()}>
            {(repository) => <BranchStep repository={repository()} chosen={branch()} onChoose={done} />}
          </Match>
        </Switch>
      </div>
    </Modal>
  )
}

function StepMark(props: { name: string; at: boolean; chosen?: string | undefined; onBack?: () => void }) {
  return (
    <li class="flex min-w-0 items-center" aria-current={props.at ? 'step' : undefined}>
      <Show when={props.name !== 'Connection'}>
        <ChevronRight size={14} class="mr-1 shrink-0 text-quiet" aria-hidden="true" />
      </Show>
      <Show
        when={!props.at && props.chosen}
        fallback={
          <span
            class="inline-flex min-h-8 items-center rounded-md px-2"
            classList={{ 'bg-sunken font-medium': props.at, 'text-quiet': !props.at }}
          >
            {props.name}
          </span>
        }
      >
        {(chosen) => (
          <button
            type="button"
            class="inline-flex min-h-8 min-w-0 items-center gap-1 rounded-md px-2 hover:bg-sunken pointer-coarse:min-h-10"
            aria-label={`Change the ${props.name.toLowerCase()}: ${chosen()}`}
            onClick={() => props.onBack?.()}
          >
            <span class="text-quiet">{props.name}:</span>
            <span class="min-w-0 truncate text-accent underline">{chosen()}</span>
          </button>
        )}
      </Show>
    </li>
  )
}
