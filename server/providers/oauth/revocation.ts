import type { Call } from '@git-connections/events'
import { tokenRevocation } from 'openid-client'
import type { Answer } from '../conversation.ts'
import { apiUrlOf, type GitHubUrls } from '../github/address.ts'
import { configurationOf, type OAuthApplication, titleOf } from './application.ts'
import type { Revocation } from './grant.ts'
import { refusalIn } from './refusal.ts'
import { askOnce, type OAuthWorld } from './wire.ts'

/** A connection's tokens; the refresh token is null where there is none. */
export interface HeldTokens {
  readonly accessToken: string
  readonly refreshToken: string | null
}

/**
 * Ends one access token at GitHub. Not the whole grant, which would end the person's other connections too.
 * @see https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-token
 */
export async function revokeAtGitHub(
  world: OAuthWorld & { readonly github: GitHubUrls },
  app: OAuthApplication,
  { accessToken }: HeldTokens,
): Promise<Revocation> {
  const proof = Buffer.from(`${app.clientId}:${app.clientSecret}`).toString('base64')
  const url = `${apiUrlOf(app.baseUrl, world.github)}/applications/${encodeURIComponent(app.clientId)}/token`
  const about = { provider: app.provider, secrets: [app.clientSecret, proof, accessToken] }
  const { answer, call } = await askOnce(world, about, (wire) =>
    wire(url, {
      method: 'DELETE',
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Basic ${proof}`,
        'content-type': 'application/json',
        'x-github-api-version': '2022-11-28',
      },
      body: JSON.stringify({ access_token: accessToken }),
    }),
  )
  return answer.is === 'http' && answer.status === 204 ? revoked(app, call) : notRevoked(app, answer, call)
}

/**
 * Ends both tokens at GitLab, which ends an access token only while it lives, and a refresh token at any time.
 * @see https://docs.gitlab.com/api/oauth2/#revoke-a-token
 */
export async function revokeAtGitLab(
  world: OAuthWorld,
  app: OAuthApplication,
  { accessToken, refreshToken }: HeldTokens,
): Promise<Revocation> {
  const end = async (token: string, kind: 'refresh_token' | 'access_token'): Promise<Revocation> => {
    const about = { provider: app.provider, secrets: [app.clientSecret, token] }
    const { answer, call } = await askOnce(world, about, (wire) =>
      tokenRevocation(configurationOf(app, wire), token, { token_type_hint: kind }),
    )
    const done = answer.is === 'http' && answer.status === 200 && answer.json !== undefined
    return done && !refusalIn(answer.json, []) ? revoked(app, call) : notRevoked(app, answer, call)
  }
  const first = refreshToken === null ? null : await end(refreshToken, 'refresh_token')
  return first?.is === 'notRevoked' ? first : end(accessToken, 'access_token')
}

function revoked(app: OAuthApplication, call: Call): Revocation {
  return { is: 'revoked', message: `${titleOf[app.provider]} ended the access.`, call }
}

function notRevoked(app: OAuthApplication, answer: Answer, call: Call): Revocation {
  return { is: 'notRevoked', message: `${whyNot(answer, app)} ${BY_HAND[app.provider]}`, call }
}

const BY_HAND = {
  github: 'It can be ended at GitHub under Settings, Applications.',
  gitlab: 'It can be ended at GitLab under Preferences, Applications.',
} as const

function whyNot(answer: Answer, app: OAuthApplication): string {
  const title = titleOf[app.provider]
  if (answer.is === 'none') return answer.sentence
  const { status } = answer
  if (status === 401 || status === 403) {
    return `${title} answered ${status}: it does not accept the client id and secret of the OAuth application.`
  }
  if (app.provider === 'github' && (status === 404 || status === 422)) {
    return `GitHub answered ${status}: it does not know the token, which may have ended before, or the OAuth application.`
  }
  return `The address answered ${status}, so the access may go on.`
}
