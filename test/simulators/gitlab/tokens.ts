import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** The kinds of credential that a program can show to GitLab. */
export const TOKEN_KINDS = [
  'personal',
  'impersonation',
  'service-account',
  'project',
  'group',
  'granular',
  'oauth',
  'deploy',
  'job',
] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

/** How a credential is made up. */
type Minting = {
  /** `routable` tells the cell, organization and user it is for, and ends in a checksum; only for `glpat-`. */
  form: 'short' | 'routable'
  userId: number
  /** Makes the same one for the same seed. */
  seed?: string
}

/** Makes a credential that looks like GitLab's own. */
export function mintToken(kind: TokenKind, { form, userId, seed = randomBytes(32).toString('hex') }: Minting): string {
  const bytes = createHash('sha512').update(seed).digest()
  const text = bytes.subarray(0, 15).toString('base64url')
  if (kind === 'oauth') return bytes.subarray(0, 32).toString('hex')
  if (kind === 'deploy') return `gldt-${text}`
  if (kind === 'job') return `glcbt-${bytes.subarray(30, 32).toString('hex')}_${text}`
  return form === 'short' ? `glpat-${text}` : routable('glpat-', bytes.subarray(0, 16), userId)
}

/** @see https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/authn/token_field/generator/routable_token.rb */
function routable(prefix: string, random: Buffer, userId: number): string {
  const routing = Buffer.from(`c:1\no:1\nu:${userId.toString(36)}`)
  const payload = Buffer.concat([random, routing, Buffer.from([routing.length])]).toString('base64url')
  const body = `${prefix}${payload}.01.${payload.length.toString(36).padStart(2, '0')}`
  return body + crc32(body).toString(36).padStart(7, '0')
}
