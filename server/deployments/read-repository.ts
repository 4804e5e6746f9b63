import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type MirrorOf, readSources, type Sources } from '../git/read-sources.ts'
import { type Fetched, failureOf, usableConnection } from './fetch-repository.ts'
import { fetchWithCredential } from './fetch-with-credential.ts'
import { mirrorsOf } from './mirrors.ts'
import type { Fetching } from './run.ts'
import { StepFailed } from './step-failure.ts'

const MOST_NAMED = 5

/** A repository of the project, with what is in it and in its submodules. */
export interface Source extends Fetched {
  readonly sources: Extract<Sources, { is: 'sources' }>
}

/**
 * Reads what is in a repository and in its submodules, which are fetched with the repository's own connection where
 * they are not in their mirrors.
 * @throws {StepFailed} naming the submodules that can't be had, with the remedy.
 */
export async function readRepository(run: Fetching, fetched: Fetched): Promise<Source> {
  const { say, signal } = run
  const { mirror, commit, url, fullName } = fetched
  const sources = await readSources({
    mirror,
    commit,
    url,
    signal,
    mirrorOf: (wanted) => fetchSubmodule(run, fetched, wanted),
  })
  signal.throwIfAborted()
  if (sources.is === 'stopped') throw new Error('Reading a tree was stopped by nobody')
  if (sources.is === 'refused') {
    const remedy = 'Take what is wrong out of the repository, then deploy.'
    throw new StepFailed({ reason: 'tree', message: `${fullName}: ${sources.text}`, remedy })
  }
  for (const path of sources.unreadable) {
    await say('warning', `${fullName}: ${path} is left out: its name is no text.`)
  }
  if (sources.left.length > 0) {
    const named = sources.left.slice(0, MOST_NAMED).map(({ path, why }) => `The submodule ${path} ${why}`)
    const more = sources.left.length > MOST_NAMED ? [`${sources.left.length - MOST_NAMED} more can't be had.`] : []
    throw new StepFailed({
      reason: 'submodule',
      message: `${fullName}: ${[...named, ...more].join(' ')}`,
      remedy:
        'Correct .gitmodules or give the connection access; a repository of another host can be an addon repository of the project, through a connection of its own.',
    })
  }
  return { ...fetched, sources }
}

async function fetchSubmodule(
  run: Fetching,
  { repository, fullName }: Fetched,
  { path, url, commit }: Parameters<MirrorOf>[0],
): ReturnType<MirrorOf> {
  const { shell, organizationId, signal } = run
  const { connectionId } = repository
  const name = `${fullName}: ${path}`
  const linked = await usableConnection(run, { connectionId, fullName: name })
  const folder = mirrorsOf(shell.config, { organizationId, connectionId })
  const mirror = join(folder, `submodule-${createHash('sha256').update(url).digest('hex')}.git`)
  const repositoryId = await numberOf(run, connectionId, url)
  const of = { linked, connectionId, repositoryId, url, mirror, want: { commit }, name }
  const { outcome } = await fetchWithCredential(run, of)
  signal.throwIfAborted()
  if (outcome.kind === 'fetched') return { is: 'here', mirror }
  const { message } = failureOf(outcome, { fullName: url, branch: commit, connection: linked.name })
  return { is: 'left', why: `was not fetched: ${message}` }
}

/** The number of a repository, where it is listed. */
async function numberOf(
  { shell, organizationId }: Fetching,
  connectionId: string,
  url: string,
): Promise<string | null> {
  const row = await shell.db
    .selectFrom('repository')
    .select('repository_id')
    .where('organization_id', '=', organizationId)
    .where('connection_id', '=', connectionId)
    .where('url', '=', url.replace(/\.git$/, ''))
    .executeTakeFirst()
  return row?.repository_id ?? null
}
