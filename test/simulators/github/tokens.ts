import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** The kinds of credential that a program can show to GitHub. */
export const TOKEN_KINDS = ['classic', 'fine-grained', 'oauth', 'app-user', 'installation'] as const
export type TokenKind = (typeof TOKEN_KINDS)[number]

const PREFIX = { classic: 'ghp_', oauth: 'gho_', 'app-user': 'ghu_', installation: 'ghs_' } as const

/** Makes a credential that looks like GitHub's own, down to its checksum. */
export function mintToken(kind: TokenKind): string {
  if (kind === 'fine-grained') return `github_pat_${randomDigits(22)}_${randomDigits(59)}`
  const body = randomDigits(30)
  return PREFIX[kind] + body + checksum(body)
}

/** The last six characters: CRC32 of the thirty before, in base 62. */
export function checksum(body: string): string {
  let rest = crc32(body)
  let digits = ''
  for (let place = 0; place < 6; place++) {
    digits = DIGITS.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}

function randomDigits(count: number): string {
  return Array.from({ length: count }, () => DIGITS.charAt(randomInt(DIGITS.length))).join('')
}
