import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import type { HttpBindings } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Hono } from 'hono'
import { compress } from 'hono/compress'

const DIST = resolve(import.meta.dirname, '../../client/dist')

/** Serves the built page: its files as they are, and the page itself for every other address. */
export function servePage(app: Hono<{ Bindings: HttpBindings }>): void {
  const root = relative(process.cwd(), DIST)
  // What is packed already, such as a font, it leaves as it is.
  app.use(compress())
  app.use('/assets/*', async (c, next) => {
    await next()
    // Their names carry a hash of what is in them.
    if (c.res.ok) c.header('cache-control', 'public, max-age=31536000, immutable')
  })
  const file = serveStatic({ root })
  // Only what has an ending is a file; every other address is one of the page's own.
  app.use((c, next) => (/\.\w+$/.test(c.req.path) ? file(c, next) : next()))
  app.get('*', async (c) => {
    const index = resolve(DIST, 'index.html')
    if (!existsSync(index)) return c.text('The page is not built. Run npm start, which builds it.', 503)
    c.header('cache-control', 'no-cache')
    return c.html(await readFile(index, 'utf8'))
  })
}
