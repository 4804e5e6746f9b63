import { randomUUID } from 'node:crypto'
import { DomainError } from '@git-connections/events'
import type { HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'
import { completeAuthorization } from '../commands/complete-authorization.ts'
import type { Shell } from '../shell.ts'

/**
 * Where providers send people back to. What came of it is shown by the page, to which they are sent on: no code, state
 * or token stays in an address, and none reaches the page.
 */
export function serveOAuthCallback(app: Hono<{ Bindings: HttpBindings }>, shell: Shell): void {
  app.get('/oauth/callback/:instance', async (c) => {
    c.header('cache-control', 'no-store')
    c.header('referrer-policy', 'no-referrer')
    const { headers } = c.req.raw
    const [principal, user] = await Promise.all([shell.people.authenticate(headers), shell.people.user(headers)])
    if (!principal || !user) return c.redirect('/connected?problem=signedOut', 303)
    const { organizationId, userId, actor } = principal
    try {
      const id = await completeAuthorization(
        shell,
        {
          instance: c.req.param('instance'),
          state: c.req.query('state') ?? null,
          code: c.req.query('code') ?? null,
          error: c.req.query('error') ?? null,
          signer: { organizationId, userId, sessionToken: user.sessionToken },
        },
        { actor, organizationId, correlationId: randomUUID(), causationId: null },
      )
      return c.redirect(`/connected/${id}`, 303)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return c.redirect('/connected?problem=unknown', 303)
    }
  })
}
