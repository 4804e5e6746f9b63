import { describe, expect, test } from 'vitest'
import { githubRoot } from './address.ts'
import { readAppIds } from './app-ids.ts'

const own = { url: 'https://github.com', apiUrl: 'https://api.github.com' }
const rootOf = (origin: string) => githubRoot(origin, own)

function read(typed: { appId?: string; installationId?: string }, baseUrl = own.url) {
  return readAppIds({ appId: '123456', installationId: '42', ...typed }, { baseUrl, rootOf })
}

describe('the field of an App ID', () => {
  test.each([
    ['digits', '123456', '123456'],
    ['digits with blanks around', ' 123456\n', '123456'],
    ['digits with the words of the page', 'App ID: 123456', '123456'],
    ['a client id', 'Iv23liAbCdEfGhIjKlMn', 'Iv23liAbCdEfGhIjKlMn'],
    ['a client id of the old form', 'Client ID: Iv1.0123456789abcdef', 'Iv1.0123456789abcdef'],
  ])('takes %s', (_, appId, read_) => {
    expect(read({ appId })).toEqual({ is: 'ids', appId: read_, installationId: '42' })
  })

  test.each([
    ['nothing', ' ', /Nothing/],
    ['zero', '0', /no id of GitHub/],
    ['an endless number', '9'.repeat(30), /no id of GitHub/],
    ["the App's name", 'acme-deploys', /App's name/],
    ["the address of the App's settings", 'https://github.com/settings/apps/acme-deploys', /an address/],
    ['the address of an installation', 'https://github.com/settings/installations/42', /field for the Installation ID/],
    ['a client id without its end', 'Iv23liAbCdEf', /part is missing/],
    ['the client id of an OAuth app', 'Ov23liAbCdEfGhIjKlMn', /OAuth app/],
    ['a client secret', 'ab'.repeat(20), /client secret/],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----', /a key/],
    ['the fingerprint of a key', 'SHA256:CbC4FTNeOTk7xHsrb0kTGTuvYl0NjuUdXRCSGvqyyMs=', /fingerprint/],
    ['a token', `ghp_${'a'.repeat(36)}`, /token/],
    ['other characters', '123 456', /characters/],
  ])('refuses %s', (_, appId, words) => {
    expect(read({ appId })).toEqual({ is: 'refused', field: 'appId', message: expect.stringMatching(words) })
  })
})

describe('the field of an Installation ID', () => {
  test.each([
    ['digits', '42'],
    ['digits with words', 'Installation ID: 42'],
    ["the address at an organization's settings", 'https://github.com/organizations/acme/settings/installations/42'],
    ["the address at a person's settings", 'https://github.com/settings/installations/42'],
    ['the address without https://', 'github.com/settings/installations/42/'],
    ['the address with what follows it', 'https://github.com/settings/installations/42/permissions/update?x=1#y'],
    ['the address of the API', 'https://api.github.com/app/installations/42/access_tokens'],
    [
      'where GitHub sends people after an installation',
      'https://acme.test/setup?installation_id=42&setup_action=install',
    ],
  ])('takes %s', (_, installationId) => {
    expect(read({ installationId })).toEqual({ is: 'ids', appId: '123456', installationId: '42' })
  })

  test.each([
    'https://ghe.example.com/organizations/acme/settings/installations/42',
    'https://ghe.example.com/github-apps/acme-deploys/installations/42',
    'https://GHE.example.com/enterprises/acme/settings/installations/42',
  ])('takes %s for that server', (installationId) => {
    expect(read({ installationId }, 'https://ghe.example.com')).toMatchObject({ is: 'ids', installationId: '42' })
  })

  test.each([
    ['nothing', '', /Nothing/],
    ["the address of the App's settings", 'https://github.com/settings/apps/acme-deploys', /App's settings/],
    [
      'the same of an organization',
      'https://github.com/organizations/acme/settings/apps/acme-deploys',
      /App's settings/,
    ],
    ["the App's public page", 'https://github.com/apps/acme-deploys', /public page/],
    ['the same on a server', 'https://ghe.example.com/github-apps/acme-deploys', /public page/],
    [
      'where the App is installed',
      'https://github.com/apps/acme-deploys/installations/new?target_id=7',
      /is installed/,
    ],
    ['the list of installations', 'https://github.com/settings/installations', /list of installations/],
    ['an address of another kind', 'git://github.com/settings/installations/42', /cannot be read/],
    ['another page', 'https://github.com/acme/shop', /not that of an installation/],
    [
      'the address of another host',
      'https://ghe.example.com/settings/installations/42',
      /ghe\.example\.com.*github\.com/,
    ],
    ['the client id of the App', 'Iv23liAbCdEfGhIjKlMn', /client id/],
    ['the name of the organization', 'acme', /a name/],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----', /a key/],
  ])('refuses %s', (_, installationId, words) => {
    const message = expect.stringMatching(words)
    expect(read({ installationId })).toEqual({ is: 'refused', field: 'installationId', message })
  })
})
