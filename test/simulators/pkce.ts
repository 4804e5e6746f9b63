import { createHash } from 'node:crypto'

/**
 * True when a verifier is the one whose challenge was shown before.
 * @see https://www.rfc-editor.org/rfc/rfc7636#section-4.6
 */
export function verifierFits(verifier: string, challenge: string): boolean {
  return createHash('sha256').update(verifier).digest('base64url') === challenge
}
