const MOST_DEPTH = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING = new Set([0x5b, 0x7b])
const CLOSING = new Set([0x5d, 0x7d])

/** Whether text read as JSON would nest deeper than any provider's answer, and break whoever walks it recursively. */
export function isNestedTooDeep(bytes: Uint8Array, most = MOST_DEPTH): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (quoted) {
      if (byte === BACKSLASH) at++
      else if (byte === QUOTE) quoted = false
    } else if (byte === QUOTE) quoted = true
    else if (OPENING.has(byte) && ++depth > most) return true
    else if (CLOSING.has(byte)) depth--
  }
  return false
}
