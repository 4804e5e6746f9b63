import Plus from 'lucide-solid/icons/plus'
import { Match, Show, Switch } from 'solid-js'
import { api, ask, type ProjectView } from '../api.ts'
import { Keyed } from '../ui/keyed.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { EnvironmentRow } from './environment-row.tsx'

/** The environments of a project; where it has none, what one is and the way to the first. */
export function ProjectEnvironments(props: { project: ProjectView }) {
  const environments = useAnswer(() => ask('environments.list', api.environments.list, { projectId: props.project.id }))
  const create = () => `/projects/${props.project.id}/environments/new`
  return (
    <section aria-labelledby="environments">
      <div class="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 id="environments" class="text-lg font-semibold">
          Environments
        </h2>
        <Show when={environments.data && environments.data.length > 0}>
          <LinkButton href={create()} isNew>
            <Plus size={16} aria-hidden="true" /> Create an environment
          </LinkButton>
        </Show>
      </div>
      <Switch>
        <Match when={environments.error && !environments.data}>
          <Trouble error={environments.error} onRetry={environments.refetch} />
        </Match>
        <Match when={environments.isPending}>
          <div role="status" aria-label="Loading the environments" class="skeleton h-28" />
        </Match>
        <Match when={environments.data?.length === 0}>
          <div class="card flex flex-col items-start gap-3 p-5">
            <p class="max-w-prose">
              No environment yet. An environment is one Odoo database that this project is deployed to: a branch, an
              Odoo version and the modules to install. Most projects have one for production and one to try what comes
              next.
            </p>
            <LinkButton href={create()} look="primary" isNew>
              Create an environment
            </LinkButton>
          </div>
        </Match>
        <Match when={true}>
          <div class="flex flex-col gap-2">
            <Keyed each={environments.data} by={({ id }) => id}>
              {(environment) => <EnvironmentRow environment={environment()} project={props.project} />}
            </Keyed>
          </div>
        </Match>
      </Switch>
    </section>
  )
}
