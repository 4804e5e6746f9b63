import { useMutation } from '@tanstack/solid-query'
import { createSignal, Show } from 'solid-js'
import { api, ask, type ConnectionView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { Select } from '../ui/select.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { CheckLines } from './check-lines.tsx'
import type { Answer } from './checks.ts'
import { hostOf } from './words.ts'

const answers = { works: 'yes', fails: 'no', unknown: 'unchecked' } as const satisfies Record<string, Answer>
const counted = (count: number) => (count === 1 ? '1 repository' : `${count} repositories`)

/** Moves what projects take through a connection to another one, after each repository was tried with that one. */
export default function MoveDialog(props: { connection: ConnectionView; onClose: () => void }) {
  const connections = useAnswer(() => ask('connections.list', api.connections.list, undefined))
  const others = () =>
    connections.data?.filter(({ id, provider, baseUrl, enabled }) => {
      const { connection } = props
      return enabled && id !== connection.id && provider === connection.provider && baseUrl === connection.baseUrl
    })
  const [chosen, setChosen] = createSignal<string | null>(null)
  const to = () => others()?.find(({ id }) => id === chosen()) ?? others()?.[0]
  const rehearse = useMutation(() => ({
    mutationFn: (toConnectionId: string) =>
      api.connections.rehearseMove.mutate({ connectionId: props.connection.id, toConnectionId }),
    onSuccess: ({ repositories }) => {
      const works = repositories.filter(({ outcome }) => outcome === 'works').length
      announce(`${works} of ${counted(repositories.length)} can be moved.`)
    },
  }))
  const tried = () => rehearse.data?.repositories ?? []
  const works = () => tried().filter(({ outcome }) => outcome === 'works').length
  const move = useMutation(() => ({
    mutationFn: (toConnectionId: string) =>
      api.connections.moveDependents.mutate({
        ...{ connectionId: props.connection.id, toConnectionId },
        ...{ seen: rehearse.data?.seen ?? '', leave: works() < tried().length },
      }),
    onSuccess: ({ repositories }) => {
      const moved = repositories.filter(({ outcome }) => outcome === 'works').length
      announce(`Moved ${counted(moved)} to ${to()?.name}.`)
      props.onClose()
      return forget('connections', 'projects', 'audit')
    },
  }))
  const choose = (id: string) => {
    setChosen(id)
    rehearse.reset()
    move.reset()
  }
  return (
    <Modal title={`Move what uses ${props.connection.name}`} onClose={props.onClose}>
      <div class="flex flex-col gap-4">
        <Trouble error={connections.error} onRetry={connections.refetch} />
        <Show
          when={to()}
          fallback={
            <Show when={connections.data} fallback={<div class="skeleton h-9" />}>
              <p>
                There is no other enabled connection to {hostOf(props.connection.baseUrl)}. Link one first, then move.
              </p>
            </Show>
          }
        >
          {(target) => (
            <>
              <p>
                Each repository and branch is tried with the other connection first; nothing changes until you move.
              </p>
              <div class="flex flex-wrap items-center gap-2">
                <Select
                  label="To"
                  value={target().id}
                  options={(others() ?? []).map(({ id, name }) => [id, name] as const)}
                  onChange={choose}
                />
                <Button
                  look={rehearse.data ? 'plain' : 'primary'}
                  working={rehearse.isPending}
                  onClick={() => rehearse.mutate(target().id)}
                >
                  {rehearse.data ? 'Try again' : 'Try'}
                </Button>
              </div>
              <Trouble error={rehearse.error ?? move.error} />
              <Show when={rehearse.data}>
                <CheckLines
                  checks={tried().map(({ project, fullName, branch, outcome, message }) => ({
                    ...{ what: `${project.name}: ${fullName}, ${branch}`, answer: answers[outcome], detail: message },
                  }))}
                />
                <Show when={works() < tried().length}>
                  <p class="text-late">
                    {target().name} does not open {counted(tried().length - works())}; what it does not open stays with{' '}
                    {props.connection.name}.
                  </p>
                </Show>
              </Show>
            </>
          )}
        </Show>
        <div class="flex flex-wrap justify-end gap-2">
          <Button data-first onClick={props.onClose}>
            Cancel
          </Button>
          <Show when={works() > 0 && to()}>
            {(target) => (
              <Button look="primary" working={move.isPending} onClick={() => move.mutate(target().id)}>
                Move {counted(works())}
              </Button>
            )}
          </Show>
        </div>
      </div>
    </Modal>
  )
}
