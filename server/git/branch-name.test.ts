import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { isBranchName } from './branch-name.ts'

const NAMES = [
  ...['main', '16.0', 'a/b', 'ä', '-x', '--upload-pack=x', 'a.b', 'x@y', '{', 'a}', "it's", 'a;b', '$(x)', '`x`', '@a'],
  ...['', '@', '/', 'a/', '/a', 'a//b', '.a', 'a/.b', 'a..b', 'a.lock', 'a.lock/b', 'a.', 'a b', 'a~1', 'a^', 'a:b'],
  ...['a?', 'a*', 'a[', 'a\\b', 'a\nb', 'a\u007f', 'a@{1}', 'refs/heads/x', '\t', 'a/./b', 'a/b.', '..', '.'],
]

describe('the name of a branch', () => {
  test.each(NAMES)('%j is judged as git does', (name) => {
    const { status } = spawnSync('git', ['check-ref-format', `refs/heads/${name}`])
    expect(isBranchName(name)).toBe(status === 0 && name !== '@')
  })

  test('is not endless, and is text', () => {
    expect(isBranchName('a'.repeat(251))).toBe(false)
    expect(isBranchName('\ud800')).toBe(false)
  })
})
