import { describe, expect, test } from 'vitest'
import { refusalOf } from './refusal.ts'

/** What the providers make git print, and what it means. */
const refusals = [
  ['remote: Invalid username or token. Password authentication is not supported for Git operations.', 'credential'],
  ['remote: Invalid username or password.', 'credential'],
  ["fatal: could not read Username for 'https://github.com': terminal prompts disabled", 'credential'],
  ["fatal: Authentication failed for 'https://github.com/acme/shop.git/'", 'credential'],
  ['remote: HTTP Basic: Access denied. If a password was provided for Git authentication, ...', 'credential'],
  ["remote: Repository not found. fatal: repository 'https://github.com/acme/shop.git/' not found", 'not-found'],
  ["remote: The project you were looking for could not be found or you don't have permission to view it.", 'not-found'],
  ['remote: Write access to repository not granted.', 'permission'],
  ['remote: You are not allowed to download code from this project.', 'permission'],
  ['remote: You are not allowed to download code.', 'permission'],
  ['remote: Pulling over HTTP is not allowed.', 'permission'],
  ["remote: The `acme' organization has enabled or enforced SAML SSO.", 'sso'],
  ["remote: Cannot find valid SSO session. Please login via your group's SSO at https://gitlab.com/x", 'sso'],
  ['remote: The repository owner has an IP allow list enabled, and 203.0.113.5 is not permitted', 'ip-list'],
  ['fatal: unable to update url base from redirection', 'redirect'],
  ["fatal: unable to access 'https://git.test/a.git/': The requested URL returned error: 301", 'redirect'],
] as const

describe('what git prints', () => {
  test.each(refusals)('"%s" means %s', (text, reason) => {
    expect(refusalOf(text)).toMatchObject({ kind: 'refused', reason })
  })

  test.each([
    'server certificate verification failed. CAfile: /tmp/a/authorities.pem CRLfile: none',
    'SSL certificate problem: unable to get local issuer certificate',
    "SSL: certificate subject name (git.test) does not match target host name '127.0.0.1'",
    'gnutls_handshake() failed: The TLS connection was non-properly terminated.',
  ])('"%s" means that TLS failed', (text) => {
    const printed = `fatal: unable to access 'https://git.test/a.git/': ${text}`
    expect(refusalOf(printed)).toMatchObject({ kind: 'unreachable', text: expect.stringContaining('certificate') })
  })

  test.each([
    ['Received HTTP code 407 from proxy after CONNECT', '407'],
    ['CONNECT tunnel failed, response 502', '502'],
    ['Proxy CONNECT aborted', 'did not let git pass'],
    ['Could not resolve proxy: proxy.test', 'did not let git pass'],
  ])('"%s" is the word of the proxy', (text, told) => {
    const printed = `fatal: unable to access 'https://git.test/a.git/': ${text}`
    expect(refusalOf(printed)).toMatchObject({ kind: 'unreachable', text: expect.stringContaining(told) })
  })

  test.each([
    'remote: The git server, Gitaly, is not available at this time. Please contact your administrator.',
    'fatal: remote error: GitLab is currently unable to handle this request due to load',
    "fatal: unable to access 'https://git.test/a.git/': The requested URL returned error: 503",
    'something that nobody has seen before',
  ])('"%s" settles nothing', (text) => {
    expect(refusalOf(text).kind).toBe('unreachable')
  })
})
