import { Client, type Pool, type PoolClient } from 'pg'

const CHANNEL = 'git_connections_appended'
const THROTTLE_MS = 10
const RELISTEN_MS = 1_000

/** Tells followers that something was appended; a hint to read again, never the news itself. */
export interface Wake {
  /** Called after a commit of this process. */
  readonly announce: (organizationIds: ReadonlySet<string>) => void
  /** Calls the listener on each append, with null when it may have been any organization. Returns the way to stop. */
  readonly subscribe: (listener: (organizationId: string | null) => void) => () => void
  readonly close: () => Promise<void>
}

/**
 * Followers in this process hear at once; other replicas by a NOTIFY at most every 10 ms, on a statement of its own:
 * inside the append it would make commits wait for each other.
 */
export async function createWake(pool: Pool, options: { listen: boolean }): Promise<Wake> {
  const listeners = new Set<(organizationId: string | null) => void>()
  let closed = false
  let notifying: NodeJS.Timeout | undefined
  let relisten: NodeJS.Timeout | undefined
  let ears: PoolClient | Client | undefined

  const tell = (organizationId: string | null) => {
    for (const listener of listeners) listener(organizationId)
  }

  async function listen(): Promise<void> {
    const client = new Client({ ...pool.options, keepAlive: true })
    const lost = () => {
      if (ears === client) ears = undefined
      client.end().catch(() => {})
      if (!closed) relisten = setTimeout(() => void listen().catch(lost), RELISTEN_MS)
    }
    client.on('error', lost)
    client.on('notification', () => tell(null))
    try {
      await client.connect()
      await client.query(`listen ${CHANNEL}`)
    } catch {
      lost()
      return
    }
    if (closed) return void client.end().catch(() => {})
    ears = client
    // What was appended while nobody listened is found by reading once more.
    tell(null)
  }

  if (options.listen) await listen()

  return {
    announce(organizationIds) {
      for (const organizationId of organizationIds) tell(organizationId)
      if (notifying || closed) return
      notifying = setTimeout(() => {
        notifying = undefined
        // A lost hint costs a follower of another replica at most one poll.
        pool.query(`notify ${CHANNEL}`).catch(() => {})
      }, THROTTLE_MS)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      closed = true
      clearTimeout(notifying)
      clearTimeout(relisten)
      const client = ears
      if (client instanceof Client) await client.end().catch(() => {})
    },
  }
}
