import { useNavigate } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import { api, type DeploymentSummary, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'

/** What is done because of a deployment that is over. */
export type Again = 'retry' | 'rollBack' | 'newCommits'

function ask(what: Again, { id, environment }: DeploymentSummary): Promise<{ id: string }> {
  switch (what) {
    case 'retry':
      return api.deployments.retry.mutate({ deploymentId: id })
    case 'rollBack':
      return api.deployments.rollBack.mutate({ deploymentId: id })
    case 'newCommits':
      return api.deployments.start.mutate({ environmentId: environment.id, kind: 'sync' })
  }
}

/** Deploys again because of a deployment: its commits, or what is new; goes to the new deployment. */
export function useAgain() {
  const navigate = useNavigate()
  return useMutation(() => ({
    mutationFn: ({ what, deployment }: { what: Again; deployment: DeploymentSummary }) => ask(what, deployment),
    onSuccess: ({ id }) => {
      announce('A deployment was asked for.')
      navigate(`/deployments/${id}`)
      return forget('deployments', 'environments', 'audit')
    },
    // What was shown is not so any more, such as that nothing is under way.
    onError: () => forget('deployments', 'environments'),
  }))
}
