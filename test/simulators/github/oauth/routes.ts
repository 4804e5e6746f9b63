import type { Hono } from 'hono'
import type { SimulatorEnv } from '../../origin.ts'
import type { RecordedRequest } from '../../recording.ts'
import { type GitHubApi, requestId } from '../call.ts'
import { accessTokenAnswer } from './access-token.ts'
import { authorizePage } from './authorize.ts'

/** What lies on the web host: the page that asks people, and where its code becomes a token. */
export function oauthRoutes(web: Hono<SimulatorEnv>, api: GitHubApi): void {
  const on = (method: 'GET' | 'POST', template: string, answer: (record: RecordedRequest) => Response) => {
    const route = `${method} ${template}`
    api.routes.add(route)
    web.on(method, template, ({ env: { record } }) => {
      record.route = route
      const response = answer(record)
      response.headers.set('x-github-request-id', requestId())
      return response
    })
  }
  on('GET', '/login/oauth/authorize', (record) => authorizePage(api, record))
  on('POST', '/login/oauth/authorize', (record) => authorizePage(api, record))
  on('POST', '/login/oauth/access_token', (record) => accessTokenAnswer(api, record))
}
