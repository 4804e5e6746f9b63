import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Manifest, readManifest } from '../modules/manifest.ts'
import { manifestFileNames, type Series } from '../modules/series.ts'

const MOST_BYTES = 256_000

/** What Odoo brings itself, read once for each series and as long as its folders stay as they are. */
export type OdooModules = (
  folders: readonly string[],
  series: Series,
) => Promise<{ readonly modules: ReadonlyMap<string, Manifest> } | null>

/** Makes a reader of the operator's folders of Odoo's own modules; it gives null where none is named. */
export function createOdooModules(): OdooModules {
  const known = new Map<string, ReadonlyMap<string, Manifest>>()
  return async (folders, series) => {
    if (folders.length === 0) return null
    const times = await Promise.all(folders.map((folder) => stat(folder).then(({ mtimeMs }) => mtimeMs)))
    const key = [series, ...folders, ...times].join('\n')
    const modules = known.get(key) ?? (await readFolders(folders, series))
    known.clear()
    known.set(key, modules)
    return { modules }
  }
}

async function readFolders(folders: readonly string[], series: Series): Promise<ReadonlyMap<string, Manifest>> {
  const modules = new Map<string, Manifest>()
  for (const folder of folders) {
    for (const name of await readdir(folder)) {
      if (modules.has(name)) continue
      const text = await manifestText(join(folder, name), series)
      const reading = text === null ? null : readManifest(text, { folder: name, series })
      if (reading?.is === 'manifest') modules.set(name, reading.manifest)
    }
  }
  return modules
}

async function manifestText(folder: string, series: Series): Promise<string | null> {
  for (const name of manifestFileNames(series)) {
    const file = join(folder, name)
    const size = await stat(file).then(
      (found) => (found.isFile() ? found.size : null),
      () => null,
    )
    if (size !== null && size <= MOST_BYTES) return readFile(file, 'utf8')
  }
  return null
}
