import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Keyring, MasterKey } from './keyring.ts'
import type { Place } from './place.ts'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/** A value under a data key of its own, which lies wrapped by a master key beside it. */
export interface Sealed {
  readonly keyId: string
  readonly wrappedKey: Buffer
  readonly sealed: Buffer
}

/** A sealed value did not open: it was changed, moved, or its key is another. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'
}

/** Seals a text for its place. */
export function seal({ current }: Keyring, place: Place, plaintext: string): Sealed {
  const dataKey = randomBytes(KEY_BYTES)
  return {
    keyId: current.id,
    wrappedKey: encrypt(current.bytes, dataKey, binding('key', place, current.id)),
    sealed: encrypt(dataKey, Buffer.from(plaintext, 'utf8'), binding('value', place)),
  }
}

/**
 * Opens a sealed value in its place.
 * @throws {SealBroken}
 */
export function unseal(key: MasterKey, place: Place, sealed: Sealed): string {
  const dataKey = decrypt(key.bytes, sealed.wrappedKey, binding('key', place, key.id))
  return decrypt(dataKey, sealed.sealed, binding('value', place)).toString('utf8')
}

/**
 * The same sealed value with its data key wrapped by the current master key.
 * @throws {SealBroken}
 */
export function rewrap({ current }: Pick<Keyring, 'current'>, key: MasterKey, place: Place, sealed: Sealed): Sealed {
  const dataKey = decrypt(key.bytes, sealed.wrappedKey, binding('key', place, key.id))
  const wrappedKey = encrypt(current.bytes, dataKey, binding('key', place, current.id))
  return { keyId: current.id, wrappedKey, sealed: sealed.sealed }
}

/** Each part with its length before it, so that no two places give the same bytes. */
function binding(what: 'key' | 'value', place: Place, keyId = ''): Buffer {
  const parts = ['1', what, place.organizationId, place.connectionId, place.field, String(place.version), keyId]
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part, 'utf8')
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      return [length, bytes]
    }),
  )
}

function encrypt(key: Buffer, plaintext: Buffer, additional: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(additional)
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Buffer, sealed: Buffer, additional: Buffer): Buffer {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new SealBroken('A sealed value is too short')
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(additional).setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
  } catch {
    throw new SealBroken('A sealed value does not open here')
  }
}
