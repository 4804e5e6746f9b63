import { createSign } from 'node:crypto'

/** Signs what an App says of itself. */
export function signed(claims: object, pem: string, alg = 'RS256'): string {
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const text = `${encoded({ alg, typ: 'JWT' })}.${encoded(claims)}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(pem, 'base64url')}`
}

/** The claims of an App at an instant: from a minute ago, for nine more. */
export function claimsAt(now: Date, iss: number | string) {
  const seconds = Math.floor(now.getTime() / 1000)
  return { iss, iat: seconds - 60, exp: seconds + 540 }
}
