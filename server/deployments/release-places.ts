import { readlink, rename, stat, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pruneMirror } from '../git/keep-release.ts'
import { removeRelease } from '../git/remove-release.ts'
import type { Shell } from '../shell.ts'
import type { Fetched } from './fetch-repository.ts'
import type { Run } from './run.ts'

/** So many releases of an environment stay on the disk; going back further writes the files anew. */
const KEPT = 5
/** A mirror is tidied once in so many deployments. */
const TIDY_EVERY = 10

/**
 * The folder of the newest release that succeeded on this machine, where it holds just these commits in this order;
 * null otherwise. `place` is where a new one would lie.
 */
export async function sameFiles(
  { shell, key }: Run,
  sources: readonly Fetched[],
  place: string,
): Promise<string | null> {
  const current = await currentOf(dirname(place))
  if (current === null) return null
  await shell.runner.caughtUp('deployment', key.organizationId)
  const before = await shell.db
    .selectFrom('deployment')
    .select('repositories')
    .where('organization_id', '=', key.organizationId)
    .where('deployment_id', '=', basename(current))
    .executeTakeFirst()
  const isSame =
    before?.repositories.length === sources.length &&
    before.repositories.every(({ connectionId, repositoryId, commit }, index) => {
      const source = sources[index]
      const used = source?.repository
      return source?.commit === commit && used?.repositoryId === repositoryId && used.connectionId === connectionId
    })
  return isSame ? current : null
}

/** Where `current` in an environment's folder leads to; null where it leads nowhere. */
async function currentOf(folder: string): Promise<string | null> {
  const name = await readlink(join(folder, 'current')).catch(() => null)
  if (name === null) return null
  const path = join(folder, basename(name))
  return (await stat(path).catch(() => null))?.isDirectory() ? path : null
}

/** Lets `current` beside an environment's releases lead to the newest one, for Odoo's own configuration to name. */
export async function showCurrent({ key }: Run, release: string): Promise<void> {
  const folder = dirname(release)
  const beside = join(folder, `.current.${key.deploymentId}`)
  await symlink(basename(release), beside)
  await rename(beside, join(folder, 'current'))
}

/** Removes the files of releases that are older than the last few, and now and then what mirrors keep for nobody. */
export async function tidyReleases(run: Run, sources: readonly Fetched[], current: string): Promise<void> {
  const { shell, key, environment } = run
  const rows = await shell.db
    .selectFrom('deployment_run')
    .select(['deployment_id', 'release'])
    .where('organization_id', '=', key.organizationId)
    .where('environment_id', '=', key.environmentId)
    .where('release', 'is not', null)
    .orderBy('number', 'desc')
    .offset(KEPT)
    .execute()
  for (const { deployment_id, release } of rows) {
    if (release === null || release === current) continue
    await forget(shell, key.organizationId, { deployment_id, release })
  }
  if ((environment.deployment?.number ?? 0) % TIDY_EVERY !== 0) return
  const keep = await wanted(run)
  for (const mirror of new Set(sources.map((source) => source.mirror))) await pruneMirror(mirror, keep)
}

/** Removes the files of all releases of an environment that is no more. */
export async function removeReleases(
  shell: Pick<Shell, 'db'>,
  { organizationId, environmentId }: { organizationId: string; environmentId: string },
): Promise<void> {
  const rows = await shell.db
    .selectFrom('deployment_run')
    .select(['deployment_id', 'release'])
    .where('organization_id', '=', organizationId)
    .where('environment_id', '=', environmentId)
    .where('release', 'is not', null)
    .execute()
  for (const { deployment_id, release } of rows) {
    if (release !== null) await forget(shell, organizationId, { deployment_id, release })
  }
  const [any] = rows
  if (any?.release) await removeRelease(dirname(any.release))
}

async function forget(
  { db }: Pick<Shell, 'db'>,
  organizationId: string,
  { deployment_id, release }: { deployment_id: string; release: string },
): Promise<void> {
  await removeRelease(release)
  await db
    .updateTable('deployment_run')
    .set({ release: null })
    .where('organization_id', '=', organizationId)
    .where('deployment_id', '=', deployment_id)
    .execute()
}

/** What a mirror of the organization is kept for: releases on the disk, and the branches that anybody deploys. */
async function wanted({ shell, key }: Run): Promise<{ releases: string[]; branches: string[] }> {
  const { organizationId } = key
  const [runs, environments, projects] = await Promise.all([
    shell.db
      .selectFrom('deployment_run')
      .select('deployment_id')
      .where('organization_id', '=', organizationId)
      .where('release', 'is not', null)
      .execute(),
    shell.db.selectFrom('environment_status').select('branch').where('organization_id', '=', organizationId).execute(),
    shell.db
      .selectFrom('project_status')
      .select(['repository', 'addons'])
      .where('organization_id', '=', organizationId)
      .execute(),
  ])
  const branches = [
    ...environments.map(({ branch }) => branch),
    ...projects.flatMap(({ repository, addons }) => [repository, ...addons].map((used) => used?.branch ?? null)),
  ]
  return {
    releases: runs.map(({ deployment_id }) => deployment_id),
    branches: [...new Set(branches.filter((branch) => branch !== null))],
  }
}
