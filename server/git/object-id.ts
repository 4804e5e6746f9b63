/** Whether a text is the full id of an object of a SHA-1 repository, the only ones that GitHub serves. */
export function isObjectId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text)
}

/**
 * Gives the id back, so that nothing but an id becomes a word of git's command line.
 * @throws {Error} when it is none, which is a mistake of ours.
 */
export function objectId(text: string): string {
  if (!isObjectId(text)) throw new Error('This is no id of a git object.')
  return text
}
