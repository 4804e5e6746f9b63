import { createHash, randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../config.ts'

const KEY_BYTES = 32

/** A master key; its id follows from the key, so that a wrong key can never pass for the right one. */
export interface MasterKey {
  readonly id: string
  readonly bytes: Buffer
}

/** Master keys: the first seals, all open. */
export interface Keyring {
  readonly current: MasterKey
  readonly byId: ReadonlyMap<string, MasterKey>
}

/**
 * Reads the master keys from MASTER_KEYS, or from the key file in the data folder, which is made when it is missing.
 * @throws {ConfigError} naming the variable or the file, and the mend.
 */
export async function readKeyring(from: { masterKeys: string | undefined; dataDir: string }): Promise<Keyring> {
  if (from.masterKeys !== undefined) {
    return keyring(
      from.masterKeys.split(',').map((text) => decode(text.trim(), 'MASTER_KEYS')),
      'MASTER_KEYS',
    )
  }
  const file = join(from.dataDir, 'master.key')
  await makeKeyFile(file, from.dataDir)
  const { mode } = await stat(file)
  if ((mode & 0o077) !== 0) {
    throw new ConfigError(`The key file ${file} can be read by others. Run: chmod 600 ${file}`)
  }
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '')
  return keyring(
    lines.map((line) => decode(line.trim(), `the key file ${file}`)),
    `The key file ${file}`,
  )
}

function keyring(keys: readonly MasterKey[], where: string): Keyring {
  const [current] = keys
  if (!current) throw new ConfigError(`${where} holds no key. Give at least one: openssl rand -base64 32`)
  return { current, byId: new Map(keys.map((key) => [key.id, key])) }
}

function decode(text: string, where: string): MasterKey {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== KEY_BYTES) {
    throw new ConfigError(`A key in ${where} is not 32 bytes in base64. Make one with: openssl rand -base64 32`)
  }
  const id = createHash('sha256').update('git-connections master key').update(bytes).digest('hex').slice(0, 16)
  return { id, bytes }
}

/** Written whole beside its place and linked there: two starts at once end up with one key. */
async function makeKeyFile(file: string, dataDir: string): Promise<void> {
  if (await exists(file)) return
  await mkdir(dataDir, { recursive: true })
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(draft)
}

function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
