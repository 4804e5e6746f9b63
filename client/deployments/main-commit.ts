import type { DeploymentSummary, ProjectView } from '../api.ts'

type Taken = DeploymentSummary['commits'][number]

/** The commit of the main repository, which is taken first; where the project is known, the one that is its main now. */
export function mainCommitOf({ commits }: DeploymentSummary, project?: ProjectView | undefined): Taken | undefined {
  return commits.find(({ repositoryId }) => repositoryId === project?.repository.repositoryId) ?? commits[0]
}
