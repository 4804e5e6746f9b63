import { DomainError, type ProviderName, type Verdict } from '@git-connections/events'
import type { Selectable } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { factsOf } from '../broker/facts.ts'
import type { AuthorizationStatus, AuthorizationTables } from '../oauth/authorization-table.ts'
import { instanceName, redirectUri } from '../oauth/redirect-uri.ts'
import { hashOf, verifierOf } from '../oauth/state.ts'
import type { TokenSet } from '../providers/oauth/grant.ts'
import { firstCheck } from '../providers/provider.ts'
import type { Shell } from '../shell.ts'
import type { Signer } from './authorize.ts'
import type { Cause } from './cause.ts'
import { linkGrant } from './link-grant.ts'

type Authorization = Selectable<AuthorizationTables['oauth_authorization']>

/** How a person came back from a provider. */
export interface Return {
  /** The last part of the address they came back to. */
  readonly instance: string
  readonly state: string | null
  readonly code: string | null
  /** The provider's word when access was not allowed, such as `access_denied`. */
  readonly error: string | null
  readonly signer: Signer & { organizationId: string }
}

/**
 * Completes a sign-in with what a person brought back, once. Returns its id; its outcome is with it.
 * @throws {DomainError} SignInMissing when the return belongs to no sign-in of this person that still waits: nothing is
 * asked of any provider then.
 */
export async function completeAuthorization(shell: Shell, back: Return, by: Omit<Cause, 'commandId'>): Promise<string> {
  const authorization = await claim(shell, back)
  const settle = (status: AuthorizationStatus, message: string, linkedId: string | null = null) =>
    settleAuthorization(shell, authorization, { status, message, linkedId })
  if (back.error !== null || back.code === null) {
    await settle('failed', refusal(authorization.provider, back.error))
    return authorization.id
  }
  try {
    const outcome = await exchange(shell, authorization, back.code, back.state ?? '', by)
    if (outcome.is !== 'granted') {
      await settle('failed', `${outcome.message} Nothing was linked. Start again.`)
      return authorization.id
    }
    await link(shell, authorization, outcome.tokens, by)
  } catch (error) {
    if (!(error instanceof DomainError)) {
      await settle('failed', 'Something went wrong on our side. Nothing was linked. Start again.')
      throw error
    }
    if (!waitsForConsent(error)) await settle('failed', error.message)
  }
  return authorization.id
}

/** Takes the sign-in out of waiting, so that no second return can use it. */
async function claim(shell: Shell, { state, instance, signer }: Return): Promise<Authorization> {
  const missing = new DomainError(
    'SignInMissing',
    'This return from the provider belongs to no sign-in that waits here. It may be older than ten minutes, used already, or begun in another browser. Start again.',
  )
  if (!state) throw missing
  const waiting = await shell.db
    .selectFrom('oauth_authorization')
    .selectAll()
    .where('state_hash', '=', hashOf(state))
    .where('organization_id', '=', signer.organizationId)
    .where('user_id', '=', signer.userId)
    .where('status', '=', 'waiting')
    .where('expires_at', '>', shell.clock())
    .executeTakeFirst()
  const session = signer.sessionToken === null ? null : hashOf(signer.sessionToken)
  const bound = waiting && (waiting.session_hash === null || session?.equals(waiting.session_hash))
  if (!waiting || !bound || instanceName(waiting.provider, waiting.base_url) !== instance) throw missing
  const claimed = await shell.db
    .updateTable('oauth_authorization')
    .set({ status: 'working', message: 'Access was allowed; the provider is asked about it.' })
    .where('organization_id', '=', waiting.organization_id)
    .where('id', '=', waiting.id)
    .where('status', '=', 'waiting')
    .executeTakeFirst()
  if (claimed.numUpdatedRows !== 1n) throw missing
  return waiting
}

async function exchange(
  shell: Shell,
  authorization: Authorization,
  code: string,
  state: string,
  by: Omit<Cause, 'commandId'>,
) {
  const { provider, base_url: baseUrl, organization_id: organizationId } = authorization
  const known = await shell.applications.find(organizationId, { provider, baseUrl })
  if (!known || known.clientId !== authorization.client_id) {
    throw new DomainError('OAuthApplicationMissing', 'The OAuth application was changed meanwhile. Start again.')
  }
  const use = { actor: by.actor, purpose: 'sign-in', correlationId: by.correlationId } as const
  return shell.applications.use(organizationId, known, use, (application) =>
    shell.reach(authorization.certificate_authority).oauth.exchange(application, {
      code,
      redirectUri: redirectUri(shell.config.publicUrl, { provider, baseUrl }),
      verifier: verifierOf(state, shell.vault.purposeKey('oauth')),
    }),
  )
}

async function link(
  shell: Shell,
  authorization: Authorization,
  tokens: TokenSet,
  by: Omit<Cause, 'commandId'>,
): Promise<void> {
  const { provider, base_url: baseUrl, certificate_authority: authority } = authorization
  const world = shell.reach(authority)
  const verdict = await world.providers[provider].checkToken(tokens.accessToken, {
    ...{ baseUrl, prior: firstCheck, kind: 'oauth' },
  })
  const credential = factsOf(tokens, { clientId: authorization.client_id, before: null })
  const cause = { ...by, commandId: uuidv7() }
  try {
    const linkedId = await linkGrant(shell, { authorization, tokens, credential, verdict, accept: false }, cause)
    await settleAuthorization(shell, authorization, { status: 'done', message: verdict.message, linkedId })
  } catch (error) {
    if (!(error instanceof DomainError) || !waitsForConsent(error)) throw error
    await holdForConfirmation(shell, authorization, { tokens, credential, verdict, message: error.message })
  }
}

/** Another account, or less than projects use: for the person to decide. */
function waitsForConsent({ code }: DomainError): boolean {
  return code === 'OtherAccount' || code === 'RepositoriesLost'
}

async function holdForConfirmation(
  shell: Shell,
  authorization: Authorization,
  grant: {
    tokens: TokenSet
    credential: ReturnType<typeof factsOf>
    verdict: Verdict
    message: string
  },
): Promise<void> {
  const { tokens, credential } = grant
  const place = { organizationId: authorization.organization_id, connectionId: authorization.id, version: 1 }
  await shell.vault.keep({ ...place, field: 'accessToken' }, tokens.accessToken)
  if (tokens.refreshToken) await shell.vault.keep({ ...place, field: 'refreshToken' }, tokens.refreshToken)
  const account = grant.verdict.evidence.account?.login ?? 'another account'
  await shell.db
    .updateTable('oauth_authorization')
    .set({ status: 'confirm', message: grant.message, held: JSON.stringify({ credential, account }) })
    .where('organization_id', '=', authorization.organization_id)
    .where('id', '=', authorization.id)
    .execute()
}

/** Records what came of a sign-in. */
export async function settleAuthorization(
  shell: Shell,
  { organization_id, id }: Pick<Authorization, 'organization_id' | 'id'>,
  outcome: { status: AuthorizationStatus; message: string; linkedId: string | null },
): Promise<void> {
  await shell.db
    .updateTable('oauth_authorization')
    .set({ status: outcome.status, message: outcome.message, linked_id: outcome.linkedId, held: null })
    .where('organization_id', '=', organization_id)
    .where('id', '=', id)
    .execute()
}

function refusal(provider: ProviderName, error: string | null): string {
  const title = provider === 'github' ? 'GitHub' : 'GitLab'
  switch (error) {
    case 'access_denied':
      return `Access was not allowed at ${title}. Nothing was linked.`
    case 'application_suspended':
      return `${title} has suspended the OAuth application. Nothing was linked; ask an admin to look at it there.`
    case 'redirect_uri_mismatch':
      return `The callback address is not registered with the OAuth application at ${title}. An admin must enter it there as it stands here.`
    default:
      return `${title} did not give access. Nothing was linked. Start again.`
  }
}
