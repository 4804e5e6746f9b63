import { join } from 'node:path'
import type { Config } from '../config.ts'

type Of = { readonly organizationId: string; readonly connectionId: string }

/** The folder of the mirrors of a connection, which is of one organization. */
export function mirrorsOf({ dataDir }: Pick<Config, 'dataDir'>, { organizationId, connectionId }: Of): string {
  return join(dataDir, 'mirrors', organizationId, connectionId)
}

/** The mirror of a repository. */
export function mirrorOf(config: Pick<Config, 'dataDir'>, of: Of & { readonly repositoryId: string }): string {
  return join(mirrorsOf(config, of), `${of.repositoryId}.git`)
}
