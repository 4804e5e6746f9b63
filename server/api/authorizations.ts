import { DomainError, providerName } from '@git-connections/events'
import { z } from 'zod'
import { authorize } from '../commands/authorize.ts'
import { readCertificateAuthority } from '../commands/certificate-authority.ts'
import { confirmAuthorization } from '../commands/confirm-authorization.ts'
import { authorizationStatuses } from '../oauth/authorization-table.ts'
import { plainText, typedAddress } from './plain-text.ts'
import { causeOf, command, manageProcedure, memberProcedure } from './trpc.ts'

const reference = z.object({ authorizationId: z.uuid() })

/** Signing in at a provider: procedures of the noun `connections`. */
export const authorizations = {
  /**
   * Begins a sign-in at a provider; `url` is where to send the person. With `connectionId` it reconnects in place, and
   * provider and address are that connection's.
   */
  authorize: manageProcedure
    .input(
      command.extend({
        provider: providerName.optional(),
        connectionId: z.uuid().optional(),
        name: plainText(80).optional(),
        baseUrl: typedAddress.optional(),
        certificateAuthority: z.string().max(100_000).optional(),
      }),
    )
    .output(z.object({ authorizationId: z.uuid(), url: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { shell, principal } = ctx
      const { commandId, name, connectionId, provider, baseUrl, certificateAuthority: pem } = input
      if (!provider && !connectionId) {
        throw new DomainError('InputInvalid', 'Name the provider, or the connection to reconnect.', {
          field: 'provider',
        })
      }
      const person = principal.actor.kind === 'person' ? await shell.people.user(ctx.headers) : null
      const asked = { provider: provider ?? 'github', baseUrl, name: name || null, connectionId: connectionId ?? null }
      const certificateAuthority = pem ? readCertificateAuthority(pem, shell.clock()) : null
      const signer = { userId: principal.userId, sessionToken: person?.sessionToken ?? null }
      return authorize(shell, { ...asked, certificateAuthority, signer }, causeOf(ctx, commandId))
    }),

  /** What has come of a sign-in so far. */
  authorization: memberProcedure
    .input(reference)
    .output(
      z.object({
        status: z.enum(authorizationStatuses),
        /** What happened and what to do next. */
        message: z.string(),
        /** The connection that came of it, or that it is for; null while there is none. */
        connectionId: z.uuid().nullable(),
        /** The account of a grant that waits to be confirmed. */
        account: z.string().nullable(),
      }),
    )
    .query(async ({ ctx, input }) => {
      const row = await ctx.shell.db
        .selectFrom('oauth_authorization')
        .selectAll()
        .where('organization_id', '=', ctx.organizationId)
        .where('id', '=', input.authorizationId)
        .where('user_id', '=', ctx.principal.userId)
        .executeTakeFirst()
      if (!row) throw new DomainError('SignInMissing', 'There is no such sign-in. Start again.')
      const late = row.status === 'waiting' && row.expires_at <= ctx.shell.clock()
      return {
        status: late ? 'failed' : row.status,
        message: late ? 'Nobody came back from the provider within ten minutes. Start again.' : row.message,
        connectionId: row.linked_id ?? row.connection_id,
        account: row.held?.account ?? null,
      }
    }),

  /** Takes a grant that waits to be confirmed, or leaves it. */
  confirmAuthorization: manageProcedure
    .input(command.extend({ ...reference.shape, accept: z.boolean() }))
    .output(z.object({ connectionId: z.uuid().nullable() }))
    .mutation(async ({ ctx, input: { commandId, ...rest } }) => {
      const { userId } = ctx.principal
      const linked = await confirmAuthorization(ctx.shell, { ...rest, userId }, causeOf(ctx, commandId))
      return { connectionId: linked }
    }),
}
