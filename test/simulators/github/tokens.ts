import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { crc32 } from 'node:zlib'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The kinds of credential that are made for a person. */
export const PEOPLES_KINDS = ['classic', 'fine-grained', 'oauth', 'app-user'] as const
export type PeoplesKind = (typeof PEOPLES_KINDS)[number]
/** Those, and what an App gets for an installation. */
export const TOKEN_KINDS = [...PEOPLES_KINDS, 'installation'] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

const PREFIX = { classic: 'ghp_', oauth: 'gho_', 'app-user': 'ghu_', installation: 'ghs_' } as const

/**
 * Makes a credential that looks like GitHub's own, down to its checksum.
 * @param seed makes the same one for the same seed
 */
export function mintToken(kind: TokenKind, seed: string = randomBytes(32).toString('hex')): string {
  const digits = digitsFrom(seed)
  if (kind === 'fine-grained') return `github_pat_${digits.slice(0, 22)}_${digits.slice(22, 81)}`
  const body = digits.slice(0, 30)
  return PREFIX[kind] + body + checksum(body)
}

/**
 * Makes an installation's token in its newer form, of about 520 characters: the App's id and something signed, which
 * is no JWT to anybody but GitHub.
 * @see https://github.blog/changelog/2026-04-24-notice-about-upcoming-new-format-for-github-app-installation-tokens/
 */
export function mintLongInstallationToken(appId: number, installation: number, expiresAt: Date): string {
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const exp = Math.floor(expiresAt.getTime() / 1000)
  const payload = { iss: 'github.com', app: appId, installation, exp, jti: randomUUID() }
  const signed = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(payload)}`
  return `ghs_${appId}_${signed}.${randomBytes(256).toString('base64url')}`
}

/** Makes what renews a token of a GitHub App's user. */
export function mintRefreshToken(seed: string = randomBytes(32).toString('hex')): string {
  const body = digitsFrom(seed).slice(0, 70)
  return `ghr_${body}${checksum(body)}`
}

/** The last six characters: CRC32 of those before, in base 62. */
function checksum(body: string): string {
  let rest = crc32(body)
  let digits = ''
  for (let place = 0; place < 6; place++) {
    digits = DIGITS.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}

function digitsFrom(seed: string): string {
  const bytes = ['a', 'b'].flatMap((half) => [...createHash('sha512').update(half).update(seed).digest()])
  return bytes.map((byte) => DIGITS.charAt(byte % 62)).join('')
}
