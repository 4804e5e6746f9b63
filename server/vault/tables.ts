import type { Actor } from '@git-connections/events'
import type { Generated } from 'kysely'
import type { Place } from './place.ts'

/** The vault's tables as Kysely sees them. */
export interface VaultTables {
  credential: {
    organization_id: string
    connection_id: string
    field: Place['field']
    version: number
    key_id: string
    wrapped_key: Buffer
    sealed: Buffer
    created_at: Date
  }
  installation_key: { only_one: Generated<boolean>; key_id: string; wrapped_key: Buffer; sealed: Buffer }
  credential_use: {
    organization_id: string
    id: string
    connection_id: string
    field: string
    version: number
    used_at: Date
    /** JSON text. */
    actor: Actor | string
    purpose: string
    correlation_id: string
  }
}
