import { DomainError, rightName, roleName } from '@git-connections/events'
import { TRPCError } from '@trpc/server'
import { v7 as uuidv7 } from 'uuid'
import { z } from 'zod'
import { invitationReference, secretOf } from '../auth/invitation-link.ts'
import { acceptInvitation, cancelInvitation, inviteMember } from '../commands/invitation.ts'
import { createKey, removeMember, revokeKey } from '../commands/organization.ts'
import { oauthApplications } from './oauth-applications.ts'
import { invitationView, keyView, memberView } from './organization-view.ts'
import { plainText } from './plain-text.ts'
import { causeOf, command, manageProcedure, memberProcedure, publicProcedure, router } from './trpc.ts'

const done = z.object({ done: z.literal(true) })
const nothingMore = { done: true } as const
const metadata = z
  .string()
  .transform((text) => JSON.parse(text))
  .pipe(z.object({ organizationId: z.string(), rights: z.array(rightName) }))

export const organization = router({
  ...oauthApplications,

  /** Whether this server still waits for its first account. */
  setup: publicProcedure.output(z.object({ firstAccount: z.boolean() })).query(async ({ ctx }) => {
    const anybody = await ctx.shell.db.selectFrom('user').select('id').limit(1).executeTakeFirst()
    return { firstAccount: !anybody }
  }),

  get: memberProcedure
    .output(
      z.object({
        id: z.uuid(),
        name: z.string(),
        you: z.object({ userId: z.string(), name: z.string(), email: z.string(), role: roleName }),
        instances: z.object({ github: z.object({ url: z.string() }), gitlab: z.object({ url: z.string() }) }),
      }),
    )
    .query(async ({ ctx }) => {
      const { shell, principal, organizationId } = ctx
      const { db, config } = shell
      const [own, you] = await Promise.all([
        db.selectFrom('organization').select('name').where('id', '=', organizationId).executeTakeFirstOrThrow(),
        db.selectFrom('user').select(['name', 'email']).where('id', '=', principal.userId).executeTakeFirstOrThrow(),
      ])
      return {
        ...{ id: organizationId, name: own.name, you: { userId: principal.userId, ...you, role: principal.role } },
        instances: { github: { url: config.githubUrl }, gitlab: { url: config.gitlabUrl } },
      }
    }),

  members: memberProcedure.output(z.array(memberView)).query(async ({ ctx }) => {
    const rows = await ctx.shell.db
      .selectFrom('member')
      .innerJoin('user', 'user.id', 'member.userId')
      .select(['member.id', 'member.userId', 'user.name', 'user.email', 'member.role', 'member.createdAt'])
      .where('member.organizationId', '=', ctx.organizationId)
      .orderBy('member.createdAt')
      .execute()
    return rows.map(({ createdAt, role, ...row }) => ({
      ...{ ...row, role: roleName.parse(role), joinedAt: createdAt.toISOString() },
      you: row.userId === ctx.principal.userId,
    }))
  }),

  invitations: memberProcedure.output(z.array(invitationView)).query(async ({ ctx }) => {
    const rows = await ctx.shell.db
      .selectFrom('invitation')
      .innerJoin('user', 'user.id', 'invitation.inviterId')
      .select(['invitation.id', 'invitation.email', 'invitation.role', 'invitation.expiresAt', 'user.name'])
      .select(['invitation.inviterId', 'invitation.commandId'])
      .where('invitation.organizationId', '=', ctx.organizationId)
      .where('invitation.status', '=', 'pending')
      .where('invitation.expiresAt', '>', ctx.shell.clock())
      .orderBy('invitation.createdAt')
      .execute()
    const { userId, actor } = ctx.principal
    const { config, vault } = ctx.shell
    return rows.map(({ id, email, role, expiresAt, name, inviterId, commandId }) => {
      const own = inviterId === userId && actor.kind === 'person'
      const secret = own ? secretOf(vault.purposeKey, { id, commandId }) : null
      return {
        ...{ id, email, role: roleName.parse(role), invitedBy: name, expiresAt: expiresAt.toISOString() },
        url: secret === null ? null : joinUrl(config.publicUrl, secret),
      }
    })
  }),

  invite: manageProcedure
    .input(command.extend({ email: z.email('This is no e-mail address.').max(200), role: roleName.default('member') }))
    .output(z.object({ id: z.uuid(), url: z.string() }))
    .mutation(async ({ ctx, input: { commandId, ...rest } }) => {
      const inviterId = ctx.principal.userId
      const { id } = await inviteMember(ctx.shell, { ...rest, inviterId }, causeOf(ctx, commandId))
      return { id, url: joinUrl(ctx.shell.config.publicUrl, id) }
    }),

  cancelInvitation: manageProcedure
    .input(command.extend({ invitationId: z.uuid() }))
    .output(done)
    .mutation(async ({ ctx, input: { commandId, invitationId } }) => {
      const { userId } = ctx.principal
      await cancelInvitation(ctx.shell, { invitationId, userId }, causeOf(ctx, commandId))
      return nothingMore
    }),

  /** What an invitation's link shows before one signs in; knowing its secret is the right to see it. */
  invitation: publicProcedure
    .input(z.object({ invitationId: z.uuid() }))
    .output(
      z.object({
        organization: z.string(),
        email: z.string(),
        invitedBy: z.string(),
        expiresAt: z.iso.datetime(),
        accountExists: z.boolean(),
      }),
    )
    .query(async ({ ctx, input }) => {
      const { db, clock } = ctx.shell
      const row = await db
        .selectFrom('invitation')
        .innerJoin('organization', 'organization.id', 'invitation.organizationId')
        .innerJoin('user', 'user.id', 'invitation.inviterId')
        .select(['organization.name as organization', 'invitation.email', 'user.name', 'invitation.expiresAt'])
        .where('invitation.id', '=', invitationReference(input.invitationId))
        .where('invitation.status', '=', 'pending')
        .where('invitation.expiresAt', '>', clock())
        .executeTakeFirst()
      if (!row) throw new DomainError('InvitationMissing', 'This invitation is over. Ask for a new one.')
      const account = await db.selectFrom('user').select('id').where('email', '=', row.email).executeTakeFirst()
      return {
        ...{ organization: row.organization, email: row.email, invitedBy: row.name },
        ...{ expiresAt: row.expiresAt.toISOString(), accountExists: account !== undefined },
      }
    }),

  acceptInvitation: publicProcedure
    .input(command.extend({ invitationId: z.uuid() }))
    .output(z.object({ organizationId: z.uuid() }))
    .mutation(async ({ ctx, input }) => {
      const user = await ctx.shell.people.user(ctx.headers)
      if (!user) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign up or sign in first.' })
      const ids = { commandId: input.commandId ?? uuidv7(), correlationId: ctx.correlationId }
      return acceptInvitation(ctx.shell, { invitationId: input.invitationId, user }, ids)
    }),

  remove: manageProcedure
    .input(command.extend({ memberId: z.uuid() }))
    .output(done)
    .mutation(async ({ ctx, input: { commandId, memberId } }) => {
      const member = await ctx.shell.db
        .selectFrom('member')
        .select('userId')
        .where('id', '=', memberId)
        .where('organizationId', '=', ctx.organizationId)
        .executeTakeFirst()
      if (!member) throw new DomainError('MemberMissing', 'There is no such member.')
      const people = { userId: member.userId, by: ctx.principal.userId }
      await removeMember(ctx.shell, people, causeOf(ctx, commandId))
      return nothingMore
    }),

  leave: manageProcedure
    .input(command.prefault({}))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { userId } = ctx.principal
      await removeMember(ctx.shell, { userId, by: userId }, causeOf(ctx, input.commandId))
      return nothingMore
    }),

  keys: memberProcedure.output(z.array(keyView)).query(async ({ ctx }) => {
    const rows = await ctx.shell.db
      .selectFrom('apikey')
      .innerJoin('member', (join) =>
        join.on((eb) => eb(eb.cast<string>('member.userId', 'text'), '=', eb.ref('apikey.referenceId'))),
      )
      .innerJoin('user', 'user.id', 'member.userId')
      .select(['apikey.id', 'apikey.name', 'apikey.start', 'apikey.createdAt', 'apikey.lastRequest'])
      .select(['apikey.expiresAt', 'apikey.metadata', 'user.name as maker'])
      .where('member.organizationId', '=', ctx.organizationId)
      .orderBy('apikey.createdAt')
      .execute()
    return rows.flatMap((row) => {
      const about = metadata.safeParse(row.metadata)
      if (!about.success || about.data.organizationId !== ctx.organizationId) return []
      return {
        ...{
          id: row.id,
          name: row.name ?? '',
          start: row.start ?? '',
          rights: about.data.rights,
          createdBy: row.maker,
        },
        ...{ createdAt: row.createdAt.toISOString(), lastUsedAt: row.lastRequest?.toISOString() ?? null },
        expiresAt: row.expiresAt?.toISOString() ?? null,
      }
    })
  }),

  createKey: manageProcedure
    .input(
      command.extend({
        name: plainText(32, 'Give the key a name.'),
        rights: z.array(rightName).min(1, 'Give the key at least one right.'),
        expiresAt: z.iso.datetime({ offset: true }).nullish(),
      }),
    )
    .output(z.object({ id: z.uuid(), key: z.string() }))
    .mutation(({ ctx, input: { commandId, expiresAt, ...rest } }) => {
      const end = expiresAt ? new Date(expiresAt) : null
      if (rest.rights.some((right) => !ctx.principal.rights.includes(right))) {
        throw new DomainError('Forbidden', 'A key cannot get a right that you do not have.', { field: 'rights' })
      }
      const input = { ...rest, expiresAt: end, userId: ctx.principal.userId }
      return createKey(ctx.shell, input, causeOf(ctx, commandId))
    }),

  revokeKey: manageProcedure
    .input(command.extend({ keyId: z.uuid() }))
    .output(done)
    .mutation(async ({ ctx, input: { commandId, keyId } }) => {
      await revokeKey(ctx.shell, keyId, causeOf(ctx, commandId))
      return nothingMore
    }),
})

function joinUrl(publicUrl: string, secret: string): string {
  return `${publicUrl}/join/${secret}`
}
