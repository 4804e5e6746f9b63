import type { ShownCredential } from '../recording.ts'
import { dpopMissing, impersonationDisabled, shutOut, tokenExpired, tokenRevoked, unauthorized } from './answers.ts'
import type { GitLabToken, GitLabUser } from './declare.ts'
import type { GitLabWorld } from './world.ts'

/** Who asks; null for somebody who showed no credential. */
export type Viewer = { readonly token: GitLabToken; readonly user: GitLabUser } | null

/** An OAuth access token lives two hours. */
export const OAUTH_LIFE_SECONDS = 7200

/**
 * Tells who shows a credential. The order of the checks is GitLab's: unknown, expired, revoked, then the person.
 * @param url the instance's root, which some refusals name
 * @throws {Refusal}
 */
export function admit(world: GitLabWorld, shown: ShownCredential | null, url: string): Viewer {
  const token = recognized(world, shown)
  if (token === null) return null
  if (hasExpired(token, world.clock.now())) throw tokenExpired()
  if (token.revoked) throw tokenRevoked()
  if (token.kind === 'impersonation' && !world.settings.impersonationEnabled) throw impersonationDisabled()
  const user = world.requireUser(token.user)
  if (user.state !== 'active') throw shutOut(user.state, user.username, url)
  if (user.dpopEnforced && token.kind !== 'oauth') throw dpopMissing()
  token.lastUsedAt = world.clock.now()
  return { token, user }
}

/** The token that opens something at this moment, as git's door sees it: it never tells why one does not. */
export function liveViewer(world: GitLabWorld, secret: string): Viewer {
  const token = world.lag.hides(secret) ? undefined : world.tokens.get(secret)
  if (!token || token.revoked || token.kind === 'job' || hasExpired(token, world.clock.now())) return null
  const user = world.requireUser(token.user)
  return user.state === 'active' ? { token, user } : null
}

/** True from the first moment, in UTC, of the day on which a token ends. */
export function hasExpired(token: GitLabToken, now: Date): boolean {
  if (token.kind === 'oauth') return secondsLeft(token, now) <= 0
  return token.expiresAt !== null && now.toISOString().slice(0, 10) >= token.expiresAt
}

export function secondsLeft(token: GitLabToken, now: Date): number {
  return Math.ceil((token.createdAt.getTime() - now.getTime()) / 1000) + OAUTH_LIFE_SECONDS
}

/** The token's row, null where GitLab takes the caller for nobody at all. */
function recognized(world: GitLabWorld, shown: ShownCredential | null): GitLabToken | null {
  // An empty token, a job's token and the JOB-TOKEN header do not count as credentials on these routes.
  if (shown === null || shown.secret === '' || shown.scheme === 'job-token') return null
  const token = world.lag.hides(shown.secret) ? undefined : world.tokens.get(shown.secret)
  if (token?.kind === 'job') return null
  const bearer = shown.scheme === 'bearer' || shown.scheme === 'query access_token'
  if (!token || token.kind === 'deploy' || (token.kind === 'oauth' && !bearer)) throw unauthorized()
  return token
}
