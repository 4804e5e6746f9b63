import { forbidden, projectNotFound, Refusal, refused } from './answers.ts'
import type { GitLabApi } from './call.ts'
import type { GitLabProject } from './declare.ts'
import type { Viewer } from './front-door.ts'

/** The viewer's level in a project, 0 for somebody who merely sees it. */
export function levelOf({ world }: GitLabApi, viewer: Viewer, project: GitLabProject): number {
  if (!viewer) return 0
  const { project: own, group } = world.levels(viewer.user.username, project)
  return Math.max(own ?? 0, group ?? 0)
}

/** True when the project shows itself to the viewer; where it does not, it looks missing. */
export function canSee(api: GitLabApi, viewer: Viewer, project: GitLabProject): boolean {
  if (api.world.groupsOver(project.path).some((group) => group.ipRefused)) return false
  if (project.visibility === 'public') return true
  if (project.visibility === 'internal' && viewer) return true
  return levelOf(api, viewer, project) > 0
}

/** Whether the viewer may read the code, and if not, whether it is switched off or merely not for them. */
export function codeAccess(api: GitLabApi, viewer: Viewer, project: GitLabProject): 'open' | 'off' | 'denied' {
  if (project.repositoryAccess === 'disabled') return 'off'
  const level = levelOf(api, viewer, project)
  const membersOnly = project.visibility === 'private' || project.repositoryAccess === 'private'
  return level >= 20 || !membersOnly ? 'open' : 'denied'
}

/** The address of the SSO page that the viewer's session must pass first; null if none stands in the way. */
export function missingSso({ world }: GitLabApi, viewer: Viewer, project: GitLabProject): string | null {
  if (!viewer || viewer.user.bot) return null
  return world.groupsOver(project.path).find(({ ssoUrl }) => ssoUrl !== null)?.ssoUrl ?? null
}

export function ssoText(url: string): string {
  return `Cannot find valid SSO session. Please login via your group's SSO at ${url}`
}

/**
 * Lets a call that runs git pass, or not.
 * @throws {Refusal}
 */
export function demandCode(api: GitLabApi, viewer: Viewer, project: GitLabProject): void {
  const access = codeAccess(api, viewer, project)
  if (access === 'off') throw refused(404, 'Repository Not Found')
  if (access === 'denied') throw forbidden()
  const sso = missingSso(api, viewer, project)
  if (sso !== null) throw new Refusal(400, { message: ssoText(sso) })
}

/**
 * A project by number or path as the viewer sees it.
 * @throws {Refusal} when it is missing or hidden: the two look alike
 */
export function requireVisible(api: GitLabApi, viewer: Viewer, id: string): GitLabProject {
  const project = /^\d+$/.test(id) ? api.world.projects.get(Number(id)) : api.world.findProject(id)
  if (!project || !canSee(api, viewer, project)) throw projectNotFound()
  return project
}
