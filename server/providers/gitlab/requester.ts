import type { Conversation } from '../conversation.ts'

interface Resource {
  readonly url: string
  readonly headers: Record<string, string>
  readonly authHeaders: Record<string, () => Promise<string>>
}

/** In place of gitbeaker's transport, which retries, follows redirects and loses GitLab's reasons. */
export function requester({ wire }: Conversation) {
  return ({ url, headers, authHeaders }: Resource) => {
    const send = (method: string) => async (endpoint: string, asked?: { searchParams?: Record<string, unknown> }) => {
      const address = new URL(endpoint, url.endsWith('/') ? url : `${url}/`)
      for (const [name, value] of Object.entries(asked?.searchParams ?? {})) {
        if (value === undefined || name === 'maxPages') continue
        address.searchParams.set(
          name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
          String(value),
        )
      }
      const proofs = Object.entries(authHeaders).map(async ([name, make]) => [name, await make()] as const)
      await wire(address.href, {
        method,
        headers: { accept: 'application/json', ...headers, ...Object.fromEntries(await Promise.all(proofs)) },
      })
      // The answer was taken at the wire; the library must not go on with it.
      throw new Error('taken')
    }
    return { get: send('GET'), post: send('POST'), put: send('PUT'), patch: send('PATCH'), delete: send('DELETE') }
  }
}
