import type { RecordedRequest } from '../recording.ts'
import type { Fault } from './fault.ts'

/** A fault that is set, until it is lifted or used up. */
export type SetFault = {
  readonly id: number
  readonly fault: Fault
  /** How many requests it has spoiled. */
  readonly hits: number
  /** Ends it; requests that it holds go on. */
  lift(): void
  /** Settles once it is lifted. */
  readonly lifted: Promise<void>
}

/** The faults that are set, in the order in which they were; the first that matches a request takes it. */
export class FaultList {
  readonly #set = new Map<number, SetFault & { hits: number; skipped: number }>()
  #lastId = 0

  add(fault: Fault): SetFault {
    const id = ++this.#lastId
    const { promise, resolve } = Promise.withResolvers<void>()
    const lift = () => {
      this.#set.delete(id)
      resolve()
    }
    const entry = { id, fault, hits: 0, skipped: 0, lift, lifted: promise }
    this.#set.set(id, entry)
    return entry
  }

  /** The fault that spoils this request, counted as a hit; null if none does. */
  take(request: RecordedRequest): SetFault | null {
    for (const entry of this.#set.values()) {
      if (!matches(entry.fault, request)) continue
      if (entry.skipped < entry.fault.skip) {
        entry.skipped += 1
        continue
      }
      entry.hits += 1
      if (entry.hits === entry.fault.times) this.#set.delete(entry.id)
      return entry
    }
    return null
  }

  get(id: number): SetFault | undefined {
    return this.#set.get(id)
  }

  all(): SetFault[] {
    return [...this.#set.values()]
  }

  clear(): void {
    for (const entry of this.all()) entry.lift()
  }
}

function matches(fault: Fault, request: RecordedRequest): boolean {
  if (fault.area !== undefined && fault.area !== request.area) return false
  if (fault.token !== undefined && !shows(request, fault.token)) return false
  return fault.route === undefined || routePattern(fault.route).test(`${request.method} ${request.path}`)
}

function shows({ credential, body }: RecordedRequest, token: string): boolean {
  return credential?.secret === token || Object.values(body ?? {}).includes(token)
}

function routePattern(route: string): RegExp {
  const [, method = '[A-Z]+', path = ''] = /^(?:([A-Z]+) +)?(.*)$/.exec(route) ?? []
  const expression = path
    .split(/(\*\*|\*|\{[^}]*\})/)
    .map((part) => {
      if (part === '**') return '.*'
      if (part === '*' || part.startsWith('{')) return '[^/]+'
      return RegExp.escape(part)
    })
    .join('')
  return new RegExp(`^${method} ${expression}$`)
}
