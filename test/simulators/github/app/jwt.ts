import { verify } from 'node:crypto'
import { z } from 'zod'
import type { ShownCredential } from '../../recording.ts'
import { Refusal } from '../answers.ts'
import type { GitHubApps } from './apps.ts'
import type { GitHubApp } from './declare.ts'

const LONGEST_SECONDS = 600

const header = z.looseObject({ alg: z.literal('RS256') })
const claims = z.looseObject({ iss: z.unknown().optional(), iat: z.unknown().optional(), exp: z.unknown().optional() })

/**
 * The App that signed a JWT.
 * @throws {Refusal} in GitHub's words
 * @see https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
 */
export function appOfJwt(apps: GitHubApps, shown: ShownCredential | null, now: Date): GitHubApp {
  const token = shown?.scheme === 'bearer' ? shown.secret.split('.') : []
  const [head = '', payload = '', signature = ''] = token
  if (token.length !== 3 || !header.safeParse(decoded(head)).success) throw undecodable()
  const { success, data } = claims.safeParse(decoded(payload))
  if (!success) throw undecodable()
  const app = appOfIssuer(apps, data.iss)
  const keys = app.keys.filter(({ visibleFrom }) => visibleFrom <= now)
  if (keys.length === 0) throw new Refusal(401, 'Integration must generate a public key')
  const signed = Buffer.from(`${head}.${payload}`)
  const proof = Buffer.from(signature, 'base64url')
  if (!keys.some(({ publicKey }) => verify('RSA-SHA256', signed, publicKey, proof))) throw undecodable()
  checkTimes(data, now.getTime() / 1000)
  return app
}

/** An id may be a number or its digits; everything else is a client id. */
function appOfIssuer({ apps }: GitHubApps, issuer: unknown): GitHubApp {
  const byClientId = [...apps.values()].find(({ clientId }) => clientId === issuer)
  if (byClientId) return byClientId
  const id = typeof issuer === 'string' && /^\d+$/.test(issuer) ? Number(issuer) : issuer
  if (!Number.isInteger(id)) throw new Refusal(401, "'Issuer' claim ('iss') must be an Integer")
  const app = apps.get(Number(id))
  if (!app) throw new Refusal(404, 'Integration not found')
  return app
}

function checkTimes({ exp, iat }: z.output<typeof claims>, now: number): void {
  if (!isSeconds(exp) || exp <= now) {
    const text = 'must be a numeric value representing the future time at which the assertion expires'
    throw new Refusal(401, `'Expiration time' claim ('exp') ${text}`)
  }
  if (exp > now + LONGEST_SECONDS) throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
  if (!isSeconds(iat) || iat > now) {
    const text = 'must be an Integer representing the time that the assertion was issued'
    throw new Refusal(401, `'Issued at' claim ('iat') ${text}`)
  }
}

function isSeconds(value: unknown): value is number {
  return Number.isInteger(value)
}

const undecodable = () => new Refusal(401, 'A JSON web token could not be decoded')

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
