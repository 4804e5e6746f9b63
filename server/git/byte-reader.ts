/** Reads lines and counted bytes from a stream of pieces, holding no more than one piece and a line. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#pieces = source[Symbol.asyncIterator]()
  }

  /** The text up to the next line end, without it; null where the stream ends first, or the line is too long. */
  async line(longest = 10_000): Promise<string | null> {
    for (;;) {
      const end = this.#held.indexOf(10)
      if (end >= 0) {
        const text = this.#held.toString('utf8', 0, end)
        this.#held = this.#held.subarray(end + 1)
        return text
      }
      if (this.#held.length > longest || !(await this.#more())) return null
    }
  }

  /** The next so many bytes, in pieces; fewer where the stream ends first. */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    let left = count
    while (left > 0) {
      if (this.#held.length === 0 && !(await this.#more())) return
      const piece = this.#held.subarray(0, left)
      this.#held = this.#held.subarray(piece.length)
      left -= piece.length
      yield piece
    }
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#pieces.next()
    if (done) return false
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value])
    return true
  }
}
