const NEWLINE = 10
const CARRIAGE_RETURN = 13
/** Stands at the end of a line of which the rest was left out. */
export const CUT_MARK = ' […]'

/** Makes lines of what a program writes, and keeps no more than the one that is not finished. */
export interface LineSplitter {
  /** The lines that this part completes. */
  push(part: Uint8Array): string[]
  /** The last line, if it had no end of its own. */
  end(): string[]
}

/**
 * Splits at line ends. What is no UTF-8, and NUL, which PostgreSQL keeps in no text, become U+FFFD; of a line only the
 * first so many bytes are kept.
 */
export function lineSplitter(bytesPerLine: number): LineSplitter {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let kept: Uint8Array[] = []
  let size = 0
  let cut = false

  const keep = (piece: Uint8Array) => {
    const room = bytesPerLine - size
    if (piece.length > room) cut = true
    const fits = piece.subarray(0, room)
    if (fits.length > 0) kept.push(fits)
    size += fits.length
  }
  const finish = () => {
    let line: Uint8Array = kept.length === 1 && kept[0] ? kept[0] : Buffer.concat(kept)
    if (line.at(-1) === CARRIAGE_RETURN) line = line.subarray(0, -1)
    const text = decoder.decode(line).replaceAll('\0', '\uFFFD') + (cut ? CUT_MARK : '')
    kept = []
    size = 0
    cut = false
    return text
  }

  return {
    push(part) {
      const lines: string[] = []
      let start = 0
      for (let end = part.indexOf(NEWLINE); end >= 0; end = part.indexOf(NEWLINE, start)) {
        keep(part.subarray(start, end))
        lines.push(finish())
        start = end + 1
      }
      // A copy, since the buffer that this part lies in may be used again.
      if (start < part.length) keep(part.slice(start, start + bytesPerLine + 1))
      return lines
    },
    end: () => (size > 0 || cut ? [finish()] : []),
  }
}
