import { useNavigate, useParams, useSearchParams } from '@solidjs/router'
import Pencil from 'lucide-solid/icons/pencil'
import { Match, Show, Switch } from 'solid-js'
import { api, ask, refusal } from '../api.ts'
import { History } from '../audit/history.tsx'
import { DeploymentList } from '../deployments/deployment-list.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { EnvironmentRow } from './environment-row.tsx'
import { EnvironmentSettings } from './environment-settings.tsx'

const tabs = [
  ['deployments', 'Deployments'],
  ['settings', 'Settings'],
  ['timeline', 'Timeline'],
] as const

/** One environment with its deployments, its settings and its history. */
export default function EnvironmentPage() {
  const params = useParams()
  const navigate = useNavigate()
  const [search] = useSearchParams()
  const environmentId = () => params.environmentId ?? ''
  const environment = useAnswer(() => ask('environments.get', api.environments.get, { environmentId: environmentId() }))
  const gone = () => refusal(environment.error)?.domainCode === 'EnvironmentMissing'
  const known = () => (gone() ? undefined : environment.data)
  const project = useAnswer(() => {
    const projectId = known()?.project.id
    return { ...ask('projects.get', api.projects.get, { projectId: projectId ?? '' }), enabled: Boolean(projectId) }
  })
  const whole = () => {
    const of = known()?.project
    return of ? { href: `/projects/${of.id}`, name: of.name } : { href: '/projects', name: 'Projects' }
  }
  const tab = () => tabs.find(([id]) => id === search.tab)?.[0] ?? 'deployments'
  return (
    <>
      <PageHead
        title={known()?.name ?? 'Environment'}
        partOf={whole()}
        actions={
          <Show when={known()}>
            <LinkButton href={`/environments/${environmentId()}/edit`}>
              <Pencil size={16} aria-hidden="true" /> Edit
            </LinkButton>
          </Show>
        }
      />
      <Trouble error={known() ? null : environment.error} {...(gone() ? {} : { onRetry: environment.refetch })} />
      <Show when={environment.isPending}>
        <div role="status" aria-label="Loading the environment" class="skeleton h-28" />
      </Show>
      <Show when={known()}>
        {(view) => (
          <>
            <EnvironmentRow
              environment={view()}
              project={project.data}
              whole
              onDeleted={() => navigate(`/projects/${view().project.id}`)}
            />
            <Tabs about="this environment" tabs={tabs} open={tab()} />
            <Switch>
              <Match when={tab() === 'deployments'}>
                <DeploymentList environment={view()} />
              </Match>
              <Match when={tab() === 'settings'}>
                <EnvironmentSettings environment={view()} project={project.data} />
              </Match>
              <Match when={tab() === 'timeline'}>
                <History of={{ environmentId: view().id }} />
              </Match>
            </Switch>
          </>
        )}
      </Show>
    </>
  )
}
