import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { AppKey } from './declare.ts'

const generate = promisify(generateKeyPair)

/**
 * Makes a key as GitHub does, which gives the private half once: RSA, in PKCS#1.
 * @param pem a private key to take instead, so that it is known beforehand
 */
export async function makeKey(visibleFrom: Date, pem?: string): Promise<{ key: AppKey; pem: string }> {
  const privateKey = pem === undefined ? await freshKey() : createPrivateKey(pem)
  const publicKey = createPublicKey(privateKey)
  const der = publicKey.export({ type: 'spki', format: 'der' })
  const fingerprint = createHash('sha256').update(der).digest('base64')
  const written = String(privateKey.export({ type: 'pkcs1', format: 'pem' }))
  return { key: { fingerprint, publicKey, visibleFrom }, pem: written }
}

async function freshKey(): Promise<KeyObject> {
  const { privateKey } = await generate('rsa', { modulusLength: 2048 })
  return privateKey
}
