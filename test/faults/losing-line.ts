import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** What a line loses: the question itself, or the answer to what was heard and done. */
export type Lost = 'question' | 'answer'

/** A line to a server on this machine that can break at a moment of one's choice. */
export type LosingLine = AsyncDisposable & {
  readonly port: number
  /** Breaks the connection on which that text is said next, before it is heard or once it is answered. */
  readonly lose: (what: Lost, said: string) => void
}

/** Opens a line to a port. */
export async function openLosingLine(toPort: number): Promise<LosingLine> {
  const sockets = new Set<Socket>()
  let next: { what: Lost; said: string } | null = null

  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1')
    const hangUp = () => {
      near.destroy()
      far.destroy()
    }
    for (const end of [near, far]) {
      sockets.add(end)
      end.on('error', () => {})
      end.once('close', () => {
        sockets.delete(end)
        hangUp()
      })
    }
    let losing = false
    near.on('data', (part: Buffer) => {
      if (next !== null && part.includes(next.said)) {
        if (next.what === 'question') hangUp()
        losing = true
        next = null
      }
      far.write(part)
    })
    far.on('data', (part: Buffer) => {
      // PostgreSQL answers once the statement is committed.
      if (losing) hangUp()
      else near.write(part)
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return {
    port: address !== null && typeof address === 'object' ? address.port : 0,
    lose: (what, said) => {
      next = { what, said }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
