import { connect, type Socket } from 'node:net'
import { createServer } from 'node:tls'
import type { ServerCertificate } from './certificates.ts'

/** What stands before a server and speaks TLS for it. */
export interface TlsFront extends AsyncDisposable {
  readonly port: number
  /** How many connections agreed on TLS. */
  agreed(): number
}

/** Ends TLS on a port of loopback and passes what is inside to a plain server, API and git alike. */
export async function startTlsFront(to: string, certificate: ServerCertificate): Promise<TlsFront> {
  const open = new Set<Socket>()
  let agreed = 0
  const server = createServer({ ...certificate }, (inside) => {
    agreed += 1
    const behind = connect(Number(new URL(to).port), '127.0.0.1')
    for (const socket of [inside, behind]) {
      open.add(socket)
      socket.on('error', () => {}).on('close', () => open.delete(socket))
    }
    inside.pipe(behind).pipe(inside)
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('the front has no port')
  return {
    port: address.port,
    agreed: () => agreed,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((closed) => server.close(() => closed()))
    },
  }
}
