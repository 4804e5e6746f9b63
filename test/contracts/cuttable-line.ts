import { connect, createServer, type Socket } from 'node:net'

/** A line to a port of this machine that can be cut, and let through again. */
export async function openLine(toPort: number) {
  const sockets = new Set<Socket>()
  let whole = true
  let refused = 0
  const server = createServer((near) => {
    if (!whole) {
      refused += 1
      near.destroy()
      return
    }
    const far = connect(toPort, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.once('close', () => {
        sockets.delete(from)
        to.destroy()
      })
      // An end that broke closes right after, which is all that matters here.
      from.on('error', () => {})
      from.pipe(to)
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const cut = () => {
    whole = false
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    mend: () => {
      whole = true
    },
    /** How often somebody tried in vain while it was cut. */
    refused: () => refused,
    close: () => {
      cut()
      return new Promise<void>((closed) => server.close(() => closed()))
    },
  }
}
