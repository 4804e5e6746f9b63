import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { FetchOutcome } from '../git/fetch-commit.ts'
import { readTree, type TreeEntry } from '../git/read-tree.ts'
import { readSubmodules, type Submodule } from '../git/submodules.ts'
import { FETCH_MS, failureOf, mirrorsOf, usableConnection, withToken } from './fetch-repository.ts'
import type { Run } from './run.ts'
import { StepFailed } from './step-failure.ts'

/** Submodules within submodules; deeper ones are a mistake or a trap. */
const DEEPEST = 4

/** A repository or submodule whose files are in a mirror. */
export interface InMirror {
  /** Below the folder of the repository; empty for the repository itself. */
  readonly path: string
  readonly mirror: string
  readonly commit: string
  readonly entries: readonly TreeEntry[]
}

/** Who fetches submodules: through whose connection, and what people call the repository. */
export interface Parent {
  readonly connectionId: string
  readonly fullName: string
  readonly url: string
}

/**
 * Reads the tree of a repository and of all its submodules, which are fetched where they are not in their mirrors. One
 * of the same host is opened with the same connection, one of another host with the project's connection to that host.
 * @throws {StepFailed} naming the submodule, with the remedy.
 */
export async function readTrees(
  run: Run,
  parent: Parent,
  at: Omit<InMirror, 'entries'>,
  others: readonly Parent[],
  depth = 0,
): Promise<InMirror[]> {
  const { signal } = run
  const tree = await readTree(at.mirror, at.commit, { signal })
  signal.throwIfAborted()
  if (tree.is === 'refused') {
    const remedy = 'Take what is wrong out of the repository, then deploy.'
    throw new StepFailed({ reason: 'tree', message: `${named(parent, at.path)}: ${tree.text}`, remedy })
  }
  for (const path of tree.unreadable) {
    await run.record.line('fetch', 'warning', `${named(parent, at.path)}: ${path} is left out: its name is no text.`)
  }
  const own = { ...at, entries: tree.entries }
  if (!tree.entries.some(({ kind }) => kind === 'submodule')) return [own]
  if (depth === DEEPEST) {
    const message = `${named(parent, at.path)} has submodules within submodules, deeper than ${DEEPEST}.`
    throw new StepFailed({ reason: 'submodule', message, remedy: 'Flatten them.' })
  }
  const below: InMirror[] = []
  for (const submodule of await readSubmodules(
    at.mirror,
    { entries: tree.entries, parentUrl: parent.url },
    { signal },
  )) {
    const path = at.path === '' ? submodule.path : `${at.path}/${submodule.path}`
    const { by, url } = await wayTo(run, { parent, at, tree: own, submodule, others, path })
    const mirror = join(
      mirrorsOf(run, by.connectionId),
      `submodule-${createHash('sha256').update(url).digest('hex')}.git`,
    )
    await fetchSubmodule(run, { by, url, mirror, commit: submodule.commit, name: named(parent, path) })
    const of = { ...by, fullName: parent.fullName, url }
    below.push(...(await readTrees(run, of, { path, mirror, commit: submodule.commit }, others, depth + 1)))
  }
  return [own, ...below]
}

/** Whose connection opens a submodule, and where it is. */
async function wayTo(
  run: Run,
  of: {
    parent: Parent
    at: Omit<InMirror, 'entries'>
    tree: InMirror
    submodule: Submodule
    others: readonly Parent[]
    path: string
  },
): Promise<{ by: Parent; url: string }> {
  const { parent, at, tree, submodule, others, path } = of
  const { address } = submodule
  if (address.is === 'fetch') return { by: parent, url: address.url }
  if (address.is === 'refused') {
    throw new StepFailed({
      reason: 'submodule',
      message: `The submodule ${named(parent, path)} ${address.reason}.`,
      remedy: 'Correct it in .gitmodules, then deploy.',
    })
  }
  for (const other of others) {
    const again = await readSubmodules(
      at.mirror,
      { entries: tree.entries, parentUrl: other.url },
      { signal: run.signal },
    )
    const there = again.find((one) => one.path === submodule.path)
    if (there?.address.is === 'fetch') return { by: other, url: there.address.url }
  }
  throw new StepFailed({
    reason: 'submodule',
    message: `The submodule ${named(parent, path)} is on ${address.host}, which no connection of this project is for.`,
    remedy: `Add a repository of ${address.host} to the project through a connection to it, or take the submodule out.`,
  })
}

async function fetchSubmodule(
  run: Run,
  of: { by: Parent; url: string; mirror: string; commit: string; name: string },
): Promise<void> {
  const { shell, key, record, signal } = run
  const { by, url, mirror, commit, name } = of
  const linked = await usableConnection(run, by)
  const { fetchCommit } = shell.reach(linked.certificateAuthority)
  const repositoryIds = await idsOf(run, by.connectionId, url)
  const use = {
    ...{ organizationId: key.organizationId, connectionId: by.connectionId, by: run.by() },
    ...{ purpose: 'clone' as const, needMs: FETCH_MS, ...(repositoryIds ? { repositoryIds } : {}) },
    refused: (outcome: FetchOutcome) => outcome.kind === 'refused' && outcome.reason === 'credential',
  }
  const outcome = await withToken(run, linked, () =>
    shell.credentials.useToken(use, ({ username, token }) =>
      fetchCommit({
        ...{ url, username, password: token, mirror, want: { commit }, signal },
        limits: { deadlineMs: FETCH_MS },
        onProgress: (line) => void record.line('fetch', 'info', `${name}: ${line}`),
      }),
    ),
  )
  signal.throwIfAborted()
  if (outcome.kind !== 'fetched') throw failureOf(outcome, { fullName: name, branch: commit, connection: linked.name })
}

/** The number of a listed repository, to narrow an App's token to it. */
async function idsOf({ shell, key }: Run, connectionId: string, url: string): Promise<string[] | null> {
  const rows = await shell.db
    .selectFrom('repository')
    .select('repository_id')
    .where('organization_id', '=', key.organizationId)
    .where('connection_id', '=', connectionId)
    .where('url', '=', url.replace(/\.git$/, ''))
    .execute()
  return rows.length > 0 ? rows.map(({ repository_id }) => repository_id) : null
}

function named({ fullName }: Parent, path: string): string {
  return path === '' ? fullName : `${fullName}: ${path}`
}
