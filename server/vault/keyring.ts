import { createHash } from 'node:crypto'
import { ConfigError } from '../config.ts'
import { type KeyFile, keyFileIn, makeKeyFile, readKeyFile } from './key-file.ts'

const KEY_BYTES = 32

/** A master key; its id follows from the key, so that a wrong key can never pass for the right one. */
export interface MasterKey {
  readonly id: string
  readonly bytes: Buffer
}

/** Master keys: the first seals, all open. From a key file they are what stands in it now, so take each once a use. */
export interface Keyring {
  readonly current: MasterKey
  readonly byId: ReadonlyMap<string, MasterKey>
}

/**
 * Reads the master keys from MASTER_KEYS, or from the key file in the data folder, which is made when it is missing.
 * A key that is added to the file is known at once, without a restart; a file that became unreadable changes nothing.
 * @throws {ConfigError} naming the variable or the file, and the mend.
 */
export async function readKeyring(from: { masterKeys: string | undefined; dataDir: string }): Promise<Keyring> {
  if (from.masterKeys !== undefined) return keyring(from.masterKeys.split(','), 'MASTER_KEYS')
  const path = keyFileIn(from.dataDir)
  await makeKeyFile(path)
  const where = `The key file ${path}`
  let file: KeyFile = readKeyFile(path)
  let keys = keyring(file.lines, where)
  const now = () => {
    if (!file.changed()) return keys
    try {
      const next = readKeyFile(path)
      keys = keyring(next.lines, where)
      file = next
    } catch {
      // What is being edited is whole again at the next look.
    }
    return keys
  }
  return {
    get current() {
      return now().current
    },
    get byId() {
      return now().byId
    },
  }
}

function keyring(texts: readonly string[], where: string): Keyring {
  const keys = texts.map((text) => decode(text.trim(), where))
  const [current] = keys
  if (!current) throw new ConfigError(`${where} holds no key. Give at least one: openssl rand -base64 32`)
  return { current, byId: new Map(keys.map((key) => [key.id, key])) }
}

function decode(text: string, where: string): MasterKey {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== KEY_BYTES) {
    throw new ConfigError(`${where} holds a key that is not 32 bytes in base64. Make one with: openssl rand -base64 32`)
  }
  const id = createHash('sha256').update('git-connections master key').update(bytes).digest('hex').slice(0, 16)
  return { id, bytes }
}
