import { ProjectTimeline } from '../projects/project-timeline.tsx'

/** What happened to an environment, the newest first. The log's entries are asked for by what they are of, whatever its kind. */
export function EnvironmentTimeline(props: { environmentId: string }) {
  return <ProjectTimeline projectId={props.environmentId} />
}
