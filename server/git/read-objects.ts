import { ByteReader } from './byte-reader.ts'
import type { MirrorGit } from './mirror.ts'
import { objectId } from './object-id.ts'
import { startGit } from './run-git.ts'

const DEADLINE_MS = 10 * 60_000

/** An object as git has it, before any filter. */
export interface ReadObject {
  readonly object: string
  /** In bytes. */
  readonly size: number
  /** Must be read to its end, or left alone, before the next object is asked for. */
  readonly content: AsyncIterable<Buffer>
}

/** The mirror does not give what it should hold, or the reading was stopped. */
export class ObjectsUnreadable extends Error {
  override readonly name = 'ObjectsUnreadable'
}

/**
 * Reads blobs one after the other in the order that they are asked for, by one `git cat-file --batch`.
 * @throws {ObjectsUnreadable} when one is missing or no blob, or when the signal came.
 */
export async function* readObjects(
  mirror: string,
  objects: readonly string[],
  options: MirrorGit = {},
): AsyncGenerator<ReadObject> {
  if (objects.length === 0) return
  const { path, signal, deadlineMs = DEADLINE_MS } = options
  const stop = new AbortController()
  const { output, ended } = startGit({
    args: [`--git-dir=${mirror}`, 'cat-file', '--batch', '--buffer'],
    ...{ deadlineMs, input: lines(objects), ...(path === undefined ? {} : { path }) },
    signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
  })
  const reader = new ByteReader(output)
  try {
    for (const wanted of objects) {
      const [object, type, size = ''] = (await reader.line())?.split(' ') ?? []
      if (object !== wanted || type !== 'blob' || !/^\d+$/.test(size)) throw new ObjectsUnreadable('A file is missing.')
      const left = { bytes: Number(size) }
      yield { object, size: left.bytes, content: counted(reader, left) }
      for await (const piece of reader.bytes(left.bytes)) left.bytes -= piece.length
      if (left.bytes > 0 || (await reader.line()) !== '') throw new ObjectsUnreadable('A file was cut short.')
    }
  } catch (error) {
    if (error instanceof ObjectsUnreadable || !(error instanceof Error)) throw error
    // A killed git ends its pipe early.
    if ('code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE') throw new ObjectsUnreadable('Stopped.')
    throw error
  } finally {
    stop.abort()
    await ended
  }
}

async function* counted(reader: ByteReader, left: { bytes: number }): AsyncGenerator<Buffer> {
  for await (const piece of reader.bytes(left.bytes)) {
    left.bytes -= piece.length
    yield piece
  }
}

function* lines(objects: readonly string[]): Generator<string> {
  for (let at = 0; at < objects.length; at += 1000) {
    yield `${objects
      .slice(at, at + 1000)
      .map(objectId)
      .join('\n')}\n`
  }
}
