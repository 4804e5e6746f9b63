import { useNavigate, useParams } from '@solidjs/router'
import { createEffect, createSignal, Show } from 'solid-js'
import { api, ask, forget, type ProjectView } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { Button } from '../ui/button.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { ProjectForm } from './project-form.tsx'

/** Changing a project, whole. */
export default function EditProjectPage() {
  const navigate = useNavigate()
  const params = useParams()
  const projectId = () => params.projectId ?? ''
  const project = useAnswer(() => ask('projects.get', api.projects.get, { projectId: projectId() }))
  /** The project as the form began with it. */
  const [begun, setBegun] = createSignal<ProjectView>()
  createEffect(() => {
    const known = project.data
    if (known && begun()?.id !== known.id) setBegun(known)
  })
  return (
    <>
      <PageHead
        title={project.data ? `Edit ${project.data.name}` : 'Edit project'}
        partOf={{ href: `/projects/${projectId()}`, name: project.data?.name ?? 'Project' }}
      />
      <Trouble error={project.data ? null : project.error} onRetry={project.refetch} />
      <Show when={project.isPending}>
        <div role="status" aria-label="Loading the project" class="skeleton h-64" />
      </Show>
      <Show when={begun()} keyed>
        {(before) => (
          <>
            <Show when={project.data && project.data.version > before.version}>
              <div role="alert" class="mb-4 flex flex-wrap items-center gap-3 rounded-md border border-late p-3">
                <span class="min-w-0 flex-1">
                  The project was changed since you began. To save replaces that by what is here.
                </span>
                <Button onClick={() => setBegun(project.data)}>Begin with what it is now</Button>
              </div>
            </Show>
            <ProjectForm
              project={before}
              does="Save"
              cancel={`/projects/${before.id}`}
              save={async (wanted) => {
                await api.projects.update.mutate({ projectId: before.id, ...wanted })
                announce(`The project ${wanted.name} was saved.`)
                navigate(`/projects/${before.id}`)
                await forget('projects', 'connections', 'audit')
              }}
            />
          </>
        )}
      </Show>
    </>
  )
}
