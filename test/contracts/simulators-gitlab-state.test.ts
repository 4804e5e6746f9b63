import { crc32 } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'

let gitlab: GitLabSimulator

beforeEach(async () => {
  gitlab = await startGitLab({ now: () => new Date('2026-03-09T12:00:00Z') })
  gitlab.user({ username: 'ada', id: 7 })
})
afterEach(() => gitlab[Symbol.asyncDispose]())

async function ask(path: string, token: string) {
  const answer = await fetch(gitlab.apiUrl + path, { headers: { authorization: `Bearer ${token}` } })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, text }
}

describe('a token of the simulated GitLab', () => {
  test('ends in the checksum of what is before, in its routable form', () => {
    const token = gitlab.token({ user: 'ada', form: 'routable' })
    expect(token).toMatch(/^glpat-[A-Za-z0-9_-]+\.01\.[0-9a-z]{9}$/)
    expect(crc32(token.slice(0, -7)).toString(36).padStart(7, '0')).toBe(token.slice(-7))
    const [payload = '', , tail = ''] = token.slice('glpat-'.length).split('.')
    expect(Number.parseInt(tail.slice(0, 2), 36)).toBe(payload.length)
  })

  test('last works in the second before its date begins in UTC', async () => {
    const token = gitlab.token({ user: 'ada', expiresAt: '2026-03-10' })
    gitlab.clock.set('2026-03-09T23:59:59Z')
    expect((await ask('/user', token)).status).toBe(200)
    gitlab.clock.advance(1000)
    expect((await ask('/user', token)).text).toContain('Token is expired.')
  })

  test('tells that it was revoked until its row is gone', async () => {
    const token = gitlab.token({ user: 'ada' })
    gitlab.revoke({ token })
    expect((await ask('/user', token)).text).toContain('Token was revoked.')
    gitlab.forget({ token })
    expect((await ask('/user', token)).text).toBe('{"message":"401 Unauthorized"}')
  })

  test('works again when its owner is unblocked', async () => {
    const token = gitlab.token({ user: 'ada' })
    gitlab.changeUser({ username: 'ada', state: 'blocked' })
    expect((await ask('/user', token)).status).toBe(403)
    gitlab.changeUser({ username: 'ada', state: 'active' })
    expect((await ask('/user', token)).status).toBe(200)
  })
})

describe('a list of more than 10,000 projects', () => {
  test('does not tell how many they are, and is read to its end by keyset', async () => {
    for (let number = 0; number < 10_001; number++) gitlab.project({ path: `ada/p${number}` })
    const token = gitlab.token({ user: 'ada' })
    const { headers } = await ask('/projects?per_page=100', token)
    expect(headers.get('x-total')).toBeNull()
    expect(headers.get('link')).not.toContain('rel="last"')
    expect(headers.get('x-next-page')).toBe('2')

    const seen = new Set<number>()
    let next: string | undefined = '/projects?pagination=keyset&order_by=id&sort=asc&simple=true&per_page=100'
    while (next !== undefined) {
      const page = await ask(next, token)
      for (const { id } of z.array(z.object({ id: z.int() })).parse(JSON.parse(page.text))) seen.add(id)
      next = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1]?.slice(gitlab.apiUrl.length)
    }
    expect(seen.size).toBe(10_001)
  }, 60_000)
})

describe('the throttle of the instance', () => {
  test('is off until it is set, then answers 429 until the minute is over', async () => {
    const token = gitlab.token({ user: 'ada' })
    expect((await ask('/user', token)).headers.get('ratelimit-remaining')).toBeNull()
    gitlab.throttle({ perMinute: 2 })
    const remaining: (string | null)[] = []
    for (let call = 0; call < 2; call++) remaining.push((await ask('/user', token)).headers.get('ratelimit-remaining'))
    expect(remaining).toEqual(['1', '0'])
    const refused = await ask('/user', token)
    expect([refused.status, refused.text, refused.headers.get('retry-after')]).toEqual([429, 'Retry later\n', '60'])
    gitlab.clock.advance(60_000)
    expect((await ask('/user', token)).status).toBe(200)
  })
})

describe('an instance that believes to live elsewhere', () => {
  test('names that address in its links', async () => {
    await using other = await startGitLab({ externalUrl: 'https://gitlab.example.com/code' })
    other.user({ username: 'ada' })
    for (const name of ['a', 'b']) other.project({ path: `ada/${name}` })
    const headers = { 'private-token': other.token({ user: 'ada' }) }
    const { headers: told } = await fetch(`${other.apiUrl}/projects?per_page=1`, { headers })
    expect(told.get('link')).toContain(
      '<https://gitlab.example.com/code/api/v4/projects?per_page=1&page=2>; rel="next"',
    )
  })
})
