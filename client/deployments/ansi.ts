/** A hue of the eight that a terminal has; what it looks like is the page's to say. */
export const hues = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const
export type Hue = (typeof hues)[number]

/** Text of one look. */
export interface Span {
  readonly text: string
  readonly colour: Hue | null
  readonly background: Hue | null
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
}

type Look = Omit<Span, 'text'> & { readonly inverse: boolean }

const PLAIN: Look = {
  ...{ colour: null, background: null, inverse: false },
  ...{ bold: false, dim: false, italic: false, underline: false },
}

/*
 * ECMA-48: a control sequence, a control string (ended by BEL, ST, or the end of the line), another escape. Each also in
 * its eight-bit form. What is cut off at the end of a line counts as whole.
 */
const ESCAPE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\x1b\[|\x9b)([0-?]*)[ -/]*([@-~]?)|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x9c|\x1b\\|$)?|\x1b[ -/]*[0-~]?/g

/** Controls that are left, and characters that turn the direction of reading, which could make a line read as another. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/**
 * A line of a terminal's output as spans of text: colours and weights are kept (SGR), every other escape sequence is
 * dropped, other control characters show as symbols.
 * @see https://ecma-international.org/publications-and-standards/standards/ecma-48/
 */
export function spansOf(line: string): Span[] {
  const spans: Span[] = []
  let look = PLAIN
  let from = 0
  const add = (raw: string) => {
    if (raw === '') return
    const { inverse, colour, background, ...rest } = look
    const [front, back] = inverse ? ([background ?? 'white', colour ?? 'black'] as const) : [colour, background]
    spans.push({ text: raw.replace(CONTROL, symbolOf), colour: front, background: back, ...rest })
  }
  for (const found of line.matchAll(ESCAPE)) {
    add(line.slice(from, found.index))
    from = found.index + found[0].length
    const [, parameters = '', final] = found
    // `<`, `=`, `>` and `?` begin sequences of somebody's own.
    if (final === 'm' && !/[<=>?]/.test(parameters)) look = changed(look, parameters)
  }
  add(line.slice(from))
  return spans
}

/** The text alone, as it is searched, copied and kept in files. */
export function plainOf(line: string): string {
  return spansOf(line)
    .map(({ text }) => text)
    .join('')
}

function symbolOf(control: string): string {
  const code = control.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

/** A look after a list of SGR parameters. */
function changed(look: Look, parameters: string): Look {
  const codes = parameters.split(/[;:]/).map((code) => (code === '' ? 0 : Number(code)))
  let next = look
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0
    if (code === 38 || code === 48) {
      const { colour, taken } = extended(codes.slice(at + 1))
      next = code === 38 ? { ...next, colour } : { ...next, background: colour }
      at += taken
    } else {
      next = { ...next, ...changeBy(code) }
    }
  }
  return next
}

function changeBy(code: number): Partial<Look> {
  if (code >= 30 && code <= 37) return { colour: hues[code - 30] ?? null }
  if (code >= 90 && code <= 97) return { colour: hues[code - 90] ?? null }
  if (code >= 40 && code <= 47) return { background: hues[code - 40] ?? null }
  if (code >= 100 && code <= 107) return { background: hues[code - 100] ?? null }
  switch (code) {
    case 0:
      return PLAIN
    case 1:
      return { bold: true }
    case 2:
      return { dim: true }
    case 3:
      return { italic: true }
    case 4:
    case 21:
      return { underline: true }
    case 7:
      return { inverse: true }
    case 22:
      return { bold: false, dim: false }
    case 23:
      return { italic: false }
    case 24:
      return { underline: false }
    case 27:
      return { inverse: false }
    case 39:
      return { colour: null }
    case 49:
      return { background: null }
    default:
      return {}
  }
}

/** A colour of 256 (`5;n`) or of all (`2;r;g;b`), as the nearest of the eight hues, and how many codes it took. */
function extended(codes: readonly number[]): { colour: Hue | null; taken: number } {
  const [way, ...rest] = codes
  if (way === 5) return { colour: hueOf256(rest[0] ?? 0), taken: 2 }
  if (way !== 2) return { colour: null, taken: 1 }
  const [red = 0, green = 0, blue = 0] = rest
  return { colour: hueOf(red, green, blue), taken: 4 }
}

function hueOf256(index: number): Hue {
  if (index < 16) return hues[index % 8] ?? 'white'
  if (index >= 232) return index < 244 ? 'black' : 'white'
  const cube = index - 16
  return hueOf(Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51)
}

/** Each of red, green and blue counts where it is more than half of the brightest. */
function hueOf(red: number, green: number, blue: number): Hue {
  const most = Math.max(red, green, blue)
  if (most < 48) return 'black'
  const bit = (part: number) => (part > most / 2 ? 1 : 0)
  return hues[bit(red) + bit(green) * 2 + bit(blue) * 4] ?? 'white'
}
