/** A body from chunks that are made as the caller reads; the source is told when the caller leaves. */
export function bodyStream(source: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>): ReadableStream {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}
