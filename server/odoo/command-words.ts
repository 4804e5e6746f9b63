import { split } from 'shlex'

/** A command's program and its arguments. */
export type Words = readonly [program: string, ...args: string[]]

/** What a setting that holds a command was taken for. */
export type CommandWords = { is: 'words'; words: Words } | { is: 'refused'; mend: string }

/** What stands in quotes, or after a backslash, and so means itself. */
const QUOTED = /'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[\s\S]/g
const OPERATORS = /[;|&<>()`$*?#\n]/
const EXPANDED_IN_DOUBLE_QUOTES = /[`$]/

/**
 * Splits a command into words, by the quotes of a shell. No shell is ever run, so what only a shell could carry out is
 * refused, where it would otherwise become an odd argument.
 */
export function splitCommand(text: string): CommandWords {
  const bare = text.replace(QUOTED, '').match(OPERATORS)
  if (bare) return refused(bare[0])
  for (const [quoted] of text.matchAll(QUOTED)) {
    const expanded = quoted.startsWith('"') ? quoted.match(EXPANDED_IN_DOUBLE_QUOTES) : null
    if (expanded) return refused(expanded[0])
  }
  const words = wordsOf(text)
  if (words === null) return { is: 'refused', mend: 'has a quote that is not closed; close it' }
  const [program, ...args] = words
  if (program === undefined || program === '') return { is: 'refused', mend: 'must name a program' }
  if (text.includes('\0')) return { is: 'refused', mend: 'must not hold a NUL character' }
  return { is: 'words', words: [program, ...args] }
}

function refused(sign: string): CommandWords {
  const name = sign === '\n' ? 'a line break' : sign
  return {
    is: 'refused',
    mend: `is run without a shell, which ${name} would need; put it in single quotes if it is meant as it stands, or name a script of your own`,
  }
}

function wordsOf(text: string): string[] | null {
  try {
    return split(text)
  } catch {
    return null
  }
}
