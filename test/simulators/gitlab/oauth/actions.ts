import { z } from 'zod'
import { consentSchema } from '../../consent.ts'
import { action } from '../../control.ts'
import { lagSchema } from '../../replica-lag.ts'
import type { GitLabWorld } from '../world.ts'
import { applicationSchema } from './application.ts'
import type { Grants } from './grants.ts'

const one = z.object({ uid: z.string() })
const ofUser = one.extend({ user: z.string() })

/** What can be done from outside to applications and to what people granted them. */
export function oauthActions(world: GitLabWorld, grants: Grants) {
  return {
    application: action(applicationSchema, (application) => grants.register(application)),
    removeApplication: action(one, ({ uid }) => grants.remove(uid)),
    /** Who sits in front of the consent page, and how they answer. */
    consent: action(consentSchema, (consent) => grants.consent.set(consent)),
    /** Grants an application something without a visit to the consent page, and gives the pair of tokens. */
    grant: action(ofUser.extend({ scopes: z.array(z.string()).optional() }), ({ uid, user, scopes }) => {
      const application = grants.require(uid)
      const { token, refreshToken } = grants.issue(application, user, scopes ?? application.scopes)
      return { accessToken: token, refreshToken }
    }),
    /** Somebody takes back in their settings what they granted an application. */
    withdraw: action(ofUser, ({ uid, user }) => grants.withdraw(uid, world.requireUser(user).username)),
    /** How long a fresh OAuth token is refused as unknown. */
    replicaLag: action(lagSchema, (lag) => world.lag.set(lag)),
  }
}
