import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { SimulatedClock } from './clock.ts'
import { type Actions, answerControl, CONTROL_ROOT } from './control.ts'
import { type FaultInput, faultSchema } from './faults/fault.ts'
import { FaultList, type SetFault } from './faults/fault-list.ts'
import { type Dialect, perform } from './faults/perform.ts'
import { type Arrival, type Origin, openOrigin } from './origin.ts'
import { type Area, type RecordedRequest, Recorder } from './recording.ts'
import { readFields } from './request-fields.ts'

/** What every simulator offers, whichever provider it stands for. */
export type Simulator = AsyncDisposable & {
  /** The web root, without a slash at the end. */
  readonly url: string
  readonly apiUrl: string
  readonly clock: SimulatedClock
  /** The templates of the routes it serves, such as `GET /user`. */
  readonly routes: ReadonlySet<string>
  readonly requests: readonly RecordedRequest[]
  /** The requests that no route expects; each also got the provider's own 404. */
  readonly unexpected: readonly RecordedRequest[]
  /** Takes the unexpected requests out of the record, for a test that meant them. */
  takeUnexpected(): RecordedRequest[]
  /** @throws {Error} naming each request that no route expects */
  assertNothingUnexpected(): void
  /** Makes matching requests go wrong until the fault is lifted or used up. */
  fault(fault: FaultInput): SetFault
  /**
   * Back to an empty world.
   * @throws {Error} where an unexpected request would be forgotten with it
   */
  reset(): void
  /** Ends every connection. @throws {Error} naming each request that no route expects */
  [Symbol.asyncDispose](): Promise<void>
}

/** One part of what an origin serves, and who answers there. */
export type Served = Area & { answer(arrival: Arrival, record: RecordedRequest): Promise<Response> }

/** What a provider puts into the common frame. */
export type Frame = {
  readonly name: string
  readonly clock: SimulatedClock
  readonly dialect: Dialect
  /** What can be done to the simulated world from outside, by name. */
  readonly actions: Actions
  /** Forgets the provider's own state. */
  forget(): void
  close(): Promise<void>
}

/** Records, spoils and counts the requests of one simulator, on however many origins it has. */
export class RequestDesk {
  readonly recorder = new Recorder()
  readonly faults = new FaultList()
  readonly #frame: Frame
  readonly #origins: Origin[] = []

  constructor(frame: Frame) {
    this.#frame = frame
  }

  /** Opens an origin on which `areas` says who answers for a path. */
  async open(port: number, areas: (path: string) => Served): Promise<Origin> {
    const origin = await openOrigin(port, (arrival) => this.#receive(arrival, areas))
    this.#origins.push(origin)
    return origin
  }

  fault(input: FaultInput): SetFault {
    return this.faults.add(faultSchema.parse(input))
  }

  reset(): void {
    this.assertNothingUnexpected()
    this.faults.clear()
    this.recorder.clear()
    this.#frame.forget()
    this.#frame.clock.set(null)
  }

  assertNothingUnexpected(): void {
    this.recorder.assertNothingUnexpected(this.#frame.name)
  }

  async close(): Promise<void> {
    this.faults.clear()
    await Promise.all(this.#origins.map((origin) => origin.close()))
    await this.#frame.close()
    this.assertNothingUnexpected()
  }

  async #receive(arrival: Arrival, areas: (path: string) => Served): Promise<Response> {
    const path = new URL(arrival.request.url).pathname
    if (path === CONTROL_ROOT || path.startsWith(`${CONTROL_ROOT}/`)) {
      return answerControl(arrival.request, { desk: this, actions: this.#frame.actions })
    }
    const area = areas(path)
    const record = this.recorder.record(arrival.incoming, area, this.#frame.clock.now())
    arrival.outgoing.once('finish', () => {
      record.status = arrival.outgoing.statusCode
    })
    record.body = await readFields(arrival.request)
    const proceed = () => this.#answer(area, arrival, record)
    const fault = this.faults.take(record)
    if (!fault) return proceed()
    record.fault = fault.fault.kind
    return perform(fault, { ...arrival, record, dialect: this.#frame.dialect, proceed })
  }

  async #answer(area: Served, arrival: Arrival, record: RecordedRequest): Promise<Response> {
    try {
      const response = await area.answer(arrival, record)
      if (record.route === null) this.recorder.unexpected.push(record)
      // Callers compare this header with their own clock.
      if (response !== RESPONSE_ALREADY_SENT) response.headers.set('date', this.#frame.clock.now().toUTCString())
      return response
    } catch (error) {
      this.recorder.failures.push(error)
      return new Response('The simulator itself failed.', { status: 500 })
    }
  }
}

/** The members of a simulator that do not depend on the provider. */
export function common(desk: RequestDesk, clock: SimulatedClock) {
  return {
    clock,
    requests: desk.recorder.requests,
    unexpected: desk.recorder.unexpected,
    takeUnexpected: () => desk.recorder.takeUnexpected(),
    assertNothingUnexpected: () => desk.assertNothingUnexpected(),
    fault: (fault: FaultInput) => desk.fault(fault),
    reset: () => desk.reset(),
    [Symbol.asyncDispose]: () => desk.close(),
  }
}
