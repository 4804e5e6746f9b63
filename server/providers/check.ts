import type { Call, Evidence, SampledRepository, Tick, Verdict } from '@git-connections/events'
import type { LsRemote, LsRemoteOutcome } from '../git/ls-remote.ts'
import type { RefusalReason } from '../git/refusal.ts'
import type { Finding } from './finding.ts'
import type { ListedRepository } from './listed.ts'
import { plainText } from './plain-text.ts'

/** How many repositories a check shows. */
const SHOWN = 5

/** The most recently active first, those that never were active last; at most five. */
export function mostRecent(repositories: readonly ListedRepository[]): SampledRepository[] {
  const time = ({ pushedAt }: ListedRepository) => (pushedAt === null ? -Infinity : Date.parse(pushedAt))
  return [...repositories]
    .sort((one, other) => (time(one) === time(other) ? 0 : time(other) - time(one)))
    .slice(0, SHOWN)
    .map(({ id, fullName, url, archived, pushedAt, ...rest }) => ({
      ...{ id, fullName, url, archived, pushedAt },
      private: rest.private,
    }))
}

/** A provider's instant in our form; null when it is none. */
export function instantOf(text: string | null | undefined): string | null {
  const ms = text ? Date.parse(text) : Number.NaN
  return ms >= 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : null
}

/** Git's refusals that concern an organization or a repository, not the token: the connection works elsewhere. */
const WARNING: Partial<Record<RefusalReason, { code: string; tail: string }>> = {
  sso: { code: 'ssoNeeded', tail: 'asks for single sign-on. Authorize the token for it at the provider.' },
  'ip-list': { code: 'ipList', tail: 'allows only certain IP addresses. Ask its owner to let this server in.' },
  permission: {
    code: 'permissionMissing',
    tail: 'does not let this token read code. Allow it to read contents there.',
  },
}

/** Lets the real git ask for the first repository's heads; `called` names the credential for people. */
export async function tryClone(
  lsRemote: LsRemote,
  repository: SampledRepository | undefined,
  credential: { username: string; password: string; called?: string },
): Promise<{ canClone: Tick; warnings: Evidence['warnings'] }> {
  const { username, password, called = 'this token' } = credential
  if (!repository) return { canClone: nothingLearned.canClone, warnings: [] }
  const outcome = await lsRemote({ url: `${repository.url}.git`, username, password })
  const warning = outcome.kind === 'refused' ? WARNING[outcome.reason] : undefined
  const organization = repository.fullName.split('/')[0]
  return {
    canClone: tickOf(outcome, { name: repository.fullName, called }),
    warnings: warning ? [{ code: warning.code, message: `${organization} ${warning.tail}` }] : [],
  }
}

function tickOf(outcome: LsRemoteOutcome, { name, called }: { name: string; called: string }): Tick {
  switch (outcome.kind) {
    case 'ok':
      return outcome.authenticated
        ? { is: 'yes', detail: `git read ${name} with ${called}.` }
        : { is: 'yes', detail: `git read ${name}, but was not asked for ${called}, so this proves little.` }
    case 'refused':
      return { is: 'no', detail: plainText(`git could not read ${name}. ${outcome.text}`, 300) }
    case 'unreachable':
    case 'no-git':
      return { is: 'unchecked', detail: plainText(outcome.text, 300) }
  }
}

/** What a check learned, before what is the same for every check is added. */
export type Learned = Omit<Evidence, 'checkedAt' | 'calls' | 'durationMs'>

/** Evidence of a check that learned nothing. */
export const nothingLearned: Learned = {
  account: null,
  tokenKind: null,
  scopes: null,
  missingScopes: [],
  expiresAt: null,
  rateLimit: null,
  warnings: [],
  canList: { is: 'unchecked', detail: 'The repositories were not asked for.' },
  canClone: { is: 'unchecked', detail: 'There is no repository to try it on.' },
  repositories: [],
}

/** Puts a finding and its evidence together; no secret is left in it, even where a provider echoed one. */
export function verdictOf(
  finding: Finding,
  learned: Learned,
  course: { calls: Call[]; begun: number; now: Date; secrets: readonly string[] },
): Verdict {
  const evidence: Evidence = {
    ...learned,
    checkedAt: course.now.toISOString(),
    calls: course.calls,
    durationMs: Math.round(performance.now() - course.begun),
  }
  const scrub = <T>(value: T): T => {
    const text = JSON.stringify(value)
    const clean = course.secrets.reduce((rest, secret) => rest.replaceAll(secret, '[token]'), text)
    return clean === text ? value : JSON.parse(clean)
  }
  return { ...scrub(finding), evidence: scrub(evidence) }
}
