import { useNavigate, useParams } from '@solidjs/router'
import Pencil from 'lucide-solid/icons/pencil'
import Trash from 'lucide-solid/icons/trash'
import { createSignal, For, Show } from 'solid-js'
import { api, ask, refusal } from '../api.ts'
import { History } from '../audit/history.tsx'
import { ProjectEnvironments } from '../environments/project-environments.tsx'
import { Button } from '../ui/button.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Time } from '../ui/time.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { DeleteProjectDialog } from './delete-project-dialog.tsx'
import { UsedRepositoryCard } from './used-repository-card.tsx'

const all = { href: '/projects', name: 'Projects' }

/** One project: where it runs, what it takes, from where, in which order, and what of that does not work. */
export default function ProjectPage() {
  const params = useParams()
  const navigate = useNavigate()
  const [deleting, setDeleting] = createSignal(false)
  const projectId = () => params.projectId ?? ''
  const project = useAnswer(() => ask('projects.get', api.projects.get, { projectId: projectId() }))
  const gone = () => refusal(project.error)?.domainCode === 'ProjectMissing'
  const known = () => (gone() ? undefined : project.data)
  return (
    <>
      <PageHead
        title={known()?.name ?? 'Project'}
        partOf={all}
        actions={
          <Show when={known()}>
            <LinkButton href={`/projects/${projectId()}/edit`}>
              <Pencil size={16} aria-hidden="true" /> Edit
            </LinkButton>
            <Button onClick={() => setDeleting(true)}>
              <Trash size={16} aria-hidden="true" /> Delete
            </Button>
          </Show>
        }
      >
        <Show when={known()}>
          {(view) => (
            <>
              created by {view().createdBy.name}, <Time at={view().createdAt} as="day" />
            </>
          )}
        </Show>
      </PageHead>
      <Trouble error={known() ? null : project.error} {...(gone() ? {} : { onRetry: project.refetch })} />
      <Show when={project.isPending}>
        <div role="status" aria-label="Loading the project" class="skeleton h-48" />
      </Show>
      <Show when={known()}>
        {(view) => (
          <div class="flex flex-col gap-7">
            <ProjectEnvironments project={view()} />
            <section aria-labelledby="main-repository">
              <h2 id="main-repository" class="mb-2 text-lg font-semibold">
                Main repository
              </h2>
              <UsedRepositoryCard used={view().repository} />
            </section>
            <section aria-labelledby="addon-repositories">
              <h2 id="addon-repositories" class="text-lg font-semibold">
                Addon repositories
              </h2>
              <Show
                when={view().addons.length > 0}
                fallback={<p class="text-quiet">None. Add them where the project is edited.</p>}
              >
                <p class="mb-2 text-quiet">
                  In order of precedence: of two that hold the same module the upper one counts.
                </p>
                <ol class="flex flex-col gap-2">
                  <For each={view().addons}>
                    {(used, index) => (
                      <li>
                        <UsedRepositoryCard used={used} place={index() + 1} />
                      </li>
                    )}
                  </For>
                </ol>
              </Show>
            </section>
            <section aria-labelledby="timeline">
              <h2 id="timeline" class="mb-2 text-lg font-semibold">
                Timeline
              </h2>
              <History of={{ projectId: view().id }} />
            </section>
          </div>
        )}
      </Show>
      <Show when={deleting() && known()}>
        {(view) => (
          <DeleteProjectDialog
            project={view()}
            onClose={() => setDeleting(false)}
            onDeleted={() => navigate('/projects')}
          />
        )}
      </Show>
    </>
  )
}
