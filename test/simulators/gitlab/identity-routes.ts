import type { Hono } from 'hono'
import type { SimulatorEnv } from '../origin.ts'
import { json, Refusal, unauthorized } from './answers.ts'
import { tokenBody, userBody } from './bodies.ts'
import { type Call, type GitLabApi, serve } from './call.ts'

/** Who asks, with what, and of which instance. */
export function identityRoutes(app: Hono<SimulatorEnv>, api: GitLabApi): void {
  serve(app, api, { template: '/personal_access_tokens/self', for: 'users', scopes: null, answer: ownToken })
  serve(app, api, {
    template: '/user',
    for: 'users',
    scopes: ['read_user', 'api', 'read_api'],
    permission: 'User: Read',
    answer: ({ viewer }) => {
      if (!viewer) throw unauthorized()
      return json(userBody(viewer.user, api.urls.external))
    },
  })
  const instance = { for: 'users', scopes: ['read_user', 'api', 'read_api'], permission: 'Metadata: Read' } as const
  serve(app, api, { ...instance, template: '/metadata', answer: () => json(metadata(api)) })
  serve(app, api, {
    ...instance,
    template: '/version',
    answer: () => {
      const { kas: _, ...version } = metadata(api)
      return json(version)
    },
  })
}

function ownToken({ viewer, api }: Call): Response {
  if (!viewer) throw unauthorized()
  if (viewer.token.kind === 'oauth') {
    throw new Refusal(400, {
      message: '400 Bad request - This endpoint requires token type to be a personal access token',
    })
  }
  return json(tokenBody(viewer.token, viewer.user, api.world.clock.now()))
}

function metadata({ world }: GitLabApi) {
  const { version, enterprise } = world.settings
  const kas = { enabled: false, externalUrl: null, externalK8sProxyUrl: null, version: null }
  return { version, revision: 'ceb07b24cb0', kas, enterprise }
}
