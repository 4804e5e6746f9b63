import { useSearchParams } from '@solidjs/router'
import { createMemo, Match, Show, Switch } from 'solid-js'
import { api, ask } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { byDay } from '../ui/by-day.ts'
import { Keyed } from '../ui/keyed.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Select } from '../ui/select.tsx'
import { textOf } from '../ui/text-of.ts'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { DeploymentRow } from './deployment-row.tsx'
import { deploymentLooks } from './deployment-status.tsx'
import { useDeployments } from './use-deployments.ts'

/** All deployments of the organization by day, the latest first; the filters are in the URL. */
export default function DeploymentsPage() {
  const [search, setSearch] = useSearchParams()
  const projects = useAnswer(() => ask('projects.list', api.projects.list, undefined))
  const projectId = () => textOf(search.project)
  const status = () => textOf(search.status)
  const { list, deployments } = useDeployments(() => {
    const wanted = status()
    return {
      ...(projectId() ? { projectId: projectId() } : {}),
      ...(isStatus(wanted) ? { status: wanted } : {}),
    }
  })
  const days = createMemo(() => byDay(deployments() ?? [], ({ requestedAt }) => requestedAt))
  const filtered = () => Boolean(projectId() || status())
  return (
    <>
      <PageHead title="Deployments">What was brought to which environment, by whom, and how it ended.</PageHead>
      <Show when={!deployments() || deployments()?.length || filtered()}>
        <div class="mb-5 flex flex-wrap items-center gap-2">
          <Select
            label="Project"
            clearable
            value={projectId()}
            options={[['', 'all'], ...(projects.data ?? []).map(({ id, name }) => [id, name] as const)]}
            onChange={(value) => setSearch({ project: value || null })}
          />
          <Select
            label="Status"
            clearable
            value={status()}
            options={[['', 'all'], ...Object.entries(deploymentLooks).map(([id, { word }]) => [id, word] as const)]}
            onChange={(value) => setSearch({ status: value || null })}
          />
        </div>
      </Show>
      <Trouble error={list.error} onRetry={list.refetch} />
      <Switch>
        <Match when={!deployments() && !list.error}>
          <div role="status" aria-label="Loading the deployments" class="skeleton h-screen" />
        </Match>
        <Match when={deployments()?.length === 0 && !filtered()}>
          <section class="card flex flex-col items-start gap-4 p-5 sm:p-6">
            <h2 class="text-lg font-semibold">No deployment yet</h2>
            <p class="max-w-prose">
              A deployment takes the latest code of a project's repositories and installs its modules in an environment.
              Open a project, create an environment, then deploy it.
            </p>
            <LinkButton href="/projects" look="primary">
              Go to Projects
            </LinkButton>
          </section>
        </Match>
        <Match when={deployments()}>
          <div classList={{ 'opacity-60': list.isOfBefore }} aria-busy={list.isOfBefore}>
            <Keyed
              each={days()}
              by={({ day }) => day}
              fallback={<p role="status">No deployment fits these filters.</p>}
            >
              {(group) => (
                <section class="mb-5">
                  <h2 class="border-b border-line px-2 pb-1 font-semibold">{group().day}</h2>
                  <Keyed each={group().items} by={({ id }) => id}>
                    {(deployment) => (
                      <DeploymentRow deployment={deployment()} named repeatable={false} isLastGood={false} />
                    )}
                  </Keyed>
                </section>
              )}
            </Keyed>
          </div>
        </Match>
      </Switch>
      <Show when={list.hasMore}>
        <Button working={list.isLoadingMore} onClick={list.loadMore}>
          Load more
        </Button>
      </Show>
    </>
  )
}

function isStatus(text: string): text is keyof typeof deploymentLooks {
  return text in deploymentLooks
}
