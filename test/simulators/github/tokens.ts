import { createHash, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The kinds of credential that a program can show to GitHub. */
export const TOKEN_KINDS = ['classic', 'fine-grained', 'oauth', 'app-user', 'installation'] as const
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
