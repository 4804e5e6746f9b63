import { describe, expect, test } from 'vitest'
import { type Planned, resolveLink } from './links-inside.ts'

/** A tree in one line each: `path` a file, `path/` a folder, `path -> target` a link. */
function treeOf(...lines: string[]): ReadonlyMap<string, Planned> {
  return new Map(
    lines.map((line): [string, Planned] => {
      const [path = '', target] = line.split(' -> ')
      if (target !== undefined) return [path, { is: 'link', target }]
      return path.endsWith('/') ? [path.slice(0, -1), { is: 'folder' }] : [path, { is: 'file' }]
    }),
  )
}

describe('a symbolic link of a repository', () => {
  test.each([
    ['l -> a', 'a'],
    ['l -> ./a', 'a'],
    ['l -> d', 'd'],
    ['l -> d/', 'd'],
    ['l -> d/../a', 'a'],
    ['d/l -> ../a', 'a'],
    ['d/l -> .', 'd'],
    ['l -> .', ''],
    ['d/l -> ..', ''],
    ['l -> to-d/b', 'd/b'],
    ['l -> to-d/../a', 'a'],
    ['l -> to-to-d/b', 'd/b'],
  ])('%s ends at %j', (line, end) => {
    const tree = treeOf('a', 'd/', 'd/b', 'to-d -> d', 'to-to-d -> to-d', line)
    expect(resolveLink(tree, line.split(' -> ')[0] ?? '')).toBe(end)
  })

  test.each([
    'l -> /etc/passwd',
    'l -> /',
    'l -> ..',
    'l -> ../x',
    'l -> d/../../x',
    'd/l -> ../../x',
    'l -> nowhere',
    'l -> nowhere/../a',
    'l -> a/',
    'l -> a/..',
    'l -> a/b',
    'l -> l',
    'l -> loop-1',
    'l -> out/x',
    // On disk, the parent of where `up` leads to is above the root.
    'l -> up/../x',
    'l -> to-d/../../x',
  ])('%s ends nowhere inside', (line) => {
    const tree = treeOf(
      'a',
      'd/',
      'd/b',
      'to-d -> d',
      'up -> .',
      'out -> ../out',
      'loop-1 -> loop-2',
      'loop-2 -> loop-1',
      line,
    )
    expect(resolveLink(tree, line.split(' -> ')[0] ?? '')).toBe(null)
  })

  test('in a chain of hundreds is given up soon', () => {
    const chain = Array.from({ length: 500 }, (_, at) => `c${at} -> c${at + 1}`)
    expect(resolveLink(treeOf(...chain, 'c500'), 'c0')).toBe(null)
    const doubling = Array.from({ length: 60 }, (_, at) => `e${at} -> e${at + 1}/../e${at + 1}`)
    expect(resolveLink(treeOf(...doubling, 'e60/'), 'e0')).toBe(null)
  })
})
