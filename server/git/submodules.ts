import { gitIn, type MirrorGit } from './mirror.ts'
import { objectId } from './object-id.ts'
import type { TreeEntry } from './read-tree.ts'
import { type SubmoduleAddress, submoduleAddress } from './submodule-address.ts'

const MOST_BYTES = 256_000

/** Another repository's commit at a path of this one. */
export interface Submodule {
  readonly path: string
  readonly commit: string
  readonly address: SubmoduleAddress
}

/**
 * The submodules of a commit: each path that git keeps a commit for, with the address that `.gitmodules` gives it. The
 * file is read by git's own reader of configuration, from the object, without following includes.
 * @param parentUrl the address that the repository was fetched from
 */
export async function readSubmodules(
  mirror: string,
  tree: { readonly entries: readonly TreeEntry[]; readonly parentUrl: string },
  options: MirrorGit = {},
): Promise<Submodule[]> {
  const links = tree.entries.filter((entry) => entry.kind === 'submodule')
  if (links.length === 0) return []
  const file = tree.entries.find(({ path }) => path === '.gitmodules')
  const written =
    file?.kind === 'file' && file.size <= MOST_BYTES ? await addressesIn(mirror, file.object, options) : null
  return links.map(({ path, commit }) => {
    const found = written?.get(path)
    if (found === undefined) return { path, commit, address: unknown(written !== null) }
    if (!isSafeName(found.name)) return { path, commit, address: { is: 'refused', reason: 'has a name with .. in it' } }
    return { path, commit, address: submoduleAddress(found.url, tree.parentUrl) }
  })
}

function unknown(isReadable: boolean): SubmoduleAddress {
  return { is: 'refused', reason: isReadable ? 'is not named in .gitmodules' : 'has no .gitmodules that can be read' }
}

/** git keeps submodules in folders by their names; a name that leads out of there was an attack. */
function isSafeName(name: string): boolean {
  return name !== '' && name.split(/[/\\]/).every((part) => part !== '..') && !/\p{Cc}/u.test(name)
}

/** The address and name for each path; null when git can't read the file. */
async function addressesIn(mirror: string, blob: string, options: MirrorGit) {
  const args = ['config', '--blob', objectId(blob), '--no-includes', '-z', '--list']
  const run = await gitIn(mirror, args, options)
  if (run.is !== 'ended' || run.code !== 0 || run.cut) return null
  const sections = new Map<string, { path?: string; url?: string }>()
  for (const setting of run.output.toString('utf8').split('\0')) {
    const end = setting.indexOf('\n')
    const [, name, key] = /^submodule\.(.*)\.(path|url)$/s.exec(setting.slice(0, Math.max(end, 0))) ?? []
    if (name === undefined) continue
    const section = sections.get(name) ?? {}
    const value = setting.slice(end + 1)
    // As git does: of two, the last one counts.
    sections.set(name, key === 'path' ? { ...section, path: value } : { ...section, url: value })
  }
  const byPath = new Map<string, { name: string; url: string }>()
  for (const [name, { path, url }] of sections) {
    if (path !== undefined) byPath.set(path.replace(/\/+$/, ''), { name, url: url ?? '' })
  }
  return byPath
}
