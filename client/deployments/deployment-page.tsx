import { useParams, useSearchParams } from '@solidjs/router'
import { createEffect, createSignal, on, Show } from 'solid-js'
import { api, ask, type DeploymentView, refusal } from '../api.ts'
import { announce } from '../ui/announce.tsx'
import { PageHead } from '../ui/page-head.tsx'
import { textOf } from '../ui/text-of.ts'
import { Trouble } from '../ui/trouble.tsx'
import { useAnswer } from '../use-answer.ts'
import { Changes } from './changes.tsx'
import { DeploymentActions } from './deployment-actions.tsx'
import { LogPanel } from './log-panel.tsx'
import { PlanPart } from './plan.tsx'
import { Steps } from './steps.tsx'
import { Summary } from './summary.tsx'
import { TakenRepositories } from './taken-repositories.tsx'
import type { Step } from './words.ts'

/** Steps begin and end without an event. */
const WHILE_RUNNING_MS = 2_000

/** One deployment: how it goes or how it ended, its steps, its log, what it took and what it was going to do. */
export default function DeploymentPage() {
  const params = useParams()
  const deploymentId = () => params.deploymentId ?? ''
  const [refused, setRefused] = createSignal<Error | null>(null)
  const deployment = useAnswer<DeploymentView>(() => ({
    ...ask('deployments.get', api.deployments.get, { deploymentId: deploymentId() }),
    refetchInterval: ({ state: { data } }) =>
      data?.status === 'running' || data?.status === 'queued' ? WHILE_RUNNING_MS : false,
  }))
  const gone = () => refusal(deployment.error)?.domainCode === 'DeploymentMissing'
  const known = () => (gone() ? undefined : deployment.data)
  const environment = useAnswer(() => {
    const environmentId = known()?.environment.id
    return {
      ...ask('environments.get', api.environments.get, { environmentId: environmentId ?? '' }),
      enabled: Boolean(environmentId),
    }
  })
  const whole = () => {
    const view = known()
    if (!view) return { href: '/deployments', name: 'Deployments' }
    return { href: `/environments/${view.environment.id}`, name: `${view.project.name} / ${view.environment.name}` }
  }
  createEffect(
    on(
      () => [known()?.id, known()?.status] as const,
      ([id, status], before) => {
        if (!before || before[0] !== id || before[1] === status) return
        if (status === 'succeeded' || status === 'failed' || status === 'cancelled') {
          announce(`The deployment ${status === 'cancelled' ? 'was cancelled' : status}.`)
        }
      },
    ),
  )
  return (
    <>
      <PageHead
        title={known() ? `Deployment ${known()?.number}` : 'Deployment'}
        partOf={whole()}
        actions={
          <Show when={known()?.id} keyed>
            <Show when={known()}>
              {(view) => (
                <DeploymentActions
                  deployment={view()}
                  environment={environment.error ? undefined : environment.data}
                  onRefused={setRefused}
                />
              )}
            </Show>
          </Show>
        }
      />
      <Trouble error={known() ? null : deployment.error} {...(gone() ? {} : { onRetry: deployment.refetch })} />
      <Show when={deployment.isPending}>
        <div role="status" aria-label="Loading the deployment" class="skeleton h-96" />
      </Show>
      <Show when={known()?.id} keyed>
        <Show when={known()}>{(view) => <Whole deployment={view()} refused={refused()} />}</Show>
      </Show>
    </>
  )
}

function Whole(props: { deployment: DeploymentView; refused: Error | null }) {
  const [search, setSearch] = useSearchParams()
  const step = (): Step | null => props.deployment.steps.find((one) => one.step === textOf(search.step))?.step ?? null
  const choose = (chosen: Step | null) => setSearch({ step: chosen }, { replace: true, scroll: false })
  return (
    <div class="flex flex-col gap-7">
      <div class="flex flex-col gap-4">
        <Trouble error={props.refused} />
        <Summary deployment={props.deployment} />
        <div class="grid gap-4 min-[1000px]:grid-cols-[200px_minmax(0,1fr)]">
          <Steps steps={props.deployment.steps} chosen={step()} onChoose={choose} />
          <LogPanel deployment={props.deployment} step={step()} onStep={choose} />
        </div>
      </div>
      <section aria-labelledby="changes">
        <h2 id="changes" class="mb-2 text-lg font-semibold">
          What changed since the last good deployment
        </h2>
        <Changes deploymentId={props.deployment.id} planned={props.deployment.plan !== null} />
      </section>
      <section aria-labelledby="repositories">
        <h2 id="repositories" class="mb-2 text-lg font-semibold">
          Repositories
        </h2>
        <TakenRepositories deployment={props.deployment} />
      </section>
      <section aria-labelledby="plan">
        <h2 id="plan" class="mb-2 text-lg font-semibold">
          Plan
        </h2>
        <PlanPart deployment={props.deployment} />
      </section>
    </div>
  )
}
