import { crc32 } from 'node:zlib'
import type { Recognition } from '../provider.ts'
import { type PasteRules, recognisePaste } from '../token-paste.ts'

const MAKE_ONE = 'Make a personal, group or project access token at GitLab and paste that.'

const not = (form: RegExp, what: string) => ({ form, message: `This is ${what}. ${MAKE_ONE}` })

const RULES: PasteRules = {
  looksTruncated,
  provider: 'GitLab',
  usual: 'glpat-',
  tokens: [
    { form: /^glpat-/, kind: 'access token' },
    {
      form: /^[A-Za-z0-9]+(-[A-Za-z0-9]+)*-glpat-/,
      kind: 'access token with the prefix of its instance',
    },
  ],
  others: [
    not(/^(gh[pousr]_|github_pat_)/, 'a token of GitHub'),
    not(/^Iv1\.|^Iv23/, 'the client id of a GitHub App'),
    not(/^gloas-/, 'the secret of an OAuth application, not a token'),
    not(/^gldt-/, 'a deploy token, which works with git but not with the API'),
    not(/^glcbt-/, 'a CI job token, which ends with its job'),
    not(/^glrtr?-/, 'a runner token'),
    not(/^glptt-/, 'a pipeline trigger token'),
    not(/^glft-/, 'a feed token'),
    not(/^glimt-/, 'an incoming mail token'),
    not(/^glagent-/, 'the token of a Kubernetes agent'),
    not(/^glwt-/, 'a workspace token'),
    not(/^glsoat-/, 'a SCIM token'),
    not(/^glffct-/, 'a feature flags client token'),
    not(/^[0-9a-f]{64}$/, 'the id of an OAuth application, or an OAuth token that ends after two hours'),
    not(/^SHA256:|^([0-9a-f]{2}:){15}/, 'the fingerprint of a key, not a token'),
  ],
}

/** Tells what was pasted as a token of GitLab, before any call. */
export function recogniseGitLabToken(paste: string): Recognition {
  return recognisePaste(paste, RULES)
}

/** Routable tokens end in the length of what they carry, and the CRC32 of all before it, both in base 36. */
function looksTruncated(token: string): boolean {
  const parts = /^(.*-([\w-]+)\.01\.([0-9a-z]{2}))([0-9a-z]{7})$/.exec(token)
  if (!parts) return /\.01\./.test(token)
  const [, body = '', , , sum = ''] = parts
  return crc32(body).toString(36).padStart(7, '0') !== sum
}
