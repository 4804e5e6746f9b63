import { DomainError, type LinkedConnection, type Revocation } from '@git-connections/events'
import type { EventStore } from '@git-connections/events/store'
import type { Kysely } from 'kysely'
import type { Cause } from '../commands/cause.ts'
import { readLinked } from '../commands/connection.ts'
import type { Tables } from '../database/tables.ts'
import type { Log } from '../log.ts'
import type { AppCredential } from '../providers/app.ts'
import type { TokenSet } from '../providers/oauth/grant.ts'
import type { Reach } from '../providers/reach.ts'
import type { OpenCredential, Use } from '../vault/open-credential.ts'
import type { Vault } from '../vault/vault.ts'
import { endGrant } from './end-grant.ts'
import { createHostGate } from './host-gate.ts'
import { createInstallationTokens } from './installation-tokens.ts'
import { type ConnectionKey, hold, isLeased } from './lease.ts'
import type { OAuthApplications } from './oauth-applications.ts'
import { type RefreshRequest, refreshGrant } from './refresh-grant.ts'

/** A token is not handed out when it ends this soon after the use: clocks differ, and answers take their time. */
const MARGIN_MS = 60_000
const LOOK_AGAIN_MS = 100

/** What the broker works with. */
export interface BrokerWorld {
  readonly store: EventStore
  readonly db: Kysely<Tables>
  readonly clock: () => Date
  readonly log: Log
  readonly vault: Vault
  readonly open: OpenCredential
  readonly applications: OAuthApplications
  readonly reach: Reach
  /** How long one server may take for a refresh before another takes over. */
  readonly leaseMs: number
  /** Real time passes, whatever the clock says: it waits for other processes. */
  readonly pause: (ms: number) => Promise<void>
}

/** A credential in the clear, for the use it was asked for and no longer. */
export type OpenedCredential =
  | { readonly kind: 'token' | 'oauth'; readonly token: string }
  | { readonly kind: 'githubApp'; readonly app: AppCredential }

/** Who uses the credential of which connection, what for, and how long at most. */
export interface CredentialUse extends ConnectionKey {
  readonly by: Cause
  readonly purpose: Use['purpose']
  readonly needMs: number
}

/** The one way to a connection's credential, for everything in this server. */
export interface CredentialBroker {
  /**
   * Hands the credential to one use. A grant is refreshed before where it would end during the use, and is not
   * refreshed while the use runs.
   * @throws {DomainError} ConnectionMissing; VaultSealed; RefreshFailed when a grant that has ended can't be renewed.
   */
  readonly use: <Result>(
    use: CredentialUse,
    work: (credential: OpenedCredential, linked: LinkedConnection) => Promise<Result>,
  ) => Promise<Result>
  /**
   * Hands a token for API and git to one use, whatever the connection's method: for an App one of its installation,
   * narrowed to the repositories that are named. `refused` says of an outcome that the provider did not know the token:
   * where that was one kept from before, the work is done once more, with a new one.
   * @throws {DomainError} as `use`; CredentialRefused or CredentialUnchecked when an App gets no token.
   */
  readonly useToken: <Result>(
    use: CredentialUse & { repositoryIds?: readonly string[]; refused?: (result: Result) => boolean },
    work: (token: { username: string; token: string; credentialVersion: number }) => Promise<Result>,
  ) => Promise<Result>
  /**
   * Gets a new pair of tokens in place of the one of that version, also where that one has not ended.
   * @throws {DomainError} RefreshFailed, with the reason.
   */
  readonly refresh: (request: ConnectionKey & { by: Cause; version: number }) => Promise<LinkedConnection>
  /** Hands over a grant that waits to be confirmed. */
  readonly useHeld: <Result>(
    held: ConnectionKey & { by: Cause; refreshable: boolean },
    work: (tokens: Pick<TokenSet, 'accessToken' | 'refreshToken'>) => Promise<Result>,
  ) => Promise<Result>
  /** Ends a credential at the provider where that is possible. */
  readonly end: (request: ConnectionKey & { by: Cause; linked: LinkedConnection }) => Promise<Revocation>
}

/** Makes the broker of a server. */
export function createBroker(world: BrokerWorld): CredentialBroker {
  const refreshing = new Map<string, Promise<LinkedConnection>>()
  const gated = { ...world, gate: createHostGate(world) }
  const installationTokens = createInstallationTokens(world)

  /** Callers of this process share one attempt, as long as it gives each of them enough. Nobody waits for a job's. */
  async function refreshOnce(request: RefreshRequest): Promise<LinkedConnection> {
    const key = [request.organizationId, request.connectionId, request.by.actor.kind === 'job'].join('/')
    const running = refreshing.get(key)
    if (running) {
      const linked = await running
      return request.enough(linked) ? linked : refreshOnce(request)
    }
    const started = refreshGrant(gated, request).finally(() => refreshing.delete(key))
    refreshing.set(key, started)
    return started
  }

  const broker: CredentialBroker = {
    async use(use, work) {
      const { organizationId, connectionId, by, purpose, needMs } = use
      const trace = { actor: by.actor, purpose, correlationId: by.correlationId }
      let renewed = false
      for (;;) {
        const linked = await readLinked(world, connectionId, by)
        const { credential, credentialVersion } = linked
        const place = { organizationId, connectionId, version: credentialVersion }
        if (credential.kind === 'githubApp') {
          const { appId, installationId } = credential
          return world.open({ ...place, field: 'privateKey' }, trace, (pem) =>
            work({ kind: 'githubApp', app: { appId, installationId, pem } }, linked),
          )
        }
        if (credential.kind === 'token') {
          return world.open({ ...place, field: 'token' }, trace, (token) => work({ kind: 'token', token }, linked))
        }
        const open = () =>
          world.open({ ...place, field: 'accessToken' }, trace, (token) => work({ kind: 'oauth', token }, linked))
        if (!credential.refreshable) return open()
        const enough = (now: LinkedConnection) => lasts(now, needMs + MARGIN_MS, world.clock())
        // A new token that does not last as long as it should is the best there is.
        if (!renewed && !enough(linked)) {
          await refreshOnce({ organizationId, connectionId, by, enough })
          renewed = true
          continue
        }
        const release = await hold(world.db, use, { credentialVersion, lengthMs: needMs })
        try {
          // A refresh that began in between ends this token; then its outcome is waited for.
          const moved = (await readLinked(world, connectionId, by)).credentialVersion !== credentialVersion
          if (!moved && !(await isLeased(world.db, use))) return await open()
        } finally {
          await release()
        }
        await world.pause(LOOK_AGAIN_MS)
      }
    },

    useToken: (use, work) =>
      broker.use(use, async (credential, linked) => {
        const { credentialVersion } = linked
        if (credential.kind !== 'githubApp') {
          const username = linked.provider === 'github' ? 'x-access-token' : 'oauth2'
          return work({ username, token: credential.token, credentialVersion })
        }
        const of = { app: credential.app, linked }
        const workWith = (token: string) => work({ username: 'x-access-token', token, credentialVersion })
        const { token, isNew } = await installationTokens.get(use, of)
        const result = await workWith(token)
        if (isNew || !use.refused?.(result)) return result
        return workWith((await installationTokens.get(use, of, token)).token)
      }),

    refresh({ version, ...request }) {
      const enough = ({ credentialVersion }: LinkedConnection) => credentialVersion !== version
      return refreshOnce({ ...request, enough })
    },

    useHeld({ by, refreshable, organizationId, connectionId }, work) {
      const trace = { actor: by.actor, purpose: 'sign-in', correlationId: by.correlationId } as const
      const place = { organizationId, connectionId, version: 1 }
      return world.open({ ...place, field: 'accessToken' }, trace, (accessToken) =>
        refreshable
          ? world.open({ ...place, field: 'refreshToken' }, trace, (refreshToken) =>
              work({ accessToken, refreshToken }),
            )
          : work({ accessToken, refreshToken: null }),
      )
    },

    end: (request) => endGrant(world, request),
  }
  return broker
}

/** Whether the access token lasts so long from now on. */
function lasts({ credential }: LinkedConnection, ms: number, now: Date): boolean {
  if (credential.kind !== 'oauth')
    throw new DomainError('InputInvalid', 'Only an OAuth connection has tokens to refresh.')
  return credential.accessExpiresAt === null || Date.parse(credential.accessExpiresAt) >= now.getTime() + ms
}
