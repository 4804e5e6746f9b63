import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'

const ANSWERS_AFTER_MS = 5

/** A pair of tokens; the access token is good until `endsAt`. */
export interface Pair {
  readonly accessToken: string
  readonly refreshToken: string
  readonly endsAt: Date
}

/** A token endpoint and no more, for very many grants: a pair ends when it is renewed. */
export async function startTokenEndpoint({ now, lifeMs }: { now: () => Date; lifeMs: number }) {
  const byRefreshToken = new Map<string, Pair>()
  const alive = new Map<string, Pair>()
  /** When each call came, and the refresh tokens that were good for nothing. */
  const calls: { at: Date; refreshToken: string }[] = []
  const refused: string[] = []
  let running = 0
  let mostAtOnce = 0

  function grant(): Pair {
    const pair = {
      accessToken: `access-${randomUUID()}`,
      refreshToken: `refresh-${randomUUID()}`,
      endsAt: new Date(now().getTime() + lifeMs),
    }
    byRefreshToken.set(pair.refreshToken, pair)
    alive.set(pair.accessToken, pair)
    return pair
  }

  const server = createServer(async (request, response) => {
    mostAtOnce = Math.max(mostAtOnce, ++running)
    const refreshToken = new URLSearchParams(await text(request)).get('refresh_token') ?? ''
    calls.push({ at: now(), refreshToken })
    await pause(ANSWERS_AFTER_MS)
    const old = byRefreshToken.get(refreshToken)
    if (!old) refused.push(refreshToken)
    byRefreshToken.delete(refreshToken)
    if (old) alive.delete(old.accessToken)
    const { accessToken, refreshToken: next } = old ? grant() : { accessToken: '', refreshToken: '' }
    const body = old
      ? {
          ...{ access_token: accessToken, token_type: 'bearer', expires_in: lifeMs / 1000, refresh_token: next },
          refresh_token_expires_in: (2 * lifeMs) / 1000,
        }
      : { error: 'bad_refresh_token' }
    running--
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('The endpoint has no port.')
  return {
    ...{ url: `http://127.0.0.1:${address.port}`, calls, refused, grant },
    mostAtOnce: () => mostAtOnce,
    isAlive: (accessToken: string) => (alive.get(accessToken)?.endsAt ?? new Date(0)) > now(),
    /** The most calls that came within any one minute. */
    mostInAMinute: () =>
      Math.max(
        ...calls.map(({ at }, first) => {
          const after = calls.findIndex((call) => call.at.getTime() >= at.getTime() + 60_000)
          return (after < 0 ? calls.length : after) - first
        }),
      ),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
