import { noticePage } from '../../consent-page.ts'
import type { RecordedRequest } from '../../recording.ts'
import type { GitLabApi } from '../call.ts'
import { missing, TEXTS } from './answers.ts'
import { leadsTo } from './application.ts'

/**
 * The page on which a signed-in person lets an application act for them, or not. What is wrong with the request itself
 * is told there and nowhere else: there is no way back to the application.
 */
export function authorizePage({ world, grants }: GitLabApi, record: RecordedRequest): Response {
  const { client_id, redirect_uri = '', response_type, code_challenge, code_challenge_method } = record.query
  if (!client_id) return problem(missing('client_id'))
  const application = grants.applications.get(client_id)
  if (!application) return problem(TEXTS.invalid_client, 401)
  if (!leadsTo(application.redirectUris, redirect_uri)) return problem(TEXTS.invalid_redirect_uri)
  if (!response_type) return problem(missing('response_type'))
  if (response_type !== 'code') return problem(TEXTS.unsupported_response_type)
  // Without a word about scopes, the application asks for the whole API.
  const asked = (record.query.scope || 'api').split(' ')
  if (!asked.every((scope) => application.scopes.includes(scope))) return problem(TEXTS.invalid_scope)
  if (code_challenge && code_challenge_method !== 'S256') return problem(TEXTS.invalid_code_challenge_method)

  const users = [...world.users.values()].filter(({ state, bot }) => state === 'active' && !bot)
  const decision = grants.consent.ask(record, {
    provider: 'GitLab',
    application: application.name,
    scopes: asked,
    users: users.map(({ username }) => username),
  })
  if (decision instanceof Response) return decision
  const granted = { application, user: decision.user, scopes: grants.consent.scopes(asked), redirectUri: redirect_uri }
  const answer: Record<string, string> = decision.agreed
    ? { code: grants.agree({ ...granted, challenge: code_challenge ?? null }) }
    : { error: 'access_denied', error_description: TEXTS.access_denied }
  const back = new URL(redirect_uri)
  for (const [name, value] of Object.entries(answer)) back.searchParams.set(name, value)
  if (record.query.state) back.searchParams.set('state', record.query.state)
  return new Response(null, { status: 302, headers: { location: back.href } })
}

function problem(text: string, status = 400): Response {
  return noticePage(status, 'An error has occurred', text)
}
