import { describe, expect, test } from 'vitest'
import { createHostGate, LIMITS, type Turn } from './host-gate.ts'

const MINUTE_MS = 60_000
const AT_ONCE = 3
const PER_MINUTE = 5

/** A gate with a time of its own; what waits looks again whenever `look` is called. */
function gateAt(start = 1_000_000) {
  let now = start
  let lookAgain = Promise.withResolvers<void>()
  const gate = createHostGate(
    { clock: () => new Date(now), pause: () => lookAgain.promise },
    { atOnce: AT_ONCE, perMinute: PER_MINUTE },
  )
  const entered: { name: string; turn: Turn | null }[] = []
  const settle = () => new Promise<void>((done) => setImmediate(done))
  return {
    entered,
    names: () => entered.map(({ name }) => name),
    async enter(name: string, { host = 'a', first = false, patienceMs = 10 * MINUTE_MS } = {}) {
      void gate.enter(host, { first, patienceMs }).then((turn) => entered.push({ name, turn }))
      await settle()
    },
    /** Takes those who are in through their call. */
    async leave(used = true) {
      for (const { turn } of entered.splice(0)) {
        if (used) turn?.use()
        turn?.leave()
      }
      await settle()
    },
    async pass(ms: number) {
      now += ms
      const waiting = lookAgain
      lookAgain = Promise.withResolvers()
      waiting.resolve()
      await settle()
    },
  }
}

describe('the gate of a host', () => {
  test('asks eight at once and 150 in a minute at most, where nothing else is said', () =>
    expect(LIMITS).toEqual({ atOnce: 8, perMinute: 150 }))

  test('lets so many in at once, and the next when one leaves', async () => {
    const gate = gateAt()
    for (const name of ['1', '2', '3', '4']) await gate.enter(name)
    expect(gate.names()).toEqual(['1', '2', '3'])
    const [one] = gate.entered.splice(0, 1)
    one?.turn?.leave()
    await gate.pass(0)
    expect(gate.names()).toEqual(['2', '3', '4'])
  })

  test('lets so many calls be made in any minute', async () => {
    const gate = gateAt()
    for (const name of ['1', '2', '3']) await gate.enter(name)
    await gate.leave()
    await gate.pass(MINUTE_MS / 2)
    for (const name of ['4', '5', '6', '7']) await gate.enter(name)
    expect(gate.names()).toEqual(['4', '5'])
    await gate.leave()
    await gate.pass(MINUTE_MS / 2 - 1)
    expect(gate.names()).toEqual([])
    await gate.pass(1)
    expect(gate.names()).toEqual(['6', '7'])
  })

  test('does not count a turn that nobody used for a call', async () => {
    const gate = gateAt()
    for (let n = 0; n < 4; n++) {
      for (const name of ['1', '2', '3']) await gate.enter(name)
      expect(gate.names()).toEqual(['1', '2', '3'])
      await gate.leave(false)
    }
  })

  test('lets those go first for whom somebody waits', async () => {
    const gate = gateAt()
    for (const name of ['1', '2', '3', 'job 1', 'job 2']) await gate.enter(name)
    for (const name of ['person 1', 'person 2']) await gate.enter(name, { first: true })
    await gate.leave()
    expect(gate.names()).toEqual(['person 1', 'person 2'])
    await gate.leave()
    await gate.pass(MINUTE_MS)
    expect(gate.names()).toEqual(['job 1', 'job 2'])
  })

  test('holds no other host up', async () => {
    const gate = gateAt()
    for (const name of ['1', '2', '3', '4']) await gate.enter(name)
    await gate.enter('other', { host: 'b' })
    expect(gate.names()).toEqual(['1', '2', '3', 'other'])
  })

  test('sends those away whose patience ends', async () => {
    const gate = gateAt()
    for (const name of ['1', '2', '3', '4']) await gate.enter(name, { patienceMs: MINUTE_MS })
    await gate.pass(MINUTE_MS)
    expect(gate.entered.at(-1)).toEqual({ name: '4', turn: null })
  })

  test('goes on when the clock is set back', async () => {
    const gate = gateAt()
    for (const name of ['1', '2', '3']) await gate.enter(name)
    await gate.leave()
    for (const name of ['4', '5', '6']) await gate.enter(name)
    await gate.leave()
    await gate.pass(-60 * MINUTE_MS)
    expect(gate.names()).toEqual(['6'])
  })
})
