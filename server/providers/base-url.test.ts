import { describe, expect, test } from 'vitest'
import { createProviders } from './index.ts'
import { parseTrustedHosts } from './transport/trusted-hosts.ts'

const providers = createProviders({
  fetch: async () => new Response(),
  lsRemote: async () => ({ kind: 'no-git', text: 'no git' }),
  clock: () => new Date(),
  config: { githubUrl: 'https://github.com', githubApiUrl: 'https://api.github.com', gitlabUrl: 'https://gitlab.com' },
  trusted: parseTrustedHosts('127.0.0.1:8080'),
})

describe('the address of an instance', () => {
  test.each([
    ['github', undefined, 'https://github.com'],
    ['github', ' github.com/ ', 'https://github.com'],
    ['github', 'https://api.github.com', 'https://github.com'],
    ['github', 'https://GHE.example.com/api/v3?x=1', 'https://ghe.example.com'],
    ['github', 'https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['gitlab', '', 'https://gitlab.com'],
    ['gitlab', 'https://host.example/gitlab/', 'https://host.example/gitlab'],
    ['gitlab', 'https://host.example/gitlab/api/v4/projects', 'https://host.example/gitlab'],
    ['gitlab', 'https://host.example/-/user_settings?page=1', 'https://host.example'],
    ['gitlab', 'https://host.example/users/sign_in', 'https://host.example'],
    ['gitlab', 'http://127.0.0.1:8080/gitlab', 'http://127.0.0.1:8080/gitlab'],
  ] as const)('of %s is made from %s', (name, typed, root) => {
    expect(providers[name].normaliseBaseUrl(typed)).toBe(root)
  })

  test.each([
    ['a user name inside', 'https://me:secret@host.example'],
    ['plain http to a host that nobody trusts', 'http://host.example'],
    ['another scheme', 'ftp://host.example'],
    ['blanks', 'https://host example'],
    ['no address at all', 'https://'],
  ])('is refused with %s', (_, typed) => {
    expect(() => providers.gitlab.normaliseBaseUrl(typed)).toThrow(
      expect.objectContaining({ code: 'InputInvalid', field: 'baseUrl' }),
    )
  })
})
