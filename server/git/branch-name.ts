const LONGEST_BYTES = 250

/**
 * Whether git allows such a branch. In a refspec, what it does not allow would mean something: `*` many branches, `:`
 * another target.
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export function isBranchName(name: string): boolean {
  if (name === '' || name === '@' || !name.isWellFormed() || Buffer.byteLength(name) > LONGEST_BYTES) return false
  if (/[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\.$/.test(name)) return false
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}
