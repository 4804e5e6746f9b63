const MINUTE_MS = 60_000
const LOOK_AGAIN_MS = 100

/** What one server asks of the token endpoint of one host at most. */
export const LIMITS = { atOnce: 8, perMinute: 150 } as const

/** Leave to make one call to a host. */
export interface Turn {
  /** Says that the call is made now; a turn that is left without it does not count. */
  readonly use: () => void
  readonly leave: () => void
}

/** Lets so many at a time and in a minute go to a host; hosts do not wait for each other. */
export interface HostGate {
  /** Waits for a turn; null when none has come after `patienceMs`. Those who come `first` go before all others. */
  readonly enter: (host: string, wait: { first: boolean; patienceMs: number }) => Promise<Turn | null>
}

interface Call {
  /** Null until it is made. */
  at: number | null
}

interface Waiting {
  readonly first: boolean
  readonly until: number
  readonly resolve: (turn: Turn | null) => void
}

interface Host {
  running: number
  /** Of the last minute, and those about to be made. */
  readonly calls: Set<Call>
  waiting: Waiting[]
  watched: boolean
}

/** Makes a gate. Its minutes are those of `clock`; `pause` only says when to look at it again, while somebody waits. */
export function createHostGate(
  { clock, pause }: { clock: () => Date; pause: (ms: number) => Promise<void> },
  limits: { atOnce: number; perMinute: number } = LIMITS,
): HostGate {
  const hosts = new Map<string, Host>()

  function admit(host: Host): void {
    const now = clock().getTime()
    for (const call of host.calls) {
      // What lies ahead was counted before the clock was set back.
      if (call.at !== null && (call.at <= now - MINUTE_MS || call.at > now)) host.calls.delete(call)
    }
    while (host.waiting.length > 0 && host.running < limits.atOnce && host.calls.size < limits.perMinute) {
      const foremost = host.waiting.findIndex(({ first }) => first)
      const [next] = host.waiting.splice(Math.max(foremost, 0), 1)
      next?.resolve(begin(host))
    }
    host.waiting = host.waiting.filter(({ until, resolve }) => {
      if (until > now) return true
      resolve(null)
      return false
    })
  }

  function begin(host: Host): Turn {
    const call: Call = { at: null }
    host.calls.add(call)
    host.running++
    return {
      use() {
        call.at = clock().getTime()
      },
      leave() {
        if (call.at === null) host.calls.delete(call)
        host.running--
        admit(host)
      },
    }
  }

  async function watch(host: Host): Promise<void> {
    if (host.watched) return
    host.watched = true
    while (host.waiting.length > 0) {
      await pause(LOOK_AGAIN_MS)
      admit(host)
    }
    host.watched = false
  }

  return {
    enter(name, { first, patienceMs }) {
      const host = hosts.get(name) ?? { running: 0, calls: new Set(), waiting: [], watched: false }
      hosts.set(name, host)
      return new Promise((resolve) => {
        host.waiting.push({ first, until: clock().getTime() + patienceMs, resolve })
        admit(host)
        void watch(host)
      })
    },
  }
}
