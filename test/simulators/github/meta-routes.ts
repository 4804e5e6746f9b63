import type { Hono } from 'hono'
import type { SimulatorEnv } from '../origin.ts'
import { json } from './answers.ts'
import { type GitHubApi, serve } from './call.ts'
import { payerOf } from './front-door.ts'

/** What the server tells about itself and about what is left of the hour. */
export function metaRoutes(app: Hono<SimulatorEnv>, api: GitHubApi): void {
  serve(app, api, {
    template: '/rate_limit',
    for: 'anyone',
    acceptedScopes: '',
    free: true,
    answer: ({ viewer }) => {
      const core = api.limit.allowance(payerOf(viewer))
      const idle = { limit: 30, used: 0, remaining: 30, reset: core.reset }
      return json({
        resources: { core, search: idle, graphql: { ...core, used: 0, remaining: core.limit } },
        rate: core,
      })
    },
  })
  serve(app, api, {
    template: '/meta',
    for: 'anyone',
    acceptedScopes: '',
    answer: () =>
      json({
        verifiable_password_authentication: false,
        ...(api.enterpriseVersion === null ? { domains: {} } : { installed_version: api.enterpriseVersion }),
      }),
  })
}
