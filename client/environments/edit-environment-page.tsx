import { useNavigate, useParams } from '@solidjs/router'
import { createEffect, createSignal, Show } from 'solid-js'
import { api, ask, type EnvironmentView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { EnvironmentForm } from './environment-form.tsx'

/** What a form shows of an environment; a deployment meanwhile changes nothing of it. */
const settingsOf = ({ name, branch, odooVersion, modules }: EnvironmentView) =>
  JSON.stringify([name, branch, odooVersion, modules])

/** Changing an environment, from its next deployment on. */
export default function EditEnvironmentPage() {
  const navigate = useNavigate()
  const params = useParams()
  const environmentId = () => params.environmentId ?? ''
  const environment = useAnswer(() => ask('environments.get', api.environments.get, { environmentId: environmentId() }))
  /** The environment as the form began with it. */
  const [begun, setBegun] = createSignal<EnvironmentView>()
  createEffect(() => {
    const known = environment.data
    if (known && begun()?.id !== known.id) setBegun(known)
  })
  return (
    <>
      <PageHead
        title={environment.data ? `Edit ${environment.data.name}` : 'Edit environment'}
        partOf={{ href: `/environments/${environmentId()}`, name: environment.data?.name ?? 'Environment' }}
      />
      <Trouble error={environment.data ? null : environment.error} onRetry={environment.refetch} />
      <Show when={environment.isPending}>
        <div role="status" aria-label="Loading the environment" class="skeleton h-64" />
      </Show>
      <Show when={begun()} keyed>
        {(before) => (
          <>
            <Show when={environment.data && settingsOf(environment.data) !== settingsOf(before)}>
              <div role="alert" class="mb-4 flex flex-wrap items-center gap-3 rounded-md border border-late p-3">
                <span class="min-w-0 flex-1">
                  The environment was changed since you began. To save replaces that by what is here.
                </span>
                <Button onClick={() => setBegun(environment.data)}>Begin with what it is now</Button>
              </div>
            </Show>
            <EditForm
              environment={before}
              onSaved={(name) => {
                announce(`The environment ${name} was saved.`)
                navigate(`/environments/${before.id}`)
              }}
            />
          </>
        )}
      </Show>
    </>
  )
}

function EditForm(props: { environment: EnvironmentView; onSaved: (name: string) => void }) {
  const project = useAnswer(() => ask('projects.get', api.projects.get, { projectId: props.environment.project.id }))
  return (
    <>
      <Trouble error={project.data ? null : project.error} onRetry={project.refetch} />
      <Show when={project.isPending}>
        <div role="status" aria-label="Loading the project" class="skeleton h-64" />
      </Show>
      <Show when={project.data}>
        {(of) => (
          <EnvironmentForm
            project={of()}
            environment={props.environment}
            does="Save"
            cancel={`/environments/${props.environment.id}`}
            save={async ({ name, branch, odooVersion, modules }) => {
              const wanted = { name, branch, odooVersion, modules }
              await api.environments.update.mutate({ environmentId: props.environment.id, ...wanted })
              props.onSaved(name)
              await forget('environments', 'connections', 'deployments', 'audit')
            }}
          />
        )}
      </Show>
    </>
  )
}
