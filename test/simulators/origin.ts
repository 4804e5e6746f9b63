import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { RecordedRequest } from './recording.ts'

/** What a route knows beyond the request: the raw connection, and its own entry in the record. */
export type SimulatorEnv = { Bindings: HttpBindings & { record: RecordedRequest } }

/** A request with its raw connection, on its way to a route. */
export type Arrival = {
  readonly request: Request
  readonly incoming: IncomingMessage
  readonly outgoing: ServerResponse
}

/** A server on loopback. */
export type Origin = { readonly url: string; close(): Promise<void> }

/**
 * Listens on 127.0.0.1 and answers with `answer`.
 * @param port 0 takes any free one
 */
export async function openOrigin(port: number, answer: (arrival: Arrival) => Promise<Response>): Promise<Origin> {
  const listener = getRequestListener(
    async (request, env) => {
      const { incoming, outgoing } = env
      if (!(incoming instanceof IncomingMessage && outgoing instanceof ServerResponse))
        throw new Error('Only HTTP/1.1.')
      return answer({ request, incoming, outgoing })
    },
    { overrideGlobalObjects: false },
  )
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The simulator listens on no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}
