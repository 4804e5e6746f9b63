import { randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { appRouter } from '../api/router.ts'
import type { Principal } from '../auth/principal.ts'
import type { Shell } from '../shell.ts'
import { serveOAuthCallback } from './oauth-callback.ts'
import { refuseForeignOrigin } from './origin.ts'
import { servePage } from './page.ts'

const MOST_BYTES = 256 * 1024

/** Whether the server can do its work, and why not. */
export type Readiness = () => Promise<{ ready: boolean; reasons: readonly string[] }>

/** Every address of the server: order of middleware and routes, nothing else. */
export function createApp(shell: Shell, readiness: Readiness): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()

  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse()
    shell.log.error({ err: error, path: c.req.path }, 'a request failed')
    return c.json({ message: 'Something went wrong on our side.' }, 500)
  })
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        // Components set inline style attributes; scripts come from our own files only.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        formAction: ["'self'"],
      },
      crossOriginOpenerPolicy: 'same-origin-allow-popups',
      // Only over https does a browser heed it; over http it must not be promised.
      strictTransportSecurity: shell.config.publicUrl.startsWith('https:') ? 'max-age=31536000' : false,
    }),
  )

  for (const path of ['/healthz', '/readyz', '/trpc/*', '/api/*', '/oauth/*', '/webhooks/*']) {
    app.use(path, async (c, next) => {
      await next()
      // What is no file of the page is for one caller at one moment.
      c.res.headers.set('cache-control', 'no-store')
    })
  }

  app.get('/healthz', (c) => c.json({ ok: true }))
  app.get('/readyz', async (c) => {
    const state = await readiness()
    return c.json(state, state.ready ? 200 : 503)
  })

  const limit = bodyLimit({
    maxSize: MOST_BYTES,
    onError: (c) => c.json({ message: 'The request is too large.' }, 413),
  })
  app.use('/api/auth/*', limit, refuseForeignOrigin(shell.config))
  app.on(['GET', 'POST'], '/api/auth/*', (c) => {
    const headers = new Headers(c.req.raw.headers)
    // Rate limits go by the address of the connection, never by a header that anybody can write.
    headers.set('x-forwarded-for', getConnInfo(c).remote.address ?? '')
    return shell.people.handler(new Request(c.req.raw, { headers }), shell)
  })

  app.use('/trpc/*', limit, refuseForeignOrigin(shell.config))
  app.all('/trpc/*', async (c) => {
    const { headers } = c.req.raw
    let asking: Promise<Principal | null> | undefined
    return fetchRequestHandler({
      endpoint: '/trpc',
      req: c.req.raw,
      router: appRouter,
      createContext: async () => ({
        shell,
        headers,
        correlationId: randomUUID(),
        authenticate: () => (asking ??= shell.people.authenticate(headers)),
      }),
      onError: ({ error, path }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR') shell.log.debug({ path }, 'answered with an internal error')
      },
    })
  })

  serveOAuthCallback(app, shell)

  app.on(['GET', 'POST', 'PUT', 'DELETE', 'PATCH'], ['/api/*', '/oauth/*', '/webhooks/*'], (c) =>
    c.json({ message: 'There is nothing at this address.' }, 404),
  )
  servePage(app)
  return app
}
