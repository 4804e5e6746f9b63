import { crc32 } from 'node:zlib'
import type { Recognition } from '../provider.ts'
import { type PasteRules, recognisePaste } from '../token-paste.ts'

const MAKE_ONE = 'Make a personal access token at GitHub (Settings, Developer settings) and paste that.'

const RULES: PasteRules = {
  looksTruncated,
  provider: 'GitHub',
  usual: 'ghp_ or github_pat_',
  tokens: [
    { form: /^ghp_/, kind: 'classic personal access token' },
    { form: /^github_pat_/, kind: 'fine-grained personal access token' },
    {
      form: /^gho_/,
      kind: 'OAuth token',
      warning: 'This is the token of an OAuth app. It works until the app or its owner takes it back.',
    },
    { form: /^ghu_/, kind: 'GitHub App user token', warning: 'This token of a GitHub App usually ends after 8 hours.' },
    {
      form: /^[0-9a-f]{40}$/,
      kind: 'token of the form before 2021',
      warning: 'A client secret looks the same. If GitHub refuses it, paste a personal access token.',
    },
  ],
  others: [
    { form: /^gl[a-z]+-|(^|-)glpat-/, message: `This is a token of GitLab. ${MAKE_ONE}` },
    { form: /^ghs_/, message: `This is a GitHub App's installation token; it ends within the hour. ${MAKE_ONE}` },
    { form: /^ghr_/, message: `This is a refresh token; it opens nothing by itself. ${MAKE_ONE}` },
    {
      form: /^(Iv1\.[0-9a-f]{16}|Iv23[A-Za-z0-9]{16}|Ov23[A-Za-z0-9]{16})$/,
      message: `This is the client id of an app, not a token. ${MAKE_ONE}`,
    },
    { form: /^[0-9a-f]{20}$/, message: `This looks like the client id of an OAuth app. ${MAKE_ONE}` },
    { form: /^SHA256:|^([0-9a-f]{2}:){15}/, message: `This is the fingerprint of a key, not a token. ${MAKE_ONE}` },
  ],
}

/** Tells what was pasted as a token of GitHub, before any call. */
export function recogniseGitHubToken(paste: string): Recognition {
  return recognisePaste(paste, RULES)
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Classic tokens end in a checksum: CRC32 of the thirty characters before, in base 62. */
function looksTruncated(token: string): boolean {
  const body = /^gh[pou]_(.*)$/.exec(token)?.[1]
  if (body === undefined) return false
  if (!/^[A-Za-z0-9]{36}$/.test(body)) return true
  let rest = crc32(body.slice(0, 30))
  let digits = ''
  for (let place = 0; place < 6; place++) {
    digits = DIGITS.charAt(rest % 62) + digits
    rest = Math.floor(rest / 62)
  }
  return digits !== body.slice(30)
}
