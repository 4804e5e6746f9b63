import { A, useSearchParams } from '@solidjs/router'
import Plus from 'lucide-solid/icons/plus'
import { createMemo, For, Match, Show, Switch } from 'solid-js'
import { api, ask, type ProjectView } from '../api.ts'
import { createGradual } from '../ui/gradual.ts'
import { Keyed } from '../ui/keyed.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { textOf } from '../ui/text-of.ts'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { NoProject } from './no-project.tsx'
import { isInTrouble, ProjectCard } from './project-card.tsx'

/** What is searched in: the names of a project, its repositories and its connections. */
const wordsOf = ({ name, repository, addons }: ProjectView) =>
  [name, ...[repository, ...addons].flatMap((used) => [used.fullName, used.branch, used.connection.name])]
    .join('\n')
    .toLowerCase()

/** All projects of the organization: those that can't be deployed as they are come first. */
export default function ProjectsPage() {
  const [search, setSearch] = useSearchParams()
  const projects = useAnswer(() => ask('projects.list', api.projects.list, undefined))
  const shown = createMemo(() => {
    const wanted = textOf(search.q).toLowerCase()
    return (projects.data ?? [])
      .filter((project) => wordsOf(project).includes(wanted))
      .sort((a, b) => Number(isInTrouble(b)) - Number(isInTrouble(a)) || a.name.localeCompare(b.name))
  })
  const drawn = createGradual(shown, () => search.q)
  return (
    <>
      <PageHead
        title="Projects"
        actions={
          <A
            data-new
            href="/projects/new"
            class="control inline-flex items-center gap-2 border-transparent! bg-accent! font-medium whitespace-nowrap text-on-accent hover:opacity-90"
          >
            <Plus size={16} aria-hidden="true" /> New project
          </A>
        }
      >
        What is deployed: a main repository and addon repositories, each on a branch.
      </PageHead>
      <Show when={!projects.data || projects.data.length > 0}>
        <div class="mb-4 flex flex-wrap items-center gap-2">
          <input
            data-search
            type="search"
            aria-label="Search projects"
            placeholder="Search /"
            class="control chip w-full sm:w-56"
            value={textOf(search.q)}
            onInput={(event) => setSearch({ q: event.currentTarget.value || null }, { replace: true })}
          />
          <Show when={projects.data}>
            {(all) => (
              <span class="tabular ml-auto text-sm text-quiet">
                {shown().length === all().length ? all().length : `${shown().length} of ${all().length}`}{' '}
                {all().length === 1 ? 'project' : 'projects'}
              </span>
            )}
          </Show>
        </div>
      </Show>
      <Switch>
        <Match when={projects.error && !projects.data}>
          <Trouble error={projects.error} onRetry={projects.refetch} />
        </Match>
        <Match when={projects.isPending}>
          <div role="status" aria-label="Loading projects" class="space-y-3">
            <For each={[1, 2, 3, 4, 5]}>{() => <div class="skeleton h-[98px]" />}</For>
          </div>
        </Match>
        <Match when={projects.data?.length === 0}>
          <NoProject />
        </Match>
        <Match when={shown().length === 0}>
          <p>No project fits this search.</p>
        </Match>
        <Match when={true}>
          <div class="space-y-3">
            <Keyed each={drawn()} by={({ id }) => id}>
              {(project) => <ProjectCard project={project()} />}
            </Keyed>
          </div>
        </Match>
      </Switch>
    </>
  )
}
