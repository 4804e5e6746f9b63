import { chmod, lstat, mkdir, realpath } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { dataDirKey } from '../database/data-dir-key.ts'
import { SYSTEM_DIR } from '../database/postgres-binaries.ts'
import { runAs } from './as-account.ts'
import type { InstallAccount } from './install-account.ts'

const OPEN_TO_READ = 0o755

/** Says how far the account comes: `closed` or `writable` with the folder, or `fine`. */
const WALK = `
cd -- "$1" 2>/dev/null && ls . >/dev/null 2>&1 || { echo "closed $1"; exit; }
path=$1
while :; do
  # In a folder such as /tmp nobody may rename what is another's.
  if [ -w "$path" ] && { [ "$path" = "$1" ] || [ ! -k "$path" ]; }; then echo "writable $path"; exit; fi
  [ "$path" = / ] && break
  path=$(dirname -- "$path")
done
echo fine`

/** Where releases lie, ready for use; `sentence` says what to do. */
export type DeployDir = { is: 'ready'; path: string } | { is: 'refused'; sentence: string }

export interface DeployDirOptions {
  /** DEPLOY_DIR. */
  readonly setting: string | undefined
  /** Absolute; exists. */
  readonly dataDir: string
  readonly account: InstallAccount
  readonly systemDir?: string
}

/**
 * Makes and checks the folder of releases: the server's own, open to read for the account that runs Odoo, which can
 * change neither it nor any folder above it, and outside of the data folder, which nobody else may enter.
 */
export async function prepareDeployDir(options: DeployDirOptions): Promise<DeployDir> {
  const { setting, account, systemDir = SYSTEM_DIR } = options
  const dataDir = await realpath(options.dataDir)
  const path = setting ?? (await defaultPlace(dataDir, systemDir))
  if (`${resolve(path)}${sep}`.startsWith(`${dataDir}${sep}`)) {
    return refused(`DEPLOY_DIR must lie outside of DATA_DIR (${dataDir}), which Odoo must not enter.`)
  }
  const made = await make(path, setting === undefined ? systemDir : null)
  if (made !== null) return refused(`The folder of releases ${path} could not be made (${made}). Set DEPLOY_DIR.`)
  const real = await realpath(path)
  if (`${real}${sep}`.startsWith(`${dataDir}${sep}`)) {
    return refused(`DEPLOY_DIR leads into DATA_DIR (${dataDir}), which Odoo must not enter. Name another folder.`)
  }
  const { uid } = await lstat(real)
  if (uid !== process.getuid?.()) {
    return refused(
      `The folder of releases ${real} belongs to user ${uid}, not to the server. Set DEPLOY_DIR to another.`,
    )
  }
  await chmod(real, OPEN_TO_READ)
  // Ourselves we cannot shut out.
  return account.is === 'same' ? { is: 'ready', path: real } : walk(real, account)
}

/** For root a system folder, since its own home is closed to others. */
async function defaultPlace(dataDir: string, systemDir: string): Promise<string> {
  return process.getuid?.() === 0 ? join(systemDir, 'releases', await dataDirKey(dataDir)) : `${dataDir}-releases`
}

/** Null once the folder is there, else why not. */
async function make(path: string, systemDir: string | null): Promise<string | null> {
  try {
    const first = await mkdir(path, { recursive: true, mode: OPEN_TO_READ })
    // The mask of our process may have closed what must be open; what was there before is the operator's.
    for (let made = path; first !== undefined && made.length >= first.length; made = dirname(made)) {
      await chmod(made, OPEN_TO_READ)
    }
    if (systemDir !== null && path.startsWith(systemDir + sep)) await chmod(systemDir, OPEN_TO_READ)
    return null
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}

async function walk(path: string, account: InstallAccount): Promise<DeployDir> {
  const { output } = await runAs(account, ['sh', '-c', WALK, 'sh', path])
  const where = output.slice(output.indexOf(' ') + 1)
  if (output === 'fine') return { is: 'ready', path }
  if (output.startsWith('writable ')) {
    return refused(
      `The user that Odoo runs as could change ${where}, and so the releases in ${path}. Take its right to write there away, or set DEPLOY_DIR.`,
    )
  }
  return refused(
    `The user that Odoo runs as cannot enter ${path}. Open the folders above it (chmod o+x), or set DEPLOY_DIR to a folder that others may pass.`,
  )
}

function refused(sentence: string): DeployDir {
  return { is: 'refused', sentence }
}
