import type { Generated, JSONColumnType } from 'kysely'
import type { StepTimes } from './steps.ts'
import type { StoredPlan } from './stored-plan.ts'

/** What deployments leave beside their events, as Kysely sees it. */
export interface DeploymentTables {
  deployment_run: {
    organization_id: string
    deployment_id: string
    environment_id: string
    number: number
    steps: JSONColumnType<StepTimes[]>
    /** Null until the plan is made. */
    plan: JSONColumnType<StoredPlan> | null
    /** The folder of its files, within the folder of releases; null before and after they are there. */
    release: string | null
    lines: Generated<number>
  }
  deployment_line: {
    organization_id: string
    deployment_id: string
    /** From 1. */
    line: number
    at: Date
    step: string
    level: string
    text: string
  }
  /** Which environment Odoo's databases are of. */
  odoo_database: { name: string; organization_id: string; environment_id: string }
}
