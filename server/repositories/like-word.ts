/** A pattern for LIKE that finds a word anywhere, whatever signs it has. */
export function likeWord(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`
}
