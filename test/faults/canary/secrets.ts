import { randomBytes } from 'node:crypto'
import { mintToken as mintGitHubToken } from '../../simulators/github/tokens.ts'
import { mintToken as mintGitLabToken } from '../../simulators/gitlab/tokens.ts'
import type { Secret } from './scanner.ts'

/** A secret as it is typed, pasted or set. */
export interface Minted extends Secret {
  readonly value: string
}

/** Letters and digits, never the same again. */
export function chance(length: number): string {
  return randomBytes(length * 2)
    .toString('base64')
    .replace(/[+/=]/g, '')
    .slice(0, length)
}

/** A phrase with characters that URLs, JSON and shells write otherwise in every piece of it. */
function phrase(kind: string): Minted {
  const value = ['"', '\\', '%', 'é', '&', "'", '+', '/'].map((special) => chance(5) + special).join('')
  return { kind, value, marker: value }
}

/** A secret of which only the middle is left to chance. */
function around(kind: string, write: (marker: string) => string): Minted {
  const marker = chance(36)
  return { kind, value: write(marker), marker }
}

/** The random part of a token of that form. */
function token(kind: string, value: string, from: number, to?: number): Minted {
  return { kind, value, marker: value.slice(from, to) }
}

const gitlab = (form: 'short' | 'routable') => mintGitLabToken('personal', { form, userId: 501 })
const masterKey = randomBytes(32)

/** The secrets that people bring; those that the server makes are added as they are learned. */
export const secrets = {
  classic: token('GitHub classic token', mintGitHubToken('classic'), 4, 34),
  fineGrained: token('GitHub fine-grained token', mintGitHubToken('fine-grained'), 34),
  oauth: token('GitHub OAuth token', mintGitHubToken('oauth'), 4, 34),
  replacing: token('GitHub token that replaces another', mintGitHubToken('classic'), 4, 34),
  unknown: token('GitHub token that GitHub refuses', mintGitHubToken('classic'), 4, 34),
  personal: token('GitLab personal token', gitlab('short'), 6),
  routable: token('GitLab routable token', gitlab('routable'), 6, 27),
  group: token('GitLab group token', gitlab('short'), 6),
  expired: token('GitLab token that has expired', gitlab('short'), 6),
  password: phrase('password'),
  newPassword: phrase('changed password'),
  guess: phrase('guessed password'),
  invitedPassword: phrase('password of an invited person'),
  wrongKey: around('API key that is none', (marker) => `gc_${marker}`),
  databasePassword: around('password of the database', (marker) => marker),
  masterKey: { kind: 'master key', value: masterKey.toString('base64'), marker: masterKey },
  malformedKey: around('master key that is malformed', (marker) => marker),
} satisfies Record<string, Minted>

/** What people paste where a token belongs. */
export const refusedPastes: readonly Minted[] = [
  around('pasted refresh token', (marker) => `ghr_${marker}`),
  around('pasted installation token', (marker) => `ghs_${marker}`),
  around('pasted deploy token', (marker) => `gldt-${marker}`),
  around('pasted address with a credential', (marker) => `https://oauth2:${marker}@gitlab.com/acme/shop.git`),
  around('pasted header', (marker) => `Authorization: Bearer ${marker}`),
  around(
    'pasted private key',
    (marker) => `-----BEGIN RSA PRIVATE KEY-----\nMIIE${marker}\n-----END RSA PRIVATE KEY-----`,
  ),
  phrase('pasted password'),
]

/** No secret: what is done with it shows that a surface would have told of one. */
export const control = {
  text: { kind: 'control', marker: `control${randomBytes(10).toString('hex')}` },
  id: { kind: 'control id', marker: crypto.randomUUID() },
} satisfies Record<string, Secret>
