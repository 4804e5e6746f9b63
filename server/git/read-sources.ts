import type { MirrorGit } from './mirror.ts'
import { pathProblem, shownPath } from './path-safety.ts'
import { readTree, type TreeEntry } from './read-tree.ts'
import { readSubmodules } from './submodules.ts'

/** How deep submodules of submodules are followed. */
const MOST_DEPTH = 4
const MOST_SUBMODULES = 200
const MOST_ENTRIES = 500_000

/** One repository's share of a release. Paths are relative to the release's root. */
export interface SourcePart {
  /** Where it stands; '' for the repository itself. */
  readonly path: string
  readonly url: string
  readonly mirror: string
  readonly commit: string
  readonly entries: readonly TreeEntry[]
}

/** Something that a release goes without, and why; both printable, in words that follow "The submodule". */
export interface LeftOut {
  readonly path: string
  readonly why: string
}

/** All that a release is made of, before a file is written. */
export type Sources =
  | {
      readonly is: 'sources'
      readonly parts: readonly SourcePart[]
      /** Files and links of all parts, the submodules' below their paths. */
      readonly entries: readonly Exclude<TreeEntry, { kind: 'submodule' }>[]
      readonly submodulePaths: readonly string[]
      readonly left: readonly LeftOut[]
      /** Entries whose names are no text; printable. */
      readonly unreadable: readonly string[]
    }
  | { readonly is: 'refused'; readonly text: string }
  | { readonly is: 'stopped' }

/** Gets a submodule's commit into a mirror of its own, as the caller sees fit; or says why not. */
export type MirrorOf = (submodule: {
  readonly path: string
  readonly url: string
  readonly commit: string
}) => Promise<{ readonly is: 'here'; readonly mirror: string } | { readonly is: 'left'; readonly why: string }>

/** What to read: a commit that its mirror has, and the address that it came from. */
export interface SourcesRequest extends MirrorGit {
  readonly mirror: string
  readonly commit: string
  readonly url: string
  readonly mirrorOf: MirrorOf
  readonly mostEntries?: number
}

type Place = Pick<SourcePart, 'path' | 'url' | 'mirror' | 'commit'> & { readonly depth: number }

/** Lists a commit with its submodules, four deep; what can't be had is left out by name. */
export async function readSources({
  mirrorOf,
  mostEntries = MOST_ENTRIES,
  ...request
}: SourcesRequest): Promise<Sources> {
  const { mirror, commit, url, ...options } = request
  const parts: SourcePart[] = []
  const left: LeftOut[] = []
  const unreadable: string[] = []
  const waiting: Place[] = [{ path: '', url, mirror, commit, depth: 0 }]
  let count = 0
  for (let place = waiting.shift(); place; place = waiting.shift()) {
    const { depth, ...part } = place
    const tree = await readTree(part.mirror, part.commit, { ...options, mostEntries: mostEntries - count })
    if (tree.is === 'stopped' || request.signal?.aborted) return { is: 'stopped' }
    if (tree.is === 'refused')
      return { is: 'refused', text: part.path === '' ? tree.text : `${part.path}: ${tree.text}` }
    const below = (path: string) => (part.path === '' ? path : `${part.path}/${path}`)
    const own = tree.entries.filter(({ kind }) => kind !== 'submodule')
    count += own.length
    unreadable.push(...tree.unreadable.map(below))
    parts.push({ ...part, entries: own.map((entry) => ({ ...entry, path: below(entry.path) })) })
    for (const found of await readSubmodules(part.mirror, { entries: tree.entries, parentUrl: part.url }, options)) {
      const path = below(found.path)
      const why = await wayTo({ ...found, path, depth: depth + 1, known: parts.length + waiting.length })
      if (typeof why === 'string') left.push({ path: shownPath(path), why: shownPath(why) })
      else waiting.push({ path, commit: found.commit, depth: depth + 1, ...why })
    }
  }
  const entries = parts.flatMap((part) => part.entries.filter((entry) => entry.kind !== 'submodule'))
  const submodulePaths = parts.map(({ path }) => path).filter((path) => path !== '')
  return { is: 'sources', parts, entries, submodulePaths, left, unreadable }

  async function wayTo(found: Awaited<ReturnType<typeof readSubmodules>>[number] & { depth: number; known: number }) {
    const { path, commit, address } = found
    const problem = pathProblem(path)
    if (problem) return `${problem}.`
    if (found.depth > MOST_DEPTH) return `lies deeper than ${MOST_DEPTH} submodules in each other.`
    if (found.known > MOST_SUBMODULES) return `is one of more than ${MOST_SUBMODULES}.`
    switch (address.is) {
      case 'refused':
        return `${address.reason}.`
      case 'otherHost':
        return `lies on another host (${address.host}), for which this connection is not meant.`
      case 'fetch': {
        const got = await mirrorOf({ path, url: address.url, commit })
        return got.is === 'left' ? got.why : { url: address.url, mirror: got.mirror }
      }
    }
  }
}
