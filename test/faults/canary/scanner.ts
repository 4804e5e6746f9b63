/** A text or key that must stay where it is kept. */
export interface Secret {
  /** What it is, for people: "GitHub classic token". */
  readonly kind: string
  /** Its random part; a piece of twelve characters (bytes, for a key) of it counts as the secret itself. */
  readonly marker: string | Buffer
}

/** Where in some bytes a secret stands, and in which form. */
export interface Leak {
  readonly kind: string
  readonly form: string
}

const PIECE = 12

/** Every form in which a piece of a secret may turn up. */
const FORMS: Readonly<Record<string, (piece: Buffer) => readonly (string | Buffer)[]>> = {
  raw: (piece) => [piece],
  'URL-encoded': (piece) => [encodeURIComponent(piece.toString())],
  'JSON-escaped': (piece) => [JSON.stringify(piece.toString()).slice(1, -1)],
  base64: (piece) => inBase64(piece, 'base64'),
  base64url: (piece) => inBase64(piece, 'base64url'),
  hex: (piece) => [piece.toString('hex'), piece.toString('hex').toUpperCase()],
  'UTF-16LE': (piece) => [Buffer.from(piece.toString(), 'utf16le')],
  'list of bytes': (piece) => [[...piece].join(','), [...piece].join(', ')],
}

/** Forms that only a text has. */
const OF_TEXT = new Set(['URL-encoded', 'JSON-escaped', 'UTF-16LE'])

/** Base64 of a piece with nought, one or two bytes before it, without the characters that its neighbours have a part in. */
function inBase64(piece: Buffer, encoding: 'base64' | 'base64url'): string[] {
  return [0, 1, 2].map((before) => {
    const bits = (before + piece.length) * 8
    const text = Buffer.concat([Buffer.alloc(before), piece]).toString(encoding)
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6))
  })
}

interface Needle extends Leak {
  readonly bytes: Buffer
}

/** Makes what finds the secrets, whole or in pieces, in any bytes. */
export function createScanner(secrets: readonly Secret[]): (haystack: Buffer | string) => Leak[] {
  const needles = new Map<number, Needle[]>()
  // A bit for each beginning, spread over 2 MB: it keeps the walk over many megabytes from looking most of them up.
  const begins = new Uint8Array(1 << 21)
  for (const needle of secrets.flatMap(needlesOf)) {
    const start = needle.bytes.readInt32LE(0)
    const bit = spread(start)
    begins[bit >> 3] = (begins[bit >> 3] ?? 0) | (1 << (bit & 7))
    needles.set(start, [...(needles.get(start) ?? []), needle])
  }
  return (haystack) => {
    const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack
    const found = new Map<string, Leak>()
    let window = 0
    for (let end = 0; end < bytes.length; end++) {
      window = (window >>> 8) | ((bytes[end] ?? 0) << 24)
      const bit = spread(window)
      if (end < 3 || (((begins[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 0) continue
      for (const { bytes: needle, kind, form } of needles.get(window) ?? []) {
        if (needle.equals(bytes.subarray(end - 3, end - 3 + needle.length)))
          found.set(`${kind} ${form}`, { kind, form })
      }
    }
    return [...found.values()]
  }
}

/** Twenty-four bits of four bytes. */
function spread(window: number): number {
  return Math.imul(window, 0x9e3779b1) >>> 8
}

function needlesOf({ kind, marker }: Secret): Needle[] {
  const pieces = typeof marker === 'string' ? textPieces(marker) : bytePieces(marker)
  return pieces.flatMap((piece) =>
    Object.entries(FORMS)
      .filter(([form]) => typeof marker === 'string' || !OF_TEXT.has(form))
      .flatMap(([form, write]) => write(piece).map((needle) => ({ kind, form, bytes: Buffer.from(needle) }))),
  )
}

function textPieces(marker: string): Buffer[] {
  const characters = [...marker]
  const count = Math.max(characters.length - PIECE + 1, 0)
  if (count === 0) throw new Error('A marker is too short to be told from chance.')
  return Array.from({ length: count }, (_, at) => Buffer.from(characters.slice(at, at + PIECE).join('')))
}

function bytePieces(marker: Buffer): Buffer[] {
  return Array.from({ length: marker.length - PIECE + 1 }, (_, at) => marker.subarray(at, at + PIECE))
}
