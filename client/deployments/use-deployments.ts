import { type Accessor, createMemo } from 'solid-js'
import { api, type DeploymentSummary } from '../api.ts'
import { usePages } from '../use-pages.ts'

const PAGE = 50

/** Deployments, the latest first, a page at a time; `deployments` is undefined until the first answer. */
export function useDeployments(
  of: Accessor<{ environmentId?: string; projectId?: string; status?: DeploymentSummary['status'] }>,
) {
  const list = usePages<{ deployments: DeploymentSummary[]; nextCursor: string | null }>(() => {
    const input = of()
    return {
      queryKey: ['deployments.list', input],
      page: (cursor, options) => api.deployments.list.query({ ...input, cursor, limit: PAGE }, options),
    }
  })
  return { list, deployments: createMemo(() => list.pages()?.flatMap((page) => page.deployments)) }
}
