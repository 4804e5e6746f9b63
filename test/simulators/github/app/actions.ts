import { z } from 'zod'
import { action } from '../../control.ts'
import type { Grants } from '../oauth/grants.ts'
import type { GitHubWorld } from '../world.ts'
import { appSchema, installationChange, installationSchema } from './declare.ts'
import { makeKey } from './keys.ts'

const app = z.object({ app: z.int() })
const installation = z.object({ id: z.int() })

/** What can be done from outside to GitHub Apps and their installations. */
export function appActions({ apps, clock }: GitHubWorld, grants: Grants) {
  return {
    /** Registers a GitHub App, without a key yet. */
    app: action(appSchema, (input) => {
      const added = apps.add(input)
      grants.clients.set(added.clientId, added)
      return added
    }),
    removeApp: action(app, ({ app }) => void grants.clients.delete(apps.remove(app).clientId)),
    /** Makes a key of an App, or takes the given one, and gives its private half and its fingerprint. */
    appKey: action(
      app.extend({
        pem: z.string().optional(),
        /** For how long GitHub does not know it yet. */
        hiddenForMilliseconds: z.int().nonnegative().default(0),
      }),
      async ({ app, pem, hiddenForMilliseconds }) => {
        const { keys } = apps.require(app)
        // A test may turn the clock back, and a key that hides from nobody is there at any time.
        const visibleFrom = hiddenForMilliseconds === 0 ? 0 : clock.now().getTime() + hiddenForMilliseconds
        const made = await makeKey(new Date(visibleFrom), pem)
        keys.push(made.key)
        return { pem: made.pem, fingerprint: made.key.fingerprint }
      },
    ),
    removeAppKey: action(app.extend({ fingerprint: z.string() }), ({ app, fingerprint }) => {
      const { keys } = apps.require(app)
      const index = keys.findIndex((key) => key.fingerprint === fingerprint)
      if (index < 0) throw new Error('The App has no such key.')
      keys.splice(index, 1)
    }),
    /** Installs an App on an account. */
    installation: action(installationSchema, (input) => apps.install(input)),
    changeInstallation: action(installationChange, (change) => apps.change(change)),
    uninstall: action(installation, ({ id }) => apps.uninstall(id)),
    /** The form of the installation tokens to come. */
    installationTokens: action(z.object({ form: z.enum(['long', 'short']) }), ({ form }) => {
      apps.tokenForm = form
    }),
  }
}
