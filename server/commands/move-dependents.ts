import { DomainError, type LinkedConnection, project } from '@git-connections/events'
import { type Tried, tryRepositories } from '../repositories/try-repositories.ts'
import { readUses, type Use } from '../repositories/uses.ts'
import type { Shell } from '../shell.ts'
import type { Cause } from './cause.ts'
import { readLinked } from './connection.ts'
import { readDependents } from './dependents.ts'
import { executeTogether } from './execute-together.ts'
import { readConnection, usable } from './hold-connection.ts'

/** Tried with one use of the credential. */
const AT_ONCE = 20
/** For each of them an API call and git, four at a time, within their deadlines. */
const TRY_MS = 5 * 60_000

/** From which connection to which one. */
export interface Move {
  readonly connectionId: string
  readonly toConnectionId: string
}

/**
 * Tries with another connection all that projects take through this one, and changes nothing. `seen` goes into
 * `moveDependents`.
 * @throws {DomainError} ConnectionMissing, ConnectionDisabled, InputInvalid where the other one is of another instance;
 * what the credential broker refuses.
 */
export async function rehearseMove(shell: Shell, move: Move, by: Cause): Promise<{ tried: Tried[]; seen: string }> {
  const { linked } = await target(shell, move, by)
  const of = { organizationId: by.organizationId, connectionId: move.connectionId }
  const { seen } = await readDependents(shell.db, of)
  return { tried: await tryThrough(shell, { linked, ...move }, await readUses(shell, of), by), seen }
}

/**
 * Takes through another connection what projects take through this one, in one step, after each repository and branch
 * was tried with it. What it does not reach stays where it is, if that is wanted.
 * @throws {DomainError} as `rehearseMove`; HasDependents where other projects depend on it than were `seen`;
 * RepositoriesLost where something is not reached, unless `leave`.
 */
export async function moveDependents(
  shell: Shell,
  { seen, leave, ...move }: Move & { seen: string; leave: boolean },
  by: Cause,
): Promise<{ tried: Tried[] }> {
  const { linked } = await target(shell, move, by)
  const of = { organizationId: by.organizationId, connectionId: move.connectionId }
  const uses = await readUses(shell, of)
  if (uses.length === 0) return { tried: [] }
  const now = await readDependents(shell.db, of)
  if (now.seen !== seen) {
    const names = now.dependents.map(({ name }) => name).join(', ')
    throw new DomainError('HasDependents', `What depends on this connection has changed: now ${names}. Look again.`)
  }
  const tried = await tryThrough(shell, { linked, ...move }, uses, by)
  const failing = tried.filter(({ outcome }) => outcome !== 'works')
  if (failing.length > 0 && (!leave || failing.length === tried.length)) {
    const names = [...new Set(failing.map(({ fullName }) => fullName))].join(', ')
    throw new DomainError('RepositoriesLost', `"${linked.name}" does not reach ${names}. Nothing was moved.`)
  }
  const commands = new Map<string, ReturnType<typeof moving>>()
  for (const one of tried) {
    if (one.outcome !== 'works') continue
    const before = commands.get(one.projectId)?.repositories ?? []
    commands.set(one.projectId, moving(move, [...before, one]))
  }
  const request = { moveDependents: move.connectionId, to: move.toConnectionId, leave }
  // Trying may have refreshed its token, and whatever else happened to it meanwhile must leave it usable.
  const holds = async () => [(await target(shell, move, by)).hold]
  await executeTogether(shell, project, { commands, holds, request }, by)
  return { tried }
}

function moving(
  { connectionId: from, toConnectionId: to }: Move,
  found: readonly Pick<Use, 'repositoryId' | 'fullName' | 'branch'>[],
) {
  const repositories = found.map(({ repositoryId, fullName, branch }) => ({ repositoryId, fullName, branch }))
  return { type: 'MoveRepositories' as const, from, to, repositories }
}

/** The connection that it goes to; a repository is the same one only on the same instance. */
async function target(shell: Shell, { connectionId, toConnectionId }: Move, by: Cause) {
  const from = await readLinked(shell, connectionId, by)
  const field = 'toConnectionId'
  const reading = await readConnection(shell, toConnectionId, by)
  const { linked } = usable(reading, field)
  if (connectionId === toConnectionId) {
    throw new DomainError('InputInvalid', 'Choose another connection than the one itself.', { field })
  }
  if (linked.provider !== from.provider || linked.baseUrl !== from.baseUrl) {
    const message = `"${linked.name}" is of ${new URL(linked.baseUrl).host}, where these repositories are not. Choose one of ${new URL(from.baseUrl).host}.`
    throw new DomainError('InputInvalid', message, { field })
  }
  return { linked, hold: reading.hold }
}

async function tryThrough(
  shell: Shell,
  { linked, toConnectionId }: { linked: LinkedConnection; toConnectionId: string },
  uses: readonly Use[],
  by: Cause,
): Promise<Tried[]> {
  const world = shell.reach(linked.certificateAuthority)
  const { provider, baseUrl } = linked
  const key = { organizationId: by.organizationId, connectionId: toConnectionId }
  const refused = (tried: Tried[]) => tried.some(({ failure }) => failure === 'credential')
  const use = { ...key, by, purpose: 'list' as const, needMs: TRY_MS, refused }
  const tried: Tried[] = []
  for (let at = 0; at < uses.length; at += AT_ONCE) {
    const some = uses.slice(at, at + AT_ONCE)
    tried.push(
      ...(await shell.credentials.useToken(use, ({ username, token }) =>
        tryRepositories(world, { provider, baseUrl, username, token }, some),
      )),
    )
  }
  return tried
}
