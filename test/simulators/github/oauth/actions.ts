import { z } from 'zod'
import { consentSchema } from '../../consent.ts'
import { action } from '../../control.ts'
import { lagSchema } from '../../replica-lag.ts'
import type { GitHubWorld } from '../world.ts'
import { clientChange, oauthAppSchema } from './client.ts'
import type { Grants } from './grants.ts'

const secret = z.object({ token: z.string() })
const grant = z.object({ clientId: z.string(), user: z.string() })

/** What can be done from outside to the applications that ask people, and to what people granted them. */
export function oauthActions(world: GitHubWorld, grants: Grants) {
  return {
    oauthApp: action(oauthAppSchema, (app) => grants.addOAuthApp(app)),
    changeClient: action(clientChange, (change) => void Object.assign(grants.requireClient(change.clientId), change)),
    /** Who sits in front of the consent page, and how they answer. */
    consent: action(consentSchema, (consent) => grants.consent.set(consent)),
    /** Grants a client something without a visit to the consent page, and gives the tokens. */
    grant: action(grant.extend({ scopes: z.array(z.string()).default(['repo', 'read:org']) }), (input) => {
      const { access, refresh } = grants.issue(
        grants.requireClient(input.clientId),
        world.requireUser(input.user),
        input.scopes,
      )
      return { accessToken: access.token, refreshToken: refresh?.token ?? null }
    }),
    /** Somebody takes back in their settings what they granted a client. */
    withdraw: action(grant, ({ clientId, user }) => {
      grants.withdraw(grants.requireClient(clientId), world.requireUser(user))
    }),
    revoke: action(secret, ({ token }) => {
      if (!grants.revoke(token)) throw new Error('No such token at the simulated GitHub.')
    }),
    /** Ends an access or refresh token now, as its time does. */
    expire: action(secret, ({ token }) => grants.expire(token)),
    /** How long a fresh token is refused as unknown. */
    replicaLag: action(lagSchema, (lag) => world.lag.set(lag)),
  }
}
