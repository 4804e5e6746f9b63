import { noticePage } from '../../consent-page.ts'
import type { RecordedRequest } from '../../recording.ts'
import type { GitHubApi } from '../call.ts'
import { ledBack } from './answers.ts'
import { mayLeadTo } from './redirect-uri.ts'
import { asked, normalized } from './scopes.ts'

/**
 * The page on which a signed-in person lets an application act for them, or not.
 * @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
 */
export function authorizePage({ world, grants }: GitHubApi, record: RecordedRequest): Response {
  const { client_id = '', redirect_uri, scope, state, code_challenge, code_challenge_method } = record.query
  const client = grants.clients.get(client_id)
  const [registered] = client?.callbackUrls ?? []
  if (!client || registered === undefined) return noticePage(404, 'Page not found', 'No such application.')
  if (client.suspended) return ledBack(registered, state, 'application_suspended')
  if (redirect_uri !== undefined && !mayLeadTo(client, redirect_uri))
    return ledBack(registered, state, 'redirect_uri_mismatch')
  if (code_challenge !== undefined && code_challenge_method !== 'S256')
    return noticePage(400, 'Bad request', 'The code_challenge_method must be S256.')

  const scopes = client.kind === 'oauth-app' ? normalized(asked(scope)) : []
  const people = [...world.users.values()].filter(({ suspended, bot }) => !suspended && !bot)
  const page = { provider: 'GitHub', application: client.name, scopes, users: people.map((user) => user.login) }
  const { login, prompt } = record.query
  const agrees = (user: string) => prompt !== 'select_account' && earlier(user) !== null
  const decision = grants.consent.ask(record, page, { suggested: login, agrees })
  if (decision instanceof Response) return decision
  const to = redirect_uri ?? registered
  if (!decision.agreed) return ledBack(to, state, 'access_denied')
  const user = world.requireUser(decision.user)
  const granted = grants.consent.scopes(earlier(decision.user) ?? scopes)
  const challenge = code_challenge ?? null
  return ledBack(to, state, { code: grants.agree({ client, user, scopes: granted, redirectUri: to, challenge }) })

  /** Without a word about scopes, those that the person granted before are granted again, and nobody is asked. */
  function earlier(username: string): string[] | null {
    if (client?.kind !== 'oauth-app' || asked(scope).length > 0) return null
    return grants.earlierScopes(client, world.requireUser(username))
  }
}
