import type { AuditEntryRow } from './audit-entry.ts'
import type { ConnectionStatusRow } from './connection-status-row.ts'
import type { CreatorAuditRow } from './creator-audit.ts'
import type { DeploymentRow } from './deployment.ts'
import type { EnvironmentStatusRow } from './environment-status.ts'
import type { ProjectStatusRow } from './project-status.ts'

/** A time column takes what Kysely sends and gives a Date. */
type Columns<Row> = {
  [Name in keyof Row]: Name extends `${string}_at` | 'status_since' | 'restorable_until'
    ? Date | Extract<Row[Name], null>
    : Row[Name]
}

/** The projections' tables as Kysely sees them. */
export interface ProjectionTables {
  connection_status: Columns<ConnectionStatusRow>
  project_status: Columns<ProjectStatusRow>
  environment_status: Columns<EnvironmentStatusRow>
  creator_audit: Columns<CreatorAuditRow>
  audit_entry: Columns<AuditEntryRow>
  deployment: Columns<DeploymentRow>
}
