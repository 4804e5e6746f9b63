import { describe, expect, test } from 'vitest'
import { recogniseGitHubToken } from './github/token-paste.ts'
import { recogniseGitLabToken } from './gitlab/token-paste.ts'

const BODY = 'Abcdefghij0123456789Abcdefghij012345'
const PEM = (what: string) => `-----BEGIN ${what}-----\nMIIB\n-----END ${what}-----`

const wrong: [string, string, RegExp][] = [
  ['nothing', '  \n', /Nothing was pasted/],
  ['a blank inside', `ghp_${BODY} x`, /blanks/],
  ['a line break inside', `ghp_${BODY}\nx`, /line break/],
  ['quotation marks', `"ghp_${BODY}"`, /quotation/],
  ['a Bearer prefix', `Bearer ghp_${BODY}`, /HTTP header/],
  ['a URL with a credential', `https://x:ghp_${BODY}@github.com/a/b`, /credential inside/],
  ['an SSH key', 'ssh-ed25519 AAAAC3Nza me@host', /SSH key/],
  ['a private key', PEM('RSA PRIVATE KEY'), /private key/],
  ['a certificate', PEM('CERTIFICATE'), /certificate/],
  ['a public key', PEM('PUBLIC KEY'), /public key/],
  ['letters of another script', `ghp_${BODY}é`, /characters/],
  ['a short password', 'hunter2', /password/],
  ['a long password', 'correct!horse#battery$staple', /password/],
]

describe.each([
  ['GitHub', recogniseGitHubToken],
  ['GitLab', recogniseGitLabToken],
] as const)('the token field of %s', (_, recognise) => {
  test.each(wrong)('refuses %s', (_what, paste, words) => {
    const recognition = recognise(paste)
    expect(recognition).toMatchObject({ is: 'refused', message: expect.stringMatching(words) })
    if (paste.trim().length > 6) expect(JSON.stringify(recognition)).not.toContain(paste.trim())
  })

  test('takes a token of an unusual form with a warning', () => {
    expect(recognise('company-prefix-0123456789abcdef')).toMatchObject({ is: 'token', warning: expect.any(String) })
  })
})

describe('the token field of GitHub', () => {
  test('warns of a token whose checksum does not fit, and takes it', () => {
    expect(recogniseGitHubToken(`ghp_${BODY}`)).toMatchObject({
      is: 'token',
      warning: expect.stringMatching(/missing/),
    })
  })

  // The table's row "wrong prefix, unusable PEM, GitLab token": Invalid without a call.
  test.each([
    ['a token of GitLab', 'glpat-abcdefghij0123456789', /GitLab/],
    ['an installation token', `ghs_${BODY}`, /installation/],
    ['a refresh token', `ghr_${BODY}${BODY}`, /refresh/],
    ['a client id', 'Iv1.0123456789abcdef', /client id/],
  ])('refuses %s', (_what, paste, words) => {
    expect(recogniseGitHubToken(paste)).toMatchObject({ is: 'refused', message: expect.stringMatching(words) })
  })

  test('trims what copying adds', () => {
    const token = `github_pat_${'a'.repeat(22)}_${'b'.repeat(59)}`
    expect(recogniseGitHubToken(` ${token}\r\n`)).toMatchObject({ is: 'token', token, warning: null })
  })
})

describe('the token field of GitLab', () => {
  const routable = 'glpat-AAECAwQFBgcICQoLDA0OD2M6MQpvOjEKdToxcww.01.130pa0xz7'

  // The table's row 29: a foreign prefix is Invalid without a call, a checksum that does not fit is only a warning.
  test.each([
    ['a token of GitHub', `ghp_${BODY}`, /GitHub/],
    ['a client secret', 'gloas-0123456789abcdef0123', /secret/],
    ['a deploy token', 'gldt-0123456789abcdef0123', /deploy/],
    ['a runner token', 'glrt-0123456789abcdef0123', /runner/],
    ['a feed token', 'glft-0123456789abcdef0123', /feed/],
    ['an application id', 'ab'.repeat(32), /OAuth/],
  ])('refuses %s', (_what, paste, words) => {
    expect(recogniseGitLabToken(paste)).toMatchObject({ is: 'refused', message: expect.stringMatching(words) })
  })

  test('warns of a routable token that was cut off or mistyped, and takes it', () => {
    expect(recogniseGitLabToken(routable)).toMatchObject({ is: 'token', warning: null })
    for (const spoilt of [routable.slice(0, -1), routable.replace('AAEC', 'AAED')]) {
      expect(recogniseGitLabToken(spoilt)).toMatchObject({ is: 'token', warning: expect.stringMatching(/missing/) })
    }
  })

  test('knows the prefix of an instance', () => {
    expect(recogniseGitLabToken('acme-glpat-abcdefghij0123456789')).toMatchObject({ is: 'token', warning: null })
  })
})
