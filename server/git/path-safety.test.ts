import { describe, expect, test } from 'vitest'
import { pathProblem } from './path-safety.ts'

describe('a path of a repository', () => {
  test.each([
    'a',
    'a/b.c',
    '.github/workflows',
    '.gitignore',
    '.gitmodules',
    'a.git',
    'git',
    'ä/ß',
    'a b',
    '-x',
    '...',
    'x~1',
  ])('%j may be written', (path) => expect(pathProblem(path)).toBe(null))

  test.each([
    '.git',
    '.git/config',
    'a/.git/hooks/post-checkout',
    '.GIT/config',
    '.Git',
    'git~1/config',
    'GIT~1',
    'git~2',
    '.git./config',
    '.git /config',
    '.git. . /x',
    '.git::$INDEX_ALLOCATION/config',
    '.git:stream',
    '.g\u200cit/config',
    '.\ufeffgit',
    '.gi\u202et',
    '\u200f.git',
    '.ｇｉｔ',
    'a\\.git\\config',
    'a\\git~1\\config',
  ])('%j is taken for .git somewhere', (path) => expect(pathProblem(path)).toContain('.git'))

  test.each([
    '',
    '/etc/passwd',
    '..',
    '../x',
    'a/../b',
    'a/./b',
    'a//b',
    'a/',
    'a\0b',
    'x'.repeat(256),
    'x/'.repeat(600),
  ])('%j is none', (path) => expect(pathProblem(path)).not.toBe(null))
})
