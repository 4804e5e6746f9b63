import { useNavigate, useParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { api, ask, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { EnvironmentForm } from './environment-form.tsx'

/** Creating an environment of a project. */
export default function NewEnvironmentPage() {
  const navigate = useNavigate()
  const params = useParams()
  const projectId = () => params.projectId ?? ''
  const project = useAnswer(() => ask('projects.get', api.projects.get, { projectId: projectId() }))
  return (
    <>
      <PageHead
        title="Create an environment"
        partOf={{ href: `/projects/${projectId()}`, name: project.data?.name ?? 'Project' }}
      >
        One Odoo database that the project is deployed to.
      </PageHead>
      <Trouble error={project.data ? null : project.error} onRetry={project.refetch} />
      <Show when={project.isPending}>
        <div role="status" aria-label="Loading the project" class="skeleton h-64" />
      </Show>
      <Show when={project.data}>
        {(of) => (
          <EnvironmentForm
            project={of()}
            environment={null}
            does="Create environment"
            cancel={`/projects/${of().id}`}
            save={async (wanted) => {
              const { id } = await api.environments.create.mutate({ projectId: of().id, ...wanted })
              announce(`The environment ${wanted.name} was created.`)
              navigate(`/environments/${id}`)
              await forget('environments', 'connections', 'audit')
            }}
          />
        )}
      </Show>
    </>
  )
}
