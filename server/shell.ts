import type { ProviderName } from '@git-connections/events'
import type { EventStore } from '@git-connections/events/store'
import type { ProjectionRunner } from '@git-connections/projections'
import type { Kysely } from 'kysely'
import type { People } from './auth/people.ts'
import type { CredentialBroker } from './broker/broker.ts'
import type { OAuthApplications } from './broker/oauth-applications.ts'
import type { Config } from './config.ts'
import type { Tables } from './database/tables.ts'
import type { Enqueue } from './jobs/jobs.ts'
import type { Log } from './log.ts'
import type { Provider } from './providers/provider.ts'
import type { Reach } from './providers/reach.ts'
import type { Vault } from './vault/vault.ts'

/** What commands and procedures work with; put together once, in main.ts. */
export interface Shell {
  readonly config: Config
  readonly log: Log
  readonly clock: () => Date
  /** Resolves after that many milliseconds of the shell's clock. */
  readonly sleep: (ms: number) => Promise<void>
  readonly store: EventStore
  readonly db: Kysely<Tables>
  readonly runner: ProjectionRunner
  readonly vault: Vault
  readonly providers: Readonly<Record<ProviderName, Provider>>
  /** The providers as a connection with a certificate authority of its own sees them. */
  readonly reach: Reach
  readonly applications: OAuthApplications
  readonly credentials: CredentialBroker
  readonly people: People
  readonly enqueue: Enqueue
}
