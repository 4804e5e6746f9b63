import type { EnvironmentView } from '../api.ts'

/** How an environment is, as people are told. */
export type EnvironmentState =
  | { readonly is: 'never' | 'deployed' | 'cancelled' | 'stopped' }
  | { readonly is: 'queued' | 'deploying' | 'stopping'; readonly since: string }
  | { readonly is: 'failed'; readonly message: string }

/** What counts of an environment: that it is stopped, what is under way, how the last deployment ended. */
export function stateOf({
  stoppedAt,
  running,
  last,
}: Pick<EnvironmentView, 'stoppedAt' | 'running' | 'last'>): EnvironmentState {
  if (stoppedAt) return { is: 'stopped' }
  if (running) {
    if (running.cancelling) return { is: 'stopping', since: running.at }
    return { is: running.status === 'queued' ? 'queued' : 'deploying', since: running.at }
  }
  switch (last?.status) {
    case undefined:
      return { is: 'never' }
    case 'succeeded':
      return { is: 'deployed' }
    case 'failed':
      return { is: 'failed', message: last?.message ?? '' }
    case 'cancelled':
      return { is: 'cancelled' }
  }
}
