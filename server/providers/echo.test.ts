import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { silencerOf } from './echo.ts'

const token = 'github_pat_11ABCDEFG0hijklmnopqrs_tuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const silence = silencerOf({ authorization: `Bearer ${token}` })

describe('an answer that gives the credential back', () => {
  test.each([
    ['a sentence', `Bad credentials: ${token}.`, 'Bad credentials: [token].'],
    ['every place', `${token} is not ${token}`, '[token] is not [token]'],
    ['its beginning', `Bad credentials: ${token.slice(0, 20)}`, 'Bad credentials: [token]'],
    ['its middle', `...${token.slice(30, 50)}...`, '...[token]...'],
    ['its end', `...${token.slice(-15)}`, '...[token]'],
    ['an address', `/user?token=${encodeURIComponent(token)}&x=1`, '/user?token=[token]&x=1'],
  ])('keeps the rest of it: %s', (_, text, kept) => expect(silence(text)).toBe(kept))

  test.each(['', 'x', 'xy', 'x-access-token:'])('keeps nothing of it in base64, after "%s"', (before) => {
    const said = silence(`Basic ${Buffer.from(`${before}${token}`).toString('base64')}`)
    expect(said).toContain('[token]')
    const rest = Buffer.from(said.replace(/^Basic /, '').replace('[token]', ''), 'base64').toString()
    expect(rest).not.toContain(token.slice(0, 4))
    expect(said.length).toBeLessThan('Basic [token]'.length + before.length * 2 + 8)
  })

  test('in whatever form leaves no run of eight characters', () => {
    for (let round = 0; round < 200; round++) {
      const own = `ghp_${randomBytes(27).toString('base64url')}`
      const [from, to] = [round % 20, 28 + (round % 13)]
      const said = silencerOf({ authorization: `token ${own}` })(`${'x'.repeat(round)}${own.slice(from, to)}${round}`)
      for (let at = 0; at + 8 <= own.length; at++) expect(said).not.toContain(own.slice(at, at + 8))
    }
  })
})

describe('an answer to a request that proved itself otherwise', () => {
  test('keeps nothing of a password, in base64 either', () => {
    const sent = Buffer.from(`app-4711:${token}`).toString('base64')
    const said = silencerOf({ authorization: `Basic ${sent}` })(`for app-4711: ${token} (Basic ${sent})`)
    expect(said).toContain('for app-4711: [token] (Basic ')
    expect(said).not.toContain(sent.slice(20, 30))
  })

  test('keeps nothing of a signature, and another statement as it is', () => {
    const part = (text: string) => Buffer.from(text).toString('base64url')
    const statement = (claims: string) => `${part('{"alg":"RS256","typ":"JWT"}')}.${part(claims)}`
    const signature = randomBytes(256).toString('base64url')
    const other = `ghs_4711_${statement('{"iss":2}')}.${randomBytes(64).toString('base64url')}`
    const said = silencerOf({ authorization: `Bearer ${statement('{"iss":1}')}.${signature}` })
    expect(said(`{"token":"${other}"}`)).toBe(`{"token":"${other}"}`)
    expect(said(`no: ${statement('{"iss":1}')}.${signature}`)).toBe('no: [token]')
    expect(said(`no: ${signature}`)).toBe('no: [token]')
  })
})

test('an answer that holds nothing of the credential stays as it is', () => {
  const text = `GitHub says: {"message":"Resource not accessible by personal access token"} ${randomBytes(2000).toString('hex')}`
  expect(silence(text)).toBe(text)
  expect(silencerOf({})(text)).toBe(text)
  expect(silencerOf(undefined)('')).toBe('')
})
