import { useNavigate } from '@solidjs/router'
import { useMutation } from '@tanstack/solid-query'
import { api, type EnvironmentView, forget } from '../api.ts'
import { announce } from '../ui/announce.tsx'

/** Whether anything was deployed there; from then on it is synced. */
export const isUp = ({ lastGood }: EnvironmentView) => lastGood !== null

/** Begins a deployment of an environment, and goes to it. */
export function useDeploy() {
  const navigate = useNavigate()
  return useMutation(() => ({
    mutationFn: ({ environment, kind }: { environment: EnvironmentView; kind: 'deploy' | 'sync' }) =>
      api.deployments.start.mutate({ environmentId: environment.id, kind }),
    onSuccess: ({ id }, { environment }) => {
      announce(`A deployment of ${environment.name} was asked for.`)
      navigate(`/deployments/${id}`)
      return forget('deployments', 'environments', 'audit')
    },
    // What was shown is not so any more, such as that nothing is under way.
    onError: () => forget('environments'),
  }))
}
