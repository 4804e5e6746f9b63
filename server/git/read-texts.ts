import type { MirrorGit } from './mirror.ts'
import { readObjects } from './read-objects.ts'

/**
 * Reads files as UTF-8, each once, by the ids of their blobs. What is larger than `mostBytes` is left out of the map.
 * @throws {ObjectsUnreadable} when one is missing or no file.
 */
export async function readTexts(
  mirror: string,
  objects: readonly string[],
  { mostBytes, ...options }: { readonly mostBytes: number } & MirrorGit,
): Promise<Map<string, string>> {
  const texts = new Map<string, string>()
  for await (const { object, size, content } of readObjects(mirror, [...new Set(objects)], options)) {
    if (size > mostBytes) continue
    const parts: Buffer[] = []
    for await (const part of content) parts.push(part)
    texts.set(object, Buffer.concat(parts).toString('utf8'))
  }
  return texts
}
