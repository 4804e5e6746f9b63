import type { Hono } from 'hono'
import type { SimulatorEnv } from '../../origin.ts'
import type { RecordedRequest } from '../../recording.ts'
import { json, Refusal } from '../answers.ts'
import { dressed, type GitLabApi } from '../call.ts'
import { authorizePage } from './authorize.ts'
import { tokenAnswer } from './token.ts'
import { oauthTokenInfo } from './token-info.ts'
import { introspectAnswer, revokeAnswer } from './tokens-told.ts'

/** What lies below the instance's root and not below its API. */
export function oauthRoutes(web: Hono<SimulatorEnv>, api: GitLabApi): void {
  const on = (method: 'GET' | 'POST', template: string, answer: (record: RecordedRequest) => Response) => {
    const route = `${method} ${template}`
    api.routes.add(route)
    web.on(method, template, (context) => {
      context.env.record.route = route
      return dressed(
        refusalsToo(() => answer(context.env.record)),
        context,
        api,
      )
    })
  }
  on('GET', '/oauth/authorize', (record) => authorizePage(api, record))
  on('POST', '/oauth/authorize', (record) => authorizePage(api, record))
  // Nobody is signed in here, so the calls count for the caller's address.
  on('POST', '/oauth/token', (record) => api.throttle.spend(null) ?? tokenAnswer(api, record))
  on('POST', '/oauth/revoke', (record) => revokeAnswer(api, record))
  on('POST', '/oauth/introspect', (record) => introspectAnswer(api, record))
  on('GET', '/oauth/token/info', ({ credential }) => oauthTokenInfo(api, credential?.secret ?? null))
  on('GET', '/.well-known/openid-configuration', () => json(discovery(api)))
}

function refusalsToo(answer: () => Response): Response {
  try {
    return answer()
  } catch (error) {
    if (error instanceof Refusal) return error.toResponse()
    throw error
  }
}

/** The issuer is the address that the instance believes to have, which need not be the one that was asked. */
function discovery({ urls: { external } }: GitLabApi) {
  return {
    issuer: external,
    authorization_endpoint: `${external}/oauth/authorize`,
    token_endpoint: `${external}/oauth/token`,
    revocation_endpoint: `${external}/oauth/revoke`,
    introspection_endpoint: `${external}/oauth/introspect`,
    userinfo_endpoint: `${external}/oauth/userinfo`,
    jwks_uri: `${external}/oauth/discovery/keys`,
    scopes_supported: ['api', 'read_api', 'read_user', 'read_repository', 'write_repository'],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    claim_types_supported: ['normal'],
    claims_supported: ['iss', 'sub', 'aud', 'exp', 'iat'],
    code_challenge_methods_supported: ['S256'],
  }
}
