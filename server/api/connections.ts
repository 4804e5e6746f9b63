import { providerName } from '@git-connections/events'
import { z } from 'zod'
import { readCertificateAuthority } from '../commands/certificate-authority.ts'
import { executeOnConnection } from '../commands/connection.ts'
import { createConnection } from '../commands/create-connection.ts'
import { deleteConnection } from '../commands/delete-connection.ts'
import { disableConnection } from '../commands/disable-connection.ts'
import { refreshToken } from '../commands/refresh-token.ts'
import { replaceToken } from '../commands/replace-token.ts'
import { validateConnection } from '../commands/validate-connection.ts'
import { readHistory } from './audit.ts'
import { auditEntry } from './audit-view.ts'
import { authorizations } from './authorizations.ts'
import { connectionView } from './connection-view.ts'
import { dependents } from './dependents.ts'
import { plainText, typedAddress } from './plain-text.ts'
import { probing } from './probe.ts'
import { deletedConnection, listConnections, listDeleted, viewConnection } from './read-connections.ts'
import { causeOf, command, manageProcedure, memberProcedure, router, useProcedure } from './trpc.ts'

const reference = z.object({ connectionId: z.uuid() })
/** What `dependents` gave last. */
const seen = z.string().max(100).optional()
const name = plainText(80, 'Give the connection a name.')
const privateKey = z.string().min(1, 'Paste the private key.').max(20_000, 'This is too long for a private key.')
const authority = z.string().min(1, 'Paste the certificate.').max(100_000)
const token = z.string().min(1, 'Paste the token.').max(10_000, 'This is too long for a token.')

export const connections = router({
  ...authorizations,
  ...dependents,
  ...probing,

  list: memberProcedure
    .output(z.array(connectionView))
    .query(({ ctx }) => listConnections(ctx.shell, ctx.organizationId)),

  get: memberProcedure
    .input(reference)
    .output(connectionView)
    .query(({ ctx, input }) => viewConnection(ctx.shell, ctx.organizationId, input.connectionId)),

  /** Tells what a paste is before it is sent anywhere; a mutation, so that it never stands in a URL. */
  recognise: memberProcedure
    .input(z.object({ provider: providerName, token: z.string().max(10_000) }))
    .output(
      z.discriminatedUnion('is', [
        z.object({ is: z.literal('token'), kind: z.string(), warning: z.string().nullable() }),
        z.object({ is: z.literal('refused'), message: z.string() }),
      ]),
    )
    .mutation(({ ctx, input }) => {
      const recognition = ctx.shell.providers[input.provider].recogniseToken(input.token)
      if (recognition.is === 'refused') return recognition
      return { is: 'token', kind: recognition.kind, warning: recognition.warning }
    }),

  create: manageProcedure
    .input(
      command.extend({
        provider: providerName,
        name,
        baseUrl: typedAddress.optional(),
        credential: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('token'), token }),
          z.object({
            kind: z.literal('githubApp'),
            appId: z.string().max(500),
            installationId: z.string().max(500),
            privateKey,
          }),
        ]),
        certificateAuthority: authority.optional(),
      }),
    )
    .output(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input: { commandId, certificateAuthority, ...rest } }) => {
      const { shell } = ctx
      const pem = certificateAuthority ? readCertificateAuthority(certificateAuthority, shell.clock()) : null
      return createConnection(shell, { ...rest, certificateAuthority: pem }, causeOf(ctx, commandId))
    }),

  validate: useProcedure
    .input(command.extend(reference.shape))
    .output(connectionView)
    .mutation(async ({ ctx, input: { connectionId, commandId } }) => {
      await validateConnection(ctx.shell, connectionId, causeOf(ctx, commandId))
      return viewConnection(ctx.shell, ctx.organizationId, connectionId)
    }),

  /** New tokens for an OAuth connection, at once; for those of `credentialVersion` where the caller has seen them. */
  refresh: useProcedure
    .input(command.extend({ ...reference.shape, credentialVersion: z.number().int().optional() }))
    .output(connectionView)
    .mutation(async ({ ctx, input: { connectionId, commandId, credentialVersion } }) => {
      const of = { connectionId, version: credentialVersion ?? null }
      await refreshToken(ctx.shell, of, causeOf(ctx, commandId))
      return viewConnection(ctx.shell, ctx.organizationId, connectionId)
    }),

  /** Trusts another certificate authority, or with null none but the public ones. */
  setCertificateAuthority: manageProcedure
    .input(command.extend({ ...reference.shape, certificateAuthority: authority.nullable() }))
    .output(connectionView)
    .mutation(async ({ ctx, input: { connectionId, commandId, certificateAuthority } }) => {
      const pem = certificateAuthority ? readCertificateAuthority(certificateAuthority, ctx.shell.clock()) : null
      const change = { type: 'ChangeCertificateAuthority', certificateAuthority: pem } as const
      await executeOnConnection(ctx.shell, connectionId, change, causeOf(ctx, commandId), { request: change })
      return viewConnection(ctx.shell, ctx.organizationId, connectionId)
    }),

  enable: manageProcedure
    .input(command.extend(reference.shape))
    .output(connectionView)
    .mutation(async ({ ctx, input: { connectionId, commandId } }) => {
      const cause = causeOf(ctx, commandId)
      await executeOnConnection(ctx.shell, connectionId, { type: 'EnableConnection' }, cause, { request: 'enable' })
      return viewConnection(ctx.shell, ctx.organizationId, connectionId)
    }),

  disable: manageProcedure
    .input(
      command.extend({
        ...reference.shape,
        reason: plainText(200).optional(),
        seen,
      }),
    )
    .output(connectionView)
    .mutation(async ({ ctx, input: { connectionId, commandId, reason, seen } }) => {
      const input = { connectionId, reason: reason || null, seen }
      await disableConnection(ctx.shell, input, causeOf(ctx, commandId))
      return viewConnection(ctx.shell, ctx.organizationId, connectionId)
    }),

  rename: manageProcedure
    .input(command.extend({ ...reference.shape, name }))
    .output(connectionView)
    .mutation(async ({ ctx, input: { connectionId, commandId, name } }) => {
      const rename = { type: 'RenameConnection', name } as const
      await executeOnConnection(ctx.shell, connectionId, rename, causeOf(ctx, commandId), { request: rename })
      return viewConnection(ctx.shell, ctx.organizationId, connectionId)
    }),

  replaceToken: manageProcedure
    .input(
      command
        .extend({ ...reference.shape, token: token.optional(), privateKey: privateKey.optional() })
        .extend({ acceptOtherAccount: z.boolean().default(false), acceptLosses: z.boolean().default(false) }),
    )
    .output(connectionView)
    .mutation(async ({ ctx, input: { commandId, token, privateKey, ...rest } }) => {
      const replacement = privateKey === undefined ? { token: token ?? '' } : { privateKey }
      await replaceToken(ctx.shell, { ...rest, replacement }, causeOf(ctx, commandId))
      return viewConnection(ctx.shell, ctx.organizationId, rest.connectionId)
    }),

  delete: manageProcedure
    .input(command.extend({ ...reference.shape, now: z.boolean().default(false), seen }))
    .output(z.object({ restorableUntil: z.iso.datetime() }))
    .mutation(({ ctx, input: { commandId, connectionId, now, seen } }) =>
      deleteConnection(ctx.shell, { connectionId, now, seen }, causeOf(ctx, commandId)),
    ),

  restore: manageProcedure
    .input(command.extend(reference.shape))
    .output(connectionView)
    .mutation(async ({ ctx, input: { connectionId, commandId } }) => {
      const restore = { type: 'RestoreConnection', at: ctx.shell.clock() } as const
      const cause = causeOf(ctx, commandId)
      await executeOnConnection(ctx.shell, connectionId, restore, cause, { request: 'restore' })
      return viewConnection(ctx.shell, ctx.organizationId, connectionId)
    }),

  /** Deleted connections that can still be restored. */
  deleted: memberProcedure
    .output(z.array(deletedConnection))
    .query(({ ctx }) => listDeleted(ctx.shell, ctx.organizationId)),

  history: memberProcedure
    .input(
      reference.extend({ cursor: z.number().int().nullish(), limit: z.number().int().min(1).max(200).default(50) }),
    )
    .output(z.object({ entries: z.array(auditEntry), nextCursor: z.number().nullable() }))
    .query(({ ctx, input }) => readHistory(ctx.shell, ctx.organizationId, input)),
})
