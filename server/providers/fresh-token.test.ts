import { describe, expect, test } from 'vitest'
import { withFreshToken } from './fresh-token.ts'

/** An attempt that is refused so many times, and what was waited for. */
function scene(refusals: number) {
  const pauses: number[] = []
  let attempts = 0
  const attempt = async () => {
    attempts += 1
    return attempts > refusals ? 'taken' : 'refused'
  }
  const outcome = withFreshToken(
    attempt,
    (given) => given === 'refused',
    async (ms) => pauses.push(ms),
  )
  return { outcome, pauses }
}

describe('a fresh token', () => {
  test('costs no wait when it is taken at once', async () => {
    const { outcome, pauses } = scene(0)
    expect([await outcome, pauses]).toEqual(['taken', []])
  })

  test('is tried again while it is refused', async () => {
    const { outcome, pauses } = scene(2)
    expect([await outcome, pauses]).toEqual(['taken', [500, 1000]])
  })

  test('is given up after five seconds', async () => {
    const { outcome, pauses } = scene(99)
    expect(await outcome).toBe('refused')
    expect(pauses.reduce((sum, ms) => sum + ms)).toBe(5000)
  })
})
