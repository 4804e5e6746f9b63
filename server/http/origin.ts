import { createMiddleware } from 'hono/factory'
import type { Config } from '../config.ts'

/** Origins that a browser may call from: the public address and, where none was set, the loopback names. */
export function ownOrigins(config: Pick<Config, 'publicUrl' | 'publicUrlIsSet' | 'port'>): string[] {
  const own = new URL(config.publicUrl).origin
  if (config.publicUrlIsSet) return [own]
  return [own, `http://127.0.0.1:${config.port}`, `http://[::1]:${config.port}`]
}

/**
 * Refuses changes that a browser sends from another site: the cookie would go along, or a cookie would be set. Programs
 * send no Origin.
 */
export function refuseForeignOrigin(config: Pick<Config, 'publicUrl' | 'publicUrlIsSet' | 'port'>) {
  const allowed = new Set(ownOrigins(config))
  return createMiddleware(async (c, next) => {
    if (c.req.method === 'GET') return next()
    const origin = c.req.header('origin')
    const site = c.req.header('sec-fetch-site')
    const foreign = origin === undefined ? site === 'cross-site' || site === 'same-site' : !allowed.has(origin)
    if (foreign) return c.json({ message: 'This request came from another site, so it was refused.' }, 403)
    if (c.req.method === 'POST' && !c.req.header('content-type')?.startsWith('application/json')) {
      return c.json({ message: 'Send JSON with the content type application/json.' }, 415)
    }
    return next()
  })
}
