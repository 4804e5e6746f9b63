import { createGuardedFetch, type GuardedFetch } from '../providers/transport/guarded-fetch.ts'
import { askHead } from './ask-head.ts'
import { isBranchName } from './branch-name.ts'
import { DEPTH, type FetchEnd, FULL_DEPTH, fetchInto } from './fetch-into.ts'
import {
  branchRef,
  commitAt,
  commitRef,
  emptyMirror,
  hasCommit,
  isBroken,
  type MirrorGit,
  openMirror,
  setRef,
} from './mirror.ts'
import { inTurn } from './mirror-turn.ts'
import { isObjectId } from './object-id.ts'
import { type RefusalReason, refusalOf } from './refusal.ts'
import { type NoRemote, type Remote, type RemoteOptions, withRemote } from './remote.ts'

const USER_AGENT = 'git/2 (git-connections)'
const ASK_DEADLINE_MS = 20_000
const MOST_ASKED_BYTES = 1_000_000
const DEADLINE_MS = 15 * 60_000
const MOST_BYTES = 2_000_000_000

/** What is wanted of a repository: the head of a branch, or one commit, which the branch may lead to. */
export type Want = { readonly branch: string } | { readonly commit: string; readonly branch?: string }

/** A fetch into a mirror. */
export interface FetchRequest {
  /** Without a user or a password. */
  readonly url: string
  readonly username: string
  readonly password: string
  /** The folder of the mirror, made on demand: one for each connection and repository, of one organization. */
  readonly mirror: string
  readonly want: Want
  readonly limits?: {
    /** For all of it, waiting for others included; 15 minutes. */
    readonly deadlineMs?: number
    /** The size of the whole mirror; 2 GB. */
    readonly mostBytes?: number
  }
  /** False takes objects in that git calls malformed; absent: true. */
  readonly checkObjects?: boolean
  readonly signal?: AbortSignal
  /** Hears git's progress, line by line, without secrets and control characters; at most 5,000 lines. */
  readonly onProgress?: (line: string) => void
}

/** What came of a fetch. */
export type FetchOutcome =
  /** `transferred` is false where the mirror had the commit already. */
  | { readonly kind: 'fetched'; readonly commit: string; readonly transferred: boolean }
  | { readonly kind: 'refused'; readonly reason: RefusalReason | 'no-commit' | 'malformed'; readonly text: string }
  | NoRemote
  /** What came was removed again; what the mirror had before is there. */
  | { readonly kind: 'too-large'; readonly text: string }
  | { readonly kind: 'stopped' }

/** Brings a commit into a mirror, unless it is there. */
export type FetchCommit = (request: FetchRequest) => Promise<FetchOutcome>

/**
 * Makes `fetchCommit` for a server's settings. A branch whose head is in the mirror costs one request; a commit that is
 * in the mirror costs none.
 */
export function createFetchCommit(options: RemoteOptions): FetchCommit {
  const ask = createGuardedFetch({
    ...{ ...options, userAgent: USER_AGENT, deadlineMs: ASK_DEADLINE_MS, maxBytes: MOST_ASKED_BYTES },
  })
  return async (request) => {
    const { mirror, want, signal } = request
    const wrong = wrongWant(want)
    if (wrong) return wrong
    const until = Date.now() + (request.limits?.deadlineMs ?? DEADLINE_MS)
    const local = { ...(options.path === undefined ? {} : { path: options.path }), signal }
    const fetchNow = async (): Promise<FetchOutcome> => {
      // What is there needs no network, so that going back works while a provider is down.
      if ('commit' in want && (await hasCommit(mirror, want.commit, local))) {
        await setRef(mirror, commitRef(want.commit), want.commit, local)
        return { kind: 'fetched', commit: want.commit, transferred: false }
      }
      return withRemote(options, request, async (remote): Promise<FetchOutcome> => {
        const journey: Journey = { request, remote, until, local }
        await openMirror(mirror, local)
        return 'commit' in want ? fetchById(want.commit, journey) : fetchBranch(want.branch, ask, journey)
      })
    }
    const turn = await inTurn(mirror, { patienceMs: until - Date.now(), signal }, fetchNow)
    switch (turn.is) {
      case 'had':
        return signal?.aborted ? { kind: 'stopped' } : turn.result
      case 'stopped':
        return { kind: 'stopped' }
      case 'crowded':
        return { kind: 'unreachable', text: 'Another fetch of this repository took all the time. Try again.' }
    }
  }
}

interface Journey {
  readonly request: FetchRequest
  readonly remote: Remote
  /** In milliseconds of the clock. */
  readonly until: number
  readonly local: MirrorGit
}

async function fetchBranch(branch: string, ask: GuardedFetch, journey: Journey): Promise<FetchOutcome> {
  const { request, remote, local } = journey
  const { mirror, signal } = request
  const target = branchRef(branch)
  const time = AbortSignal.timeout(timeLeft(journey))
  const head = await askHead(ask, { ...remote, branch, signal: signal ? AbortSignal.any([signal, time]) : time })
  if (head.is === 'refused') return { kind: 'refused', reason: head.reason, text: head.text }
  if (head.is === 'unreachable') return { kind: 'unreachable', text: head.text }
  if (head.is === 'gone') return NO_BRANCH
  if (head.is === 'at' && (await hasCommit(mirror, head.commit, local))) {
    // A branch that was set back leads to an older commit, which must stay.
    await setRef(mirror, target, head.commit, local)
    return { kind: 'fetched', commit: head.commit, transferred: false }
  }
  const end = await fetchHealing(journey, { source: `refs/heads/${branch}`, target, depth: DEPTH })
  if (end.is !== 'done') return outcomeOf(end)
  const commit = await commitAt(mirror, target, local)
  return commit === null ? NO_BRANCH : { kind: 'fetched', commit, transferred: true }
}

/**
 * Not every server gives a commit by its id, and none gives one that a rewritten branch left behind for ever; then the
 * branch is fetched, at last with all its history, and looked into.
 */
async function fetchById(commit: string, journey: Journey): Promise<FetchOutcome> {
  const { request, local } = journey
  const { mirror, want } = request
  const target = commitRef(commit)
  const branch =
    want.branch === undefined ? null : { source: `refs/heads/${want.branch}`, target: branchRef(want.branch) }
  const ways = [
    { source: commit, target, depth: DEPTH },
    ...(branch ? [DEPTH, FULL_DEPTH].map((depth) => ({ ...branch, depth })) : []),
  ]
  for (const way of ways) {
    const end = await fetchHealing(journey, way)
    if (await hasCommit(mirror, commit, local)) {
      await setRef(mirror, target, commit, local)
      return { kind: 'fetched', commit, transferred: true }
    }
    const lacking = end.is === 'done' || (end.is === 'failed' && way.source === commit && NOT_GIVEN.test(end.errors))
    if (!lacking) return outcomeOf(end)
  }
  const place = want.branch === undefined ? 'in the repository' : 'in the repository or its branch'
  return { kind: 'refused', reason: 'no-commit', text: `There is no commit ${commit.slice(0, 12)} ${place}.` }
}

/** What git prints where a server does not have an object, or does not give it by its id. */
const NOT_GIVEN = /not our ref|unadvertised object|couldn't find remote ref|no such remote ref|bad object/i

const NO_BRANCH: FetchOutcome = { kind: 'refused', reason: 'no-branch', text: 'There is no such branch.' }

/**
 * A machine that lost its power may have lost objects of a mirror, which git then fails on. What it holds can be had
 * again, so it is begun anew.
 */
async function fetchHealing(journey: Journey, way: Way): Promise<FetchEnd> {
  const { mirror } = journey.request
  const end = await fetchInto(fetchingOf(journey, way))
  if (end.is !== 'failed' || !(await isBroken(mirror, journey.local))) return end
  await emptyMirror(mirror)
  await openMirror(mirror, journey.local)
  return fetchInto(fetchingOf(journey, way))
}

interface Way {
  readonly source: string
  readonly target: string
  readonly depth: number
}

function fetchingOf({ request, remote, until, local }: Journey, way: Way) {
  const { mirror, signal, onProgress, limits, checkObjects = true } = request
  const mostBytes = limits?.mostBytes ?? MOST_BYTES
  const path = local.path === undefined ? {} : { path: local.path }
  return {
    remote,
    mirror,
    ...way,
    deadlineMs: timeLeft({ until }),
    mostBytes,
    checkObjects,
    signal,
    onProgress,
    ...path,
  }
}

function timeLeft({ until }: Pick<Journey, 'until'>): number {
  return Math.max(1, until - Date.now())
}

function outcomeOf(end: FetchEnd): FetchOutcome {
  switch (end.is) {
    case 'done':
      return { kind: 'unreachable', text: 'git got no usable answer.' }
    case 'failed':
      if (/couldn't find remote ref/.test(end.errors)) return NO_BRANCH
      if (/fsck|object corrupt|malformed/i.test(end.errors))
        return { kind: 'refused', reason: 'malformed', text: MALFORMED }
      return refusalOf(end.errors)
    case 'too-large':
      return { kind: 'too-large', text: 'The repository is larger than what is kept of one. Nothing of it was kept.' }
    case 'late':
      return { kind: 'unreachable', text: 'git did not come to an end in time.' }
    case 'stopped':
      return { kind: 'stopped' }
    case 'unstartable':
      return { kind: 'no-git', text: 'git could not be run here.' }
  }
}

const MALFORMED =
  'git finds fault with an object of this repository, and does not take it. Look at it with git fsck, or allow it without the check.'

function wrongWant(want: Want): FetchOutcome | null {
  if ('commit' in want && !isObjectId(want.commit)) {
    return { kind: 'refused', reason: 'no-commit', text: 'This is no full id of a commit (40 hexadecimal digits).' }
  }
  if (want.branch !== undefined && !isBranchName(want.branch)) {
    return { kind: 'refused', reason: 'no-branch', text: 'git allows no branch of this name.' }
  }
  return null
}
