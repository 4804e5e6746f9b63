const HEAD = 'Traceback (most recent call last):'
const CAUSED = 'The above exception was the direct cause of the following exception:'
const MET = 'During handling of the above exception, another exception occurred:'
/** An exception's line, such as `odoo.exceptions.UserError: text`. */
const EXCEPTION = /^[A-Za-z_][\w.]*(?::|$)/
const LINES = 4
const LENGTH = 500

interface Raised {
  readonly lines: string[]
  /** Whether it was raised because of the one before. */
  readonly caused: boolean
}

/**
 * What went wrong, from a Python traceback: the exception that the last one was raised from, and that one's cause in
 * turn. One that was merely being handled meanwhile says nothing (Odoo's caches leave a KeyError there). Where an XML
 * file was being read, its place comes first. Null where there is no traceback.
 */
export function causeOf(lines: readonly string[]): string | null {
  const chain = exceptionsOf(lines)
  let root = chain.length - 1
  while (root > 0 && chain[root]?.caused) root--
  const cause = chain[root]
  if (!cause) return null
  const place = chain.slice(root + 1).find(({ lines: [first] }) => first?.includes('ParseError: while parsing'))
  return [place?.lines[0]?.replace(/, somewhere inside$/, ''), inOneLine(cause.lines)]
    .filter((text) => text !== undefined)
    .join(': ')
    .slice(0, LENGTH)
}

/** From the first that was raised to the last. */
function exceptionsOf(lines: readonly string[]): Raised[] {
  const chain: Raised[] = []
  let caused = false
  let current: Raised | null = null
  let inStack = false
  for (const line of lines) {
    if (line === HEAD || line === CAUSED || line === MET) {
      if (line === HEAD) inStack = true
      else caused = line === CAUSED
      current = null
    } else if (inStack && EXCEPTION.test(line)) {
      inStack = false
      current = { lines: [line], caused }
      caused = false
      chain.push(current)
    } else if (current && current.lines.length < LINES && line.trim() !== '') {
      current.lines.push(line.trim())
    }
  }
  return chain
}

function inOneLine(lines: readonly string[]): string {
  return lines.join(' ').replace(/\s+/g, ' ').trim()
}
