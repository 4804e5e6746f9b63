import { generateKeyPairSync, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { firstCheck } from '../provider.ts'
import { mintInstallationToken, proofOf } from './app-token.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const now = new Date('2026-03-10T12:00:00.900Z')
const seconds = Date.parse('2026-03-10T12:00:00Z') / 1000

function parts(jwt: string) {
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  const json = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
  const good = verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'))
  return { header: json(header), payload: json(payload), good }
}

describe('the proof to be an App', () => {
  test('is signed, begins a minute ago and lasts nine more', () => {
    expect(parts(proofOf({ appId: '123456', pem }, now))).toEqual({
      header: { alg: 'RS256', typ: 'JWT' },
      payload: { iat: seconds - 60, exp: seconds + 540, iss: 123456 },
      good: true,
    })
  })

  test('names a client id as text', () => {
    const { payload } = parts(proofOf({ appId: 'Iv23liAbCdEfGhIjKlMn', pem }, now))
    expect(payload).toMatchObject({ iss: 'Iv23liAbCdEfGhIjKlMn' })
  })
})

describe('asking for a token', () => {
  const answer = { token: `ghs_${'a'.repeat(36)}`, expires_at: '2026-03-10T13:00:00Z' }
  const granted = { permissions: { contents: 'read', metadata: 'read' }, repository_selection: 'selected' }
  const instance = { baseUrl: 'https://ghe.test', apiUrl: 'https://ghe.test/api/v3', prior: firstCheck }

  async function ask(response: object, more: { repositoryIds?: string[] } = {}) {
    const requests: { url: string; body: unknown; proof: string }[] = []
    const fetch = async (url: string, init?: RequestInit) => {
      const proof = new Headers(init?.headers).get('authorization') ?? ''
      requests.push({ url, body: JSON.parse(z.string().parse(init?.body)), proof })
      return new Response(JSON.stringify(response), { status: 201 })
    }
    const app = { appId: '123456', installationId: '42', pem }
    const minting = await mintInstallationToken({ fetch, clock: () => now }, app, { ...instance, ...more })
    return { minting, requests }
  }

  test('asks for contents and metadata, to read, and no more', async () => {
    const { minting, requests } = await ask({ ...answer, ...granted })
    const body = { permissions: { contents: 'read', metadata: 'read' } }
    expect(requests).toMatchObject([{ url: 'https://ghe.test/api/v3/app/installations/42/access_tokens', body }])
    expect(Object.keys(z.object({}).loose().parse(requests[0]?.body))).toEqual(['permissions'])
    expect(minting).toEqual({
      ...{ is: 'minted', token: answer.token, expiresAt: new Date('2026-03-10T13:00:00Z') },
      ...{ permissions: granted.permissions, repositorySelection: 'selected' },
    })
  })

  test('names the repositories that it is for', async () => {
    const { requests } = await ask({ ...answer, ...granted }, { repositoryIds: ['7', '8'] })
    expect(requests[0]?.body).toMatchObject({ repository_ids: [7, 8] })
  })

  test('never turns no repository into all of them', async () => {
    await expect(ask({ ...answer, ...granted }, { repositoryIds: [] })).rejects.toThrow(/no repository/)
  })

  test.each([
    ['a line end in the token', { ...answer, ...granted, token: `${answer.token}\nx` }],
    ['no token', { ...granted, expires_at: answer.expires_at }],
    ['no end', { ...granted, token: answer.token }],
  ])('takes no answer with %s', async (_, response) => {
    expect((await ask(response)).minting).toMatchObject({ is: 'unanswered' })
  })
})
