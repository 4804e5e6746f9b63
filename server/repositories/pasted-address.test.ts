import { describe, expect, test } from 'vitest'
import { readAddress } from './pasted-address.ts'

const github = { provider: 'github', baseUrl: 'https://github.com' } as const
const enterprise = { provider: 'github', baseUrl: 'https://git.acme.test:8443' } as const
const gitlab = { provider: 'gitlab', baseUrl: 'https://gitlab.com' } as const
const below = { provider: 'gitlab', baseUrl: 'https://acme.test/gitlab' } as const
const here = (fullName: string) => ({ is: 'here', fullName })
const elsewhere = (host: string) => ({ is: 'elsewhere', host })

describe('an address of a repository at GitHub', () => {
  test.each([
    'https://github.com/acme/shop',
    'https://github.com/acme/shop/',
    '  https://github.com/acme/shop  ',
    '<https://github.com/acme/shop>',
    'http://github.com/acme/shop',
    'HTTPS://GitHub.com/acme/shop',
    'https://www.github.com/acme/shop',
    'https://github.com/acme/shop.git',
    'https://github.com/acme/shop?tab=readme-ov-file#install',
    'https://github.com/acme/shop/tree/main',
    'https://github.com/acme/shop/tree/feature/a.b/c',
    'https://github.com/acme/shop/issues/4',
    'github.com/acme/shop',
    'github.com/acme/shop/pull/4/files',
    'git@github.com:acme/shop.git',
    'git@github.com:acme/shop',
    'github.com:acme/shop.git',
    'ssh://git@github.com/acme/shop.git',
    'ssh://git@ssh.github.com:443/acme/shop.git',
    'git://github.com/acme/shop.git',
    'git+https://github.com/acme/shop.git@17.0',
    'git clone https://github.com/acme/shop.git',
    'git clone git@github.com:acme/shop.git',
    'gh repo clone acme/shop',
    'acme/shop',
    'acme/shop/',
    'acme/shop.git',
  ])('is read from %s', (pasted) => {
    expect(readAddress(pasted, github)).toEqual(here('acme/shop'))
  })

  test('keeps case, dots, lines and underscores of the name', () => {
    expect(readAddress('https://github.com/Acme-Corp/Odoo_17.0-addons', github)).toEqual(
      here('Acme-Corp/Odoo_17.0-addons'),
    )
    expect(readAddress('acme/.github', github)).toEqual(here('acme/.github'))
  })

  test('needs the port of the instance in addresses of the web, and not in those for ssh', () => {
    expect(readAddress('https://git.acme.test:8443/acme/shop', enterprise)).toEqual(here('acme/shop'))
    expect(readAddress('git.acme.test:8443/acme/shop', enterprise)).toEqual(here('acme/shop'))
    expect(readAddress('https://git.acme.test/acme/shop', enterprise)).toEqual(elsewhere('git.acme.test'))
    expect(readAddress('ssh://git@git.acme.test:2222/acme/shop.git', enterprise)).toEqual(here('acme/shop'))
    expect(readAddress('git@git.acme.test:acme/shop.git', enterprise)).toEqual(here('acme/shop'))
  })
})

describe('an address of a project at GitLab', () => {
  test.each([
    'https://gitlab.com/acme/team/shop',
    'https://gitlab.com/acme/team/shop.git',
    'https://gitlab.com/acme/team/shop/-/tree/main/addons?ref_type=heads',
    'https://gitlab.com/acme/team/shop/-/merge_requests/4',
    'https://gitlab.com/acme/team/shop/tree/main',
    'https://gitlab.com/acme/team/shop/issues/4',
    'gitlab.com/acme/team/shop',
    'git@gitlab.com:acme/team/shop.git',
    'ssh://git@altssh.gitlab.com:443/acme/team/shop.git',
    'acme/team/shop',
  ])('is read with its subgroups from %s', (pasted) => {
    expect(readAddress(pasted, gitlab)).toEqual(here('acme/team/shop'))
  })

  test('may have words in its name that elsewhere lead to a page', () => {
    expect(readAddress('https://gitlab.com/acme/tree', gitlab)).toEqual(here('acme/tree'))
    expect(readAddress('https://gitlab.com/acme/team/issues', gitlab)).toEqual(here('acme/team/issues'))
    expect(readAddress('my.group/shop', gitlab)).toEqual(here('my.group/shop'))
  })

  test('is read below the path of its instance', () => {
    expect(readAddress('https://acme.test/gitlab/acme/team/shop/-/tree/main', below)).toEqual(here('acme/team/shop'))
    expect(readAddress('acme.test/gitlab/acme/shop', below)).toEqual(here('acme/shop'))
    expect(readAddress('git@acme.test:acme/shop.git', below)).toEqual(here('acme/shop'))
    expect(readAddress('https://acme.test/gitlab2/acme/shop', below)).toEqual(elsewhere('acme.test/gitlab2'))
    expect(readAddress('https://acme.test/gitlab', below)).toMatchObject({
      what: expect.stringMatching(/front page of acme\.test/),
    })
  })
})

describe('an address of another host', () => {
  test.each([
    ['https://gitlab.com/acme/shop', 'gitlab.com'],
    ['git@gitlab.com:acme/shop.git', 'gitlab.com'],
    ['ssh://git@gitlab.acme.test:2222/acme/shop.git', 'gitlab.acme.test:2222'],
    ['gitlab.com/acme/shop', 'gitlab.com'],
    ['localhost:3000/acme/shop', 'localhost:3000'],
    ['https://github.com.evil.test/acme/shop', 'github.com.evil.test'],
  ])('is told apart: %s', (pasted, host) => {
    expect(readAddress(pasted, github)).toEqual(elsewhere(host))
  })
})

describe('what names no repository', () => {
  test.each([
    ['', /^Nothing was pasted/],
    ['   ', /^Nothing was pasted/],
    ['https://github.com', /^This is the front page of github\.com\.$/],
    ['https://github.com/acme', /^This is the page of an organization or a person\.$/],
    ['acme', /^This is the page of an organization or a person/],
    ['https://github.com/orgs/acme/repositories', /^This is a page of GitHub, and not that of one repository/],
    ['https://github.com/settings/tokens', /^This is a page of GitHub/],
    ['what is this', /^This is no address of a repository/],
    ['acme/shop\nacme/other', /^This is no address of a repository/],
    ['ftp://github.com/acme/shop', /^This is no address of a repository/],
    ['javascript:alert(1)', /^This is no address of a repository/],
    ['https://', /^This is no address of a repository/],
    ['https://github.com/acme/..%2f', /^No repository at GitHub can have this name/],
    ['-acme/shop', /^No repository at GitHub can have this name/],
    ['💥/💥', /^This is no address of a repository/],
  ])('is told with its mend: %s', (pasted, message) => {
    expect(readAddress(pasted, github)).toEqual({
      ...{ is: 'unreadable', what: expect.stringMatching(message) },
      mend: expect.stringMatching(/^(Paste|Open|Look at) .*\.$/),
    })
  })

  test('are pages of groups, too', () => {
    for (const pasted of ['https://gitlab.com/groups/acme/team', 'https://gitlab.com/-/profile']) {
      expect(readAddress(pasted, gitlab)).toMatchObject({ what: expect.stringMatching(/^This is a page of GitLab/) })
    }
    const group = { what: expect.stringMatching(/^This is the page of a group or a person/) }
    expect(readAddress('https://gitlab.com/acme', gitlab)).toMatchObject(group)
    expect(readAddress('https://gitlab.com/acme/-/issues', gitlab)).toMatchObject(group)
  })
})

describe('a secret in a pasted address', () => {
  const token = `ghp_${'a'.repeat(36)}`

  test.each([
    `https://${token}@github.com/acme/shop.git`,
    `https://oauth2:${token}@github.com/acme/shop.git`,
    `ssh://git:${token}@github.com/acme/shop.git`,
    `https://ada:a-password@github.com/acme/shop`,
    `https://github.com/acme/shop?access_token=${token}#${token}`,
    `acme/shop?token=${token}`,
  ])('goes no further, and the repository is read all the same: %s', (pasted) => {
    expect(readAddress(pasted, github)).toEqual(here('acme/shop'))
  })

  test.each([
    token,
    `https://github.com/${token}`,
    `https://github.com/acme/${token}`,
    `https://${token}.evil.test/acme/shop`,
    `${token}/shop`,
    `git@github.com:acme/${token}.git`,
    `git clone ${token}`,
  ])('is not read as a name, a host or an owner, nor given back: %s', (pasted) => {
    const read = readAddress(pasted, github)
    expect(read.is).toBe('unreadable')
    expect(JSON.stringify(read)).not.toContain(token)
  })
})
