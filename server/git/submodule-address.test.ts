import { describe, expect, test } from 'vitest'
import { submoduleAddress } from './submodule-address.ts'

const parent = 'https://git.test/acme/shop.git'
const web = 'https://git.test/acme/web.git'

describe('the address of a submodule', () => {
  test.each([
    ['https://git.test/acme/web.git', web],
    ['https://git.test/acme/web', web],
    ['https://git.test/acme/web/', web],
    ['https://GIT.TEST/acme/web.git', web],
    ['https://git.test:443/acme/web.git', web],
    ['https://somebody@git.test/acme/web.git', web],
    ['http://git.test/acme/web.git', web],
    ['../web.git', web],
    ['../web', web],
    ['../../other/web.git', 'https://git.test/other/web.git'],
    ['./web.git', 'https://git.test/acme/shop.git/web.git'],
    ['git@git.test:acme/web.git', web],
    ['git.test:acme/web', web],
    ['git@git.test:/acme/web.git', web],
    ['ssh://git@git.test/acme/web.git', web],
    ['ssh://git@git.test:2222/acme/web.git', web],
    ['git+ssh://git@git.test/acme/web.git', web],
    ['git://git.test/acme/web.git', web],
  ])('%s is fetched', (written, url) => expect(submoduleAddress(written, parent)).toEqual({ is: 'fetch', url }))

  test('keeps the port and the protocol of a trusted host', () => {
    const inner = 'http://127.0.0.1:8080/group/sub/shop.git'
    const url = 'http://127.0.0.1:8080/group/web.git'
    for (const written of [
      '../../web.git',
      'git@127.0.0.1:group/web.git',
      'ssh://git@127.0.0.1:22/group/web.git',
      url,
    ]) {
      expect(submoduleAddress(written, inner)).toEqual({ is: 'fetch', url })
    }
  })

  test.each([
    ['https://other.test/acme/web.git', 'other.test'],
    ['https://git.test.other.test/acme/web.git', 'git.test.other.test'],
    ['https://git.test:8443/acme/web.git', 'git.test:8443'],
    ['git@other.test:acme/web.git', 'other.test'],
    ['ssh://git@other.test/acme/web.git', 'other.test'],
    ['git://other.test/acme/web.git', 'other.test'],
    ['https://git.test@other.test/acme/web.git', 'other.test'],
  ])('%s is another host', (written, host) =>
    expect(submoduleAddress(written, parent)).toEqual({ is: 'otherHost', host }),
  )

  test.each([
    '',
    'ext::sh -c touch% /tmp/x',
    'ext::sh',
    'fd::17/foo',
    'testgit::https://git.test/a.git',
    'file:///etc',
    'FILE:///etc',
    '/srv/git/web.git',
    '~/web.git',
    'web.git',
    'acme/web.git',
    '-u./payload',
    '--upload-pack=touch /tmp/x',
    '-oProxyCommand=touch',
    'ssh://-oProxyCommand=touch/x',
    '-oProxyCommand=x@git.test:acme/web.git',
    'git@-oProxyCommand=touch:acme/web.git',
    'https://user:secret@git.test/acme/web.git',
    'https://git.test/acme/web.git\r',
    'https://git.test/acme/web.git\nurl = x',
    'https://git.test/acme/web\u0000.git',
    'https://git.test/%0aHost/web.git',
    'https://git.test/%0D%0A/web.git',
    'https://git.test/a b.git',
    'https://git.test\\@other.test/x.git',
    'https://git.test/a/\u202e.git',
    'https://',
    'https://git.test',
    'https://git.test/',
    'ftp://git.test/acme/web.git',
    'javascript://git.test/x',
    '../../../..',
    '../../../../x.git',
    'git@git.test:../../x.git',
    'ssh://git@git.test/a?b.git/%2e%2e#',
    `https://git.test/${'a'.repeat(2000)}.git`,
  ])('%j is refused', (written) => {
    const address = submoduleAddress(written, parent)
    expect(address).toMatchObject({ is: 'refused', reason: expect.stringMatching(/^(has|leads)/) })
  })

  test('never quotes a password', () => {
    expect(JSON.stringify(submoduleAddress('https://user:hunter2@git.test/x.git', parent))).not.toContain('hunter2')
    expect(JSON.stringify(submoduleAddress('https://user:hunter2@other.test/x.git', parent))).not.toContain('hunter2')
  })
})
