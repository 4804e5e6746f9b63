import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'

/** A proxy that opens tunnels, and remembers for which places it was asked. */
export interface ConnectProxy extends AsyncDisposable {
  readonly port: number
  /** The places for which a tunnel was opened. */
  readonly passed: readonly string[]
  /** Every request, with what proved the right to it. */
  readonly asked: readonly { readonly method: string; readonly place: string; readonly proof: string | null }[]
  /** Refuses everything with that status; null lets it pass again. */
  refuse(status: number | null): void
  /** Keeps requests unanswered until it is let go. */
  hold(): () => void
}

/** Starts one on loopback that knows names of its own, each with the port where it is really served. */
export async function startConnectProxy(
  names: Record<string, number>,
  credentials: { username: string; password: string } | null = null,
): Promise<ConnectProxy> {
  const passed: string[] = []
  const asked: { method: string; place: string; proof: string | null }[] = []
  const open = new Set<Socket>()
  const keep = (socket: Socket) => open.add(socket.on('error', () => {}).on('close', () => open.delete(socket)))
  const wanted =
    credentials && `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
  let refusal: number | null = null
  let held: Promise<void> = Promise.resolve()

  const server = createServer((request, response) => {
    asked.push({ method: request.method ?? '', place: request.url ?? '', proof: null })
    response.writeHead(405).end()
  })
  server.on('connection', keep)
  server.on('connect', async (request, socket: Socket, first: Buffer) => {
    const place = request.url ?? ''
    const proof = request.headers['proxy-authorization'] ?? null
    asked.push({ method: 'CONNECT', place, proof })
    await held
    const status = refusal ?? (wanted && proof !== wanted ? 407 : null)
    const port = names[place.replace(/:\d+$/, '')]
    if (status !== null || port === undefined) {
      const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="acme"\r\n' : ''
      return void socket.end(`HTTP/1.1 ${status ?? 502} No\r\n${challenge}Content-Length: 0\r\n\r\n`)
    }
    passed.push(place)
    const behind = connect(port, '127.0.0.1')
    keep(behind)
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    behind.write(first)
    behind.pipe(socket).pipe(behind)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the proxy has no port')
  return {
    ...{ port: address.port, passed, asked },
    refuse(status) {
      refusal = status
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((closed) => server.close(() => closed()))
    },
  }
}
