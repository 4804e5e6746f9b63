import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'

/** What tells data folders apart in system folders: two clones have two. The folder must exist. */
export async function dataDirKey(dataDir: string): Promise<string> {
  return createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex')
    .slice(0, 16)
}
