import { randomBytes } from 'node:crypto'
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

/**
 * Makes a credential that looks like GitLab's own.
 * @param form `routable` tells the cell, organization and user it is for, and ends in a checksum; only for `glpat-`
 */
export function mintToken(kind: TokenKind, form: 'short' | 'routable', userId: number): string {
  if (kind === 'oauth') return randomBytes(32).toString('hex')
  if (kind === 'deploy') return `gldt-${randomBytes(15).toString('base64url')}`
  if (kind === 'job') return `glcbt-${randomBytes(2).toString('hex')}_${randomBytes(15).toString('base64url')}`
  return form === 'short' ? `glpat-${randomBytes(15).toString('base64url')}` : routable('glpat-', userId)
}

/** @see https://gitlab.com/gitlab-org/gitlab/-/blob/master/lib/authn/token_field/generator/routable_token.rb */
function routable(prefix: string, userId: number): string {
  const routing = Buffer.from(`c:1\no:1\nu:${userId.toString(36)}`)
  const payload = Buffer.concat([randomBytes(16), routing, Buffer.from([routing.length])]).toString('base64url')
  const body = `${prefix}${payload}.01.${payload.length.toString(36).padStart(2, '0')}`
  return body + crc32(body).toString(36).padStart(7, '0')
}
