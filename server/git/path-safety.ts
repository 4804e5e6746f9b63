/** What HFS+ leaves out when it compares names, as git has it. @see git's utf8.c, next_hfs_char */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu
const LONGEST_NAME_BYTES = 255
const LONGEST_PATH_BYTES = 1_024

/**
 * Why a path of a repository may not become a path on disk; null when it may. What some file system takes for `.git` is
 * refused on each, so that no program that is run in a release later finds settings there.
 * @see git's path.c, is_ntfs_dotgit, and utf8.c, is_hfs_dotgit
 */
export function pathProblem(path: string): string | null {
  if (path === '') return 'is empty'
  if (path.startsWith('/')) return 'is absolute'
  if (path.includes('\0')) return 'holds a NUL'
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) return `is longer than ${LONGEST_PATH_BYTES} bytes`
  for (const part of path.split('/')) {
    if (part === '') return 'has an empty part'
    if (part === '.' || part === '..') return `holds "${part}"`
    if (Buffer.byteLength(part) > LONGEST_NAME_BYTES) return `has a name longer than ${LONGEST_NAME_BYTES} bytes`
    // A backslash divides names on Windows.
    if (part.split('\\').some(isDotGit)) return 'holds a name that is taken for .git'
  }
  return null
}

/** Whether some file system takes a name for `.git`. */
function isDotGit(name: string): boolean {
  const stream = name.split(':')[0] ?? ''
  const ntfs = stream.replace(/[. ]+$/, '').toLowerCase()
  const hfs = name.replace(IGNORED_BY_HFS, '').normalize('NFKC').toLowerCase()
  return ntfs === '.git' || /^git~\d+$/.test(ntfs) || hfs === '.git'
}

/** A path as it can be shown: one line, no control and format characters, at most 200 characters. */
export function shownPath(path: string): string {
  return path
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, 200)
    .toWellFormed()
}
