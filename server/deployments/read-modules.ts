import { readTexts } from '../git/read-texts.ts'
import type { RepositoryModules } from '../modules/available-modules.ts'
import { findModules } from '../modules/find-modules.ts'
import { type ManifestReading, readManifest } from '../modules/manifest.ts'
import type { Series } from '../modules/series.ts'
import type { Source } from './read-repository.ts'

const MOST_BYTES = 256_000

/** Finds the modules of a repository at its commit and reads their manifests, from git's objects: no file is written. */
export async function readModules(
  { fullName, sources }: Source,
  series: Series,
  signal: AbortSignal,
): Promise<RepositoryModules> {
  const { entries, submodulePaths } = sources
  const found = findModules({ repository: fullName, entries, submodulePaths }, series)
  const texts = await readFrom(
    { sources },
    found.modules.map(({ manifest }) => manifest.object),
    signal,
  )
  const manifests = new Map<string, ManifestReading>()
  for (const { name, path, manifest } of found.modules) {
    const text = texts.get(manifest.object)
    manifests.set(path, text === undefined ? TOO_LARGE : readManifest(text, { folder: name, series }))
  }
  return { repository: fullName, found, manifests }
}

const TOO_LARGE: ManifestReading = {
  ...{ is: 'problem', line: 1, column: 1 },
  message: `A manifest has at most ${MOST_BYTES / 1000} kB.`,
}

/** The texts of objects, each from the mirror that has it; those that are too large are left out. */
export async function readFrom(
  { sources }: Pick<Source, 'sources'>,
  objects: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Set(objects)
  const texts = new Map<string, string>()
  for (const { mirror, entries } of sources.parts) {
    const here = entries.map(({ object }) => object).filter((object) => wanted.has(object) && !texts.has(object))
    if (here.length === 0) continue
    for (const [object, text] of await readTexts(mirror, here, { mostBytes: MOST_BYTES, signal }))
      texts.set(object, text)
  }
  signal.throwIfAborted()
  return texts
}
