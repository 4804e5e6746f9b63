import type { ActiveEnvironment, ClonedRepository, EnvironmentCommand, PinnedCommit } from '@git-connections/events'
import type { Cause } from '../commands/cause.ts'
import type { Shell } from '../shell.ts'
import type { OdooModules } from './odoo-modules.ts'
import type { LineLevel, RunKey, RunRecord } from './record-run.ts'

/** Fetching the repositories of a project, for whatever purpose. */
export interface Fetching {
  readonly shell: Shell
  readonly organizationId: string
  readonly projectId: string
  /** Repositories that are taken at a chosen commit; the others at their branch's latest. */
  readonly pinned: readonly PinnedCommit[]
  readonly signal: AbortSignal
  /** A new cause for each command. */
  readonly by: () => Cause
  /** Tells those who watch. */
  readonly say: (level: LineLevel, text: string) => Promise<void>
  /** Hears which commit of each repository was taken, and by which credential. */
  readonly took: (repository: ClonedRepository) => Promise<void>
}

/** A deployment that runs: what its steps work with. */
export interface Run extends Fetching {
  readonly key: RunKey
  /** The environment as it was when the run began. */
  readonly environment: ActiveEnvironment
  readonly record: RunRecord
  /** Aborted, with a `Halt` as the reason, when the run must end. */
  readonly signal: AbortSignal
  readonly odooModules: OdooModules
  /** Carries out a command on the environment. */
  readonly tell: (command: EnvironmentCommand) => Promise<void>
}
