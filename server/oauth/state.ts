import { createHash, createHmac, randomBytes } from 'node:crypto'

const STATE_BYTES = 32

/** What binds a return from a provider to the sign-in that began here: 256 random bits, used once. */
export function newState(): string {
  return randomBytes(STATE_BYTES).toString('base64url')
}

/** The form in which a state or a session's token is stored: whoever reads the database can't use it. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/**
 * The PKCE verifier that belongs to a state. It follows from the state and a key of this installation, so it is stored
 * nowhere and nobody who sees the state alone can know it.
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.1
 */
export function verifierOf(state: string, key: Buffer): string {
  return createHmac('sha256', key).update(`verifier ${state}`).digest('base64url')
}
