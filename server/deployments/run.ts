import type { ActiveEnvironment, EnvironmentCommand } from '@git-connections/events'
import type { Cause } from '../commands/cause.ts'
import type { Shell } from '../shell.ts'
import type { OdooModules } from './odoo-modules.ts'
import type { RunKey, RunRecord } from './record-run.ts'

/** A deployment that runs: what its steps work with. */
export interface Run {
  readonly shell: Shell
  readonly key: RunKey
  /** The environment as it was when the run began. */
  readonly environment: ActiveEnvironment
  readonly record: RunRecord
  /** Aborted, with a `Halt` as the reason, when the run must end. */
  readonly signal: AbortSignal
  /** A new cause for each command. */
  readonly by: () => Cause
  readonly odooModules: OdooModules
  /** Carries out a command on the environment. */
  readonly tell: (command: EnvironmentCommand) => Promise<void>
}
