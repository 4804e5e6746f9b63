import type { ProviderName } from '@git-connections/events'
import { allowInsecureRequests, ClientSecretPost, Configuration, customFetch } from 'openid-client'
import type { Fetch } from '../conversation.ts'

/** An OAuth application registered at one provider instance. */
export interface OAuthApplication {
  readonly provider: ProviderName
  /** The instance's web root, without an end slash. */
  readonly baseUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

/** The providers' names for people. */
export const titleOf = { github: 'GitHub', gitlab: 'GitLab' } as const satisfies Record<ProviderName, string>

const PATHS = {
  github: { authorization_endpoint: '/login/oauth/authorize', token_endpoint: '/login/oauth/access_token' },
  gitlab: {
    authorization_endpoint: '/oauth/authorize',
    token_endpoint: '/oauth/token',
    revocation_endpoint: '/oauth/revoke',
  },
} as const satisfies Record<ProviderName, Record<string, string>>

/** What openid-client goes by; its requests are carried by `wire`, which also says where plain http may be used. */
export function configurationOf(app: OAuthApplication, wire: Fetch): Configuration {
  const endpoints = Object.entries(PATHS[app.provider]).map(([name, path]) => [name, app.baseUrl + path])
  const configuration = new Configuration(
    { issuer: app.baseUrl, ...Object.fromEntries(endpoints) },
    app.clientId,
    {},
    ClientSecretPost(app.clientSecret),
  )
  if (app.baseUrl.startsWith('http:')) allowInsecureRequests(configuration)
  configuration[customFetch] = (url, { method, headers, body }) => wire(url, { method, headers, body: String(body) })
  return configuration
}
