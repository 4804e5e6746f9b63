/**
 * A text as git frames it: its length in four hexadecimal digits, themselves counted.
 * @see https://git-scm.com/docs/gitprotocol-common
 */
export function pktLine(text: string): string {
  return (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text
}

/** Ends a list of lines. */
export const FLUSH = '0000'
/** Separates a command from its arguments. */
export const DELIMITER = '0001'

/** The lines up to the first flush, without their line ends; null for what is not framed so. */
export function readPktLines(bytes: Buffer): string[] | null {
  const lines: string[] = []
  let at = 0
  for (;;) {
    const head = bytes.toString('latin1', at, at + 4)
    if (head === FLUSH) return at + 4 === bytes.length ? lines : null
    const length = /^[0-9a-f]{4}$/.test(head) ? Number.parseInt(head, 16) : 0
    if (length < 4 || at + length > bytes.length) return null
    lines.push(bytes.toString('utf8', at + 4, at + length).replace(/\n$/, ''))
    at += length
  }
}
