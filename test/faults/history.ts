import { randomUUID } from 'node:crypto'
import {
  allEvents,
  type ConnectionCommand,
  connection,
  createRegistry,
  type EnvironmentCommand,
  type Evidence,
  environment,
  type ProjectCommand,
  project,
} from '@git-connections/events'
import { type EventStore, openEventStore, openPool } from '@git-connections/events/store'
import { createTestDatabase } from '@git-connections/events/store/testing'
import { execute } from '../../server/commands/execute.ts'

export const registry = createRegistry(allEvents)

/** A migrated database with a store on it, closed at the end. */
export async function openWorld(options: { listen?: boolean } = {}) {
  const database = await createTestDatabase()
  const pool = openPool(database.connectionString, { max: 8 })
  const store = await openEventStore({ pool, registry, listen: options.listen ?? true })
  return {
    ...{ connectionString: database.connectionString, pool, store },
    async close() {
      await store.close()
      await pool.end()
      await database[Symbol.asyncDispose]()
    },
  }
}

export const evidence: Evidence = {
  checkedAt: '2026-11-24T10:00:00.000Z',
  calls: [
    { method: 'GET', url: 'https://api.github.com/user', status: 200, requestId: 'A1', durationMs: 80, answer: 'OK' },
  ],
  account: { id: '42', login: 'acme-bot', name: 'Acme', kind: 'user', url: 'https://github.com/acme-bot' },
  tokenKind: 'classic personal access token',
  scopes: ['repo'],
  missingScopes: [],
  expiresAt: '2026-12-20T00:00:00.000Z',
  rateLimit: { limit: 5000, remaining: 4999, resetAt: null },
  warnings: [],
  canList: { is: 'yes', detail: 'listed' },
  canClone: { is: 'unchecked', detail: 'no repository' },
  repositories: [],
  durationMs: 100,
}

/** Carries a command out on a connection as a person would. */
export function command(
  store: EventStore,
  at: { organizationId: string; connectionId: string; clock?: () => Date; commandId?: string },
  what: ConnectionCommand,
) {
  const shell = { store, clock: at.clock ?? (() => new Date()) }
  return execute(shell, { decider: connection, streamId: at.connectionId }, what, byAda(at))
}

/** Carries a command out on a project as a person would. */
export function commandProject(
  store: EventStore,
  at: { organizationId: string; projectId: string; clock?: () => Date },
  what: ProjectCommand,
) {
  const shell = { store, clock: at.clock ?? (() => new Date()) }
  return execute(shell, { decider: project, streamId: at.projectId }, what, byAda(at))
}

/** Carries a command out on an environment as a person would. */
export function commandEnvironment(
  store: EventStore,
  at: { organizationId: string; environmentId: string; clock?: () => Date },
  what: EnvironmentCommand,
) {
  const shell = { store, clock: at.clock ?? (() => new Date()) }
  return execute(shell, { decider: environment, streamId: at.environmentId }, what, byAda(at))
}

function byAda({ organizationId, commandId = randomUUID() }: { organizationId: string; commandId?: string }) {
  const actor = { kind: 'person' as const, id: 'ada', name: 'Ada' }
  return { actor, organizationId, commandId, correlationId: commandId, causationId: null }
}

export const create = (name = 'acme'): ConnectionCommand => ({
  ...{ type: 'CreateConnection', name, provider: 'github', method: 'token' },
  ...{ baseUrl: 'https://github.com', fingerprint: '0123456789abcdef' },
  ...{ credential: { kind: 'token' }, certificateAuthority: null, checked: null },
})

export const validate = (outcome: 'active' | 'revoked' = 'active'): ConnectionCommand => ({
  type: 'RecordValidation',
  verdict: { is: 'answered', outcome, reason: outcome, message: `GitHub said ${outcome}.`, evidence },
  ...{ credentialVersion: 1, at: new Date('2026-11-24T10:00:00.000Z'), jitter: 0 },
})
