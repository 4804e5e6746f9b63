import { describe, expect, test } from 'vitest'
import { reachOf } from './addresses.ts'

describe('the reach of an address', () => {
  test.each([
    ['140.82.121.4', 'public'],
    ['2606:50c0:8000::153', 'public'],
    ['::ffff:140.82.121.4', 'public'],
    ['127.0.0.1', 'inner'],
    ['10.0.0.1', 'inner'],
    ['::ffff:10.0.0.1', 'inner'],
    ['::1', 'inner'],
    ['fd00::1', 'inner'],
    ['169.254.169.254', 'never'],
    ['168.63.129.16', 'never'],
    ['::ffff:168.63.129.16', 'never'],
    ['fd00:ec2::254', 'never'],
    ['::7f00:1', 'never'],
    ['2002:7f00:1::', 'never'],
    ['0.0.0.0', 'never'],
    ['', 'never'],
    ['no address', 'never'],
  ])('%s is %s', (address, reach) => {
    expect(reachOf(address)).toBe(reach)
  })
})
