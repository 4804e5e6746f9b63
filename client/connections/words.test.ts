import { describe, expect, it } from 'vitest'
import { callWords, hostOf, suggestName } from './words.ts'

describe('the suggested name of a new connection', () => {
  it('is its host, with a number where that is taken', () => {
    expect(suggestName('https://github.com', [])).toBe('github.com')
    expect(suggestName('https://git.acme.test/gitlab/', ['other'])).toBe('git.acme.test/gitlab')
    expect(suggestName('https://github.com', ['github.com', 'github.com 2'])).toBe('github.com 3')
  })

  it('is never longer than a name may be', () => {
    const long = `https://${'a'.repeat(200)}.test`
    expect(suggestName(long, [hostOf(long).slice(0, 70)]).length).toBeLessThanOrEqual(80)
  })
})

describe('a call in words', () => {
  const call = { method: 'GET', url: 'https://api.github.com/user?x=1', answer: '', requestId: null, durationMs: 3 }

  it('names what was asked, and what was answered', () => {
    expect(callWords({ ...call, status: 401 })).toBe('GET /user answered 401')
    expect(callWords({ ...call, status: null })).toBe('GET /user got no answer')
    expect(callWords({ ...call, url: 'git ls-remote', status: 200 })).toBe('GET git ls-remote answered 200')
  })
})
