import { providerName } from '@git-connections/events'
import { z } from 'zod'
import { SCOPES } from '../commands/authorize.ts'
import { removeOAuthApplication, setOAuthApplication } from '../commands/oauth-application.ts'
import { redirectUri } from '../oauth/redirect-uri.ts'
import { typedAddress } from './plain-text.ts'
import { causeOf, command, manageProcedure, memberProcedure } from './trpc.ts'

const done = z.object({ done: z.literal(true) })
const application = z.object({
  provider: providerName,
  baseUrl: z.string(),
  clientId: z.string(),
  /** Whether the operator set it for every organization, or this organization for itself. */
  setBy: z.enum(['operator', 'organization']),
  callbackUrl: z.string(),
})
const instance = z.object({ provider: providerName, baseUrl: typedAddress.optional() })

/** The OAuth applications by which members sign in at providers: procedures of the noun `organization`. */
export const oauthApplications = {
  oauthApplications: memberProcedure.output(z.array(application)).query(async ({ ctx }) => {
    const known = await ctx.shell.applications.list(ctx.organizationId)
    return known.map(({ provider, baseUrl, clientId, own }) => ({
      ...{ provider, baseUrl, clientId, setBy: own ? ('organization' as const) : ('operator' as const) },
      callbackUrl: redirectUri(ctx.shell.config.publicUrl, { provider, baseUrl }),
    }))
  }),

  /** How to register an application at an instance, and which one is set for it. */
  oauthSetup: memberProcedure
    .input(instance)
    .output(
      z.object({
        baseUrl: z.string(),
        callbackUrl: z.string(),
        /** The page at the provider where one is registered. */
        registerUrl: z.string(),
        scopes: z.array(z.string()),
        application: application.omit({ callbackUrl: true }).nullable(),
      }),
    )
    .query(async ({ ctx, input: { provider, baseUrl: typed } }) => {
      const { shell, organizationId } = ctx
      const baseUrl = shell.providers[provider].normaliseBaseUrl(typed)
      const known = await shell.applications.find(organizationId, { provider, baseUrl })
      return {
        baseUrl,
        callbackUrl: redirectUri(shell.config.publicUrl, { provider, baseUrl }),
        registerUrl:
          provider === 'github' ? `${baseUrl}/settings/applications/new` : `${baseUrl}/-/user_settings/applications`,
        scopes: [...SCOPES[provider]],
        application: known && {
          ...{ provider, baseUrl, clientId: known.clientId },
          setBy: known.own ? ('organization' as const) : ('operator' as const),
        },
      }
    }),

  setOauthApplication: manageProcedure
    .input(
      command.extend({
        ...instance.shape,
        clientId: z.string().min(1, 'Enter the client id.').max(500),
        clientSecret: z.string().min(1, 'Enter the client secret.').max(1_000),
      }),
    )
    .output(done)
    .mutation(async ({ ctx, input: { commandId, ...rest } }) => {
      await setOAuthApplication(ctx.shell, { ...rest, by: ctx.principal.userId }, causeOf(ctx, commandId))
      return { done: true }
    }),

  removeOauthApplication: manageProcedure
    .input(command.extend({ provider: providerName, baseUrl: z.string().max(500) }))
    .output(done)
    .mutation(async ({ ctx, input: { commandId, ...rest } }) => {
      await removeOAuthApplication(ctx.shell, { ...rest, by: ctx.principal.userId }, causeOf(ctx, commandId))
      return { done: true }
    }),
}
