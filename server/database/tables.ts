import type { StoreTables } from '@git-connections/events/store'
import type { ProjectionTables } from '@git-connections/projections'
import type { PeopleTables } from '../auth/people-tables.ts'
import type { BrokerTables } from '../broker/broker-tables.ts'
import type { DeploymentTables } from '../deployments/deployment-tables.ts'
import type { AuthorizationTables } from '../oauth/authorization-table.ts'
import type { AllowanceTables } from '../probe/allowance.ts'
import type { RepositoryTables } from '../repositories/repository-tables.ts'
import type { VaultTables } from '../vault/tables.ts'

/** Every table of the database, as Kysely sees them. */
export type Tables = StoreTables &
  ProjectionTables &
  PeopleTables &
  VaultTables &
  BrokerTables &
  AuthorizationTables &
  RepositoryTables &
  AllowanceTables &
  DeploymentTables
