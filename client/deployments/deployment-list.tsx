import { Show } from 'solid-js'
import type { EnvironmentView } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Keyed } from '../ui/keyed.tsx'
import { Trouble } from '../ui/trouble.tsx'
import { DeploymentRow } from './deployment-row.tsx'
import { useDeployments } from './use-deployments.ts'

/** The deployments of an environment, the latest first. */
export function DeploymentList(props: { environment: EnvironmentView }) {
  const { list, deployments } = useDeployments(() => ({ environmentId: props.environment.id }))
  return (
    <>
      <Trouble error={list.error} onRetry={list.refetch} />
      <Show
        when={deployments()}
        fallback={
          <Show when={!list.error}>
            <div role="status" aria-label="Loading the deployments" class="skeleton h-48" />
          </Show>
        }
      >
        {(known) => (
          <Keyed each={known()} by={({ id }) => id} fallback={<p class="text-quiet">Nothing was deployed here yet.</p>}>
            {(deployment) => (
              <DeploymentRow
                deployment={deployment()}
                named={false}
                repeatable={!props.environment.running && !props.environment.stoppedAt}
                isLastGood={deployment().id === props.environment.lastGood?.id}
              />
            )}
          </Keyed>
        )}
      </Show>
      <Show when={list.hasMore}>
        <Button class="mt-4" working={list.isLoadingMore} onClick={list.loadMore}>
          Load older
        </Button>
      </Show>
    </>
  )
}
