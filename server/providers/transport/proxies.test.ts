import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../config.ts'
import { readProxies } from './proxies.ts'
import { parseTrustedHosts } from './trusted-hosts.ts'

const CANARY = 'canary-4711'

function proxies(env: Record<string, string>) {
  const config = readConfig(env)
  return readProxies(config, parseTrustedHosts(config.trustedHosts))
}

/** Where a request to the address goes with these settings. */
function way(env: Record<string, string>, address = 'https://git.acme.test/'): string {
  const proxy = proxies(env).for(new URL(address))
  return proxy ? `${proxy.hostname}:${proxy.port}` : 'directly'
}

describe('the proxy for providers', () => {
  test.each<[Record<string, string>, string]>([
    [{}, 'directly'],
    [{ HTTPS_PROXY: 'http://one.test:3128' }, 'one.test:3128'],
    [{ https_proxy: 'http://one.test:3128' }, 'one.test:3128'],
    [{ https_proxy: 'http://small.test:1', HTTPS_PROXY: 'http://large.test:1' }, 'small.test:1'],
    [{ https_proxy: '', HTTPS_PROXY: 'http://large.test:1' }, 'large.test:1'],
    [{ HTTP_PROXY: 'http://two.test:3128' }, 'two.test:3128'],
    [{ http_proxy: 'http://two.test:3128' }, 'two.test:3128'],
    [{ HTTPS_PROXY: 'http://one.test:1', HTTP_PROXY: 'http://two.test:1' }, 'one.test:1'],
    [{ HTTPS_PROXY: 'one.test:3128' }, 'one.test:3128'],
    [{ HTTPS_PROXY: 'http://one.test' }, 'one.test:80'],
    [{ HTTPS_PROXY: 'https://one.test' }, 'one.test:443'],
  ])('of %j is %s', (env, expected) => {
    expect(way(env)).toBe(expected)
  })

  test('has the user and password that stand in its address, decoded', () => {
    const proxy = proxies({ HTTPS_PROXY: 'http://ada:p%40ss%3Aword@one.test:3128' }).for(new URL('https://a.test/'))
    expect(proxy).toMatchObject({ username: 'ada', password: 'p@ss:word' })
  })

  const exceptions: [noProxy: string, direct: string[], carried: string[]][] = [
    ['*', ['https://git.acme.test/'], []],
    ['acme.test', ['https://acme.test/', 'https://git.acme.test/', 'https://GIT.Acme.test./'], ['https://xacme.test/']],
    ['.acme.test', ['https://git.acme.test/', 'https://acme.test/'], ['https://other.test/']],
    ['*.acme.test', ['https://git.acme.test/'], ['https://other.test/']],
    ['a.test, B.test  c.test', ['https://a.test/', 'https://b.test/', 'https://c.test/'], ['https://d.test/']],
    ['git.acme.test:8443', ['https://git.acme.test:8443/'], ['https://git.acme.test/']],
    ['git.acme.test:443', ['https://git.acme.test/'], ['https://git.acme.test:8443/']],
    ['203.0.113.7', ['https://203.0.113.7/', 'https://203.0.113.7:8443/'], ['https://203.0.113.70/']],
    ['203.0.113.0/24', ['https://203.0.113.200/'], ['https://203.0.114.1/', 'https://git.acme.test/']],
    ['2001:db8::1', ['https://[2001:db8::1]/'], ['https://[2001:db8::2]/']],
    ['[2001:db8::1]:8443', ['https://[2001:db8::1]:8443/'], ['https://[2001:db8::1]/']],
  ]
  test.each(exceptions)('does not carry what NO_PROXY="%s" names', (noProxy, direct, carried) => {
    for (const name of ['NO_PROXY', 'no_proxy']) {
      const env = { HTTPS_PROXY: 'http://one.test:1', [name]: noProxy }
      for (const address of direct) expect(way(env, address), address).toBe('directly')
      for (const address of carried) expect(way(env, address), address).toBe('one.test:1')
    }
  })

  test('does not carry what the operator trusts', () => {
    const env = { HTTPS_PROXY: 'http://one.test:1', TRUSTED_HOSTS: 'git.acme.test:8443' }
    expect(way(env, 'https://git.acme.test:8443/')).toBe('directly')
    expect(way(env, 'https://git.acme.test/')).toBe('one.test:1')
  })

  test.each([
    `socks5://ada:${CANARY}@one.test:1080`,
    `http://ada:${CANARY}@`,
    `http://ada:${CANARY}%@one.test`,
    `http://ada:${CANARY}%0A@one.test`,
    `not a proxy ${CANARY}`,
  ])('%s stops the start by the name of the variable, without what stands in it', (value) => {
    for (const name of ['HTTPS_PROXY', 'HTTP_PROXY']) {
      const read = () => proxies({ [name]: value })
      expect(read).toThrow(ConfigError)
      expect(read).toThrow(new RegExp(`^${name} [^\n]+$`))
      expect(read).not.toThrow(CANARY)
    }
  })
})
