import type { LinkedConnection, Revocation } from '@git-connections/events'
import type { Cause } from '../commands/cause.ts'
import type { TokenSet } from '../providers/oauth/grant.ts'
import type { BrokerWorld } from './broker.ts'
import type { ConnectionKey } from './lease.ts'

type Ending = ConnectionKey & { by: Cause; linked: LinkedConnection }

/** Ends a connection's credential at the provider, where we can: what was granted to an application of ours. */
export async function endGrant(world: BrokerWorld, request: Ending): Promise<Revocation> {
  const { linked } = request
  switch (linked.credential.kind) {
    case 'token':
      return { is: 'notPossible', message: 'Only its owner can end the token: delete it at the provider.' }
    case 'githubApp':
      return { is: 'notPossible', message: 'The installation stays: uninstall the App at GitHub to end its access.' }
    case 'oauth': {
      const { organizationId, connectionId, by } = request
      const use = { actor: by.actor, purpose: 'revoke', correlationId: by.correlationId } as const
      const place = { organizationId, connectionId, version: linked.credentialVersion }
      const end = (accessToken: string, refreshToken: string | null) =>
        endTokens(world, request, { accessToken, refreshToken })
      return world.open({ ...place, field: 'accessToken' }, use, (accessToken) =>
        linked.credential.kind === 'oauth' && linked.credential.refreshable
          ? world.open({ ...place, field: 'refreshToken' }, use, (refreshToken) => end(accessToken, refreshToken))
          : end(accessToken, null),
      )
    }
  }
}

/** Ends tokens that were granted to the connection's application. */
export async function endTokens(
  world: BrokerWorld,
  { organizationId, by, linked }: Ending,
  tokens: Pick<TokenSet, 'accessToken' | 'refreshToken'>,
): Promise<Revocation> {
  const { provider, baseUrl, credential } = linked
  const known = await world.applications.find(organizationId, { provider, baseUrl })
  if (!known || credential.kind !== 'oauth' || known.clientId !== credential.clientId) {
    return { is: 'notRevoked', message: 'The OAuth application is not set any more, so the provider was not told.' }
  }
  const use = { actor: by.actor, purpose: 'revoke', correlationId: by.correlationId } as const
  return world.applications.use(organizationId, known, use, async (application) => {
    const { is, message } = await world.reach(linked.certificateAuthority).oauth.revoke(application, tokens)
    return { is, message }
  })
}
