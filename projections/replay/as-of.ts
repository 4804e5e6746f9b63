import type { EventStore } from '@git-connections/events/store'
import { connectionStatus } from '../connection-status.ts'
import type { ConnectionStatusRow } from '../connection-status-row.ts'
import { type EnvironmentStatusRow, environmentStatus } from '../environment-status.ts'
import { inlineProjections } from '../list.ts'
import { type ProjectStatusRow, projectStatus } from '../project-status.ts'
import { foldLog, nothingFolded } from './fold-log.ts'

/** The organization's connections, projects and environments as they were; deleted ones are left out, as they were then. */
export interface AsOf {
  readonly at: Date
  /** The last position recorded at or before that instant; 0 when there was nothing yet. */
  readonly position: number
  readonly connections: readonly ConnectionStatusRow[]
  readonly projects: readonly ProjectStatusRow[]
  readonly environments: readonly EnvironmentStatusRow[]
}

type Reader = Pick<EventStore, 'db' | 'registry'>

/** Folds the log up to an instant; reads nothing else and writes nothing. */
export async function asOf(store: Reader, organizationId: string, at: Date): Promise<AsOf> {
  const last = await store.db
    .selectFrom('event')
    .select((eb) => eb.fn.max('position').as('position'))
    .where('organization_id', '=', organizationId)
    .where('recorded_at', '<=', at)
    .executeTakeFirst()
  const position = last?.position ?? 0
  const until = { organizationId, position }
  const connections = (await foldRows(store, connectionStatus.name, until)).map((row) =>
    connectionStatus.row.parse(row),
  )
  const projects = (await foldRows(store, projectStatus.name, until)).map((row) => projectStatus.row.parse(row))
  const environments = (await foldRows(store, environmentStatus.name, until)).map((row) =>
    environmentStatus.row.parse(row),
  )
  return {
    ...{ at, position },
    connections: connections.filter(({ deleted_at }) => deleted_at === null),
    projects: projects.filter(({ deleted_at }) => deleted_at === null),
    environments: environments.filter(({ deleted_at }) => deleted_at === null),
  }
}

async function foldRows(
  store: Reader,
  name: string,
  { organizationId, position }: { organizationId: string; position: number },
): Promise<unknown[]> {
  const projection = inlineProjections.find((one) => one.name === name)
  if (position === 0 || !projection?.streamType) return []
  const { streamType } = projection
  const until = { organizationId, folded: nothingFolded(), upTo: position, streamType }
  return [...(await foldLog(store, projection, until)).rows.values()]
}
