import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { KeyReading } from '../app.ts'

/** An 8192-bit key takes a third of it. */
const LONGEST = 20_000
const FEWEST_BITS = 2048
const MOST_BITS = 8192

const MEND =
  'Paste the whole content of the .pem file that GitHub gave when the key was generated (in the App\'s settings, under "Private keys").'

/** What people paste instead of a key; most telling first. No message holds any of it. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/BEGIN OPENSSH PRIVATE KEY|^PuTTY-User-Key-File/m, 'This is an SSH key, not the key of an App.'],
  [/BEGIN PGP /, 'This is a PGP key, not the key of an App.'],
  [/BEGIN ENCRYPTED PRIVATE KEY|^Proc-Type:.*ENCRYPTED/m, 'This key is encrypted. GitHub gives it without a password.'],
  [/BEGIN EC (PRIVATE KEY|PARAMETERS)/, 'This is an EC key; the keys of GitHub Apps are RSA keys.'],
  [/BEGIN DSA PRIVATE KEY/, 'This is a DSA key; the keys of GitHub Apps are RSA keys.'],
]
/** The same, where no private key stands beside it. */
const NO_KEYS: readonly (readonly [RegExp, string])[] = [
  [/BEGIN (RSA |SSH2 )?PUBLIC KEY/, 'This is a public key; the private one is needed.'],
  [/BEGIN [A-Z0-9 ]*CERTIFICATE/, 'This is a certificate; the private key is needed.'],
  [/^(ssh-(rsa|ed25519|dss)|ecdsa-sha2-|sk-(ssh|ecdsa))/, 'This is an SSH key, not the key of an App.'],
  [/^(gh[a-z]_|github_pat_|gl[a-z]+-)/, 'This is a token, not a key.'],
  [/^[0-9a-f]{40}$/, "This is the App's client secret (or an old token), not its private key."],
  [/^(Iv1\.|Iv23|Ov23)[A-Za-z0-9]+$/, 'This is a client id, not a key.'],
  [/^\d+$/, 'This is a number, not a key.'],
  [/^SHA256:|^([0-9a-f]{2}:){15}/i, 'This is the fingerprint of a key, not the key.'],
  [/^[^\n]*\.pem$/, "This is the name of the key's file, not its content."],
  [/END [A-Z0-9 ]*PRIVATE KEY/, 'The beginning of the key is missing.'],
  [
    /^[A-Za-z0-9+/=\s]{200,}$/,
    'The first and the last line of the key ("-----BEGIN ..." and "-----END ...") are missing.',
  ],
]

/**
 * Reads an App's private key from whatever was pasted: PKCS#1 or PKCS#8, with any line ends or none, with text around.
 * @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps
 */
export function readAppKey(paste: string): KeyReading {
  if (paste.length > LONGEST) return refused('This is far longer than a private key.')
  const text = paste
    .replaceAll(/\\r|\r(?=\n)/g, '')
    .replaceAll(/\\n|\r/g, '\n')
    .replaceAll('\uFEFF', '')
    .trim()
  if (text === '') return refused('Nothing was pasted.')
  const other = OTHERS.find(([words]) => words.test(text))
  if (other) return refused(other[1])
  const begins = text.match(/-----BEGIN (RSA )?PRIVATE KEY-----/g)?.length ?? 0
  if (begins === 0) return refused(NO_KEYS.find(([words]) => words.test(text))?.[1] ?? 'This is no private key.')
  if (begins > 1) return refused('There are two keys in it; an App is linked by one.')
  const block = /-----BEGIN (RSA )?PRIVATE KEY-----([\s\S]*)-----END \1?PRIVATE KEY-----/.exec(text)
  if (!block) return refused('The end of the key is missing.')
  const key = parsed(block[2] ?? '', block[1] ? 'pkcs1' : 'pkcs8')
  if (!key) return refused('The key is damaged, or a part of it is missing.')
  return judged(key)
}

function judged(key: KeyObject): KeyReading {
  const kind = key.asymmetricKeyType ?? 'unknown'
  if (kind !== 'rsa') return refused(`This is a key of the kind ${kind}; the keys of GitHub Apps are RSA keys.`)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < FEWEST_BITS) return refused(`This RSA key has ${bits} bits; the keys of GitHub Apps have at least 2048.`)
  if (bits > MOST_BITS) return refused(`This RSA key has ${bits} bits, far more than the keys of GitHub Apps.`)
  const publicKey = createPublicKey(key)
  if (!fits(key, publicKey)) return refused('The key is damaged: its parts do not fit each other.')
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { is: 'key', pem, fingerprint: fingerprintOf(pem) }
}

/** How GitHub shows a key in the App's settings. */
export function fingerprintOf(pem: string): string {
  const spki = createPublicKey(pem).export({ type: 'spki', format: 'der' })
  return `SHA256:${createHash('sha256').update(spki).digest('base64')}`
}

/** The parser looks at the form alone; lines that were lost or swapped show when the key signs. */
function fits(key: KeyObject, publicKey: KeyObject): boolean {
  try {
    const text = Buffer.from('Git Connections')
    return verify('sha256', text, publicKey, sign('sha256', text, key))
  } catch {
    return false
  }
}

function parsed(body: string, type: 'pkcs1' | 'pkcs8'): KeyObject | null {
  const base64 = body.replaceAll(/\s/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null
  try {
    return createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type })
  } catch {
    // OpenSSL's words say nothing to people.
    return null
  }
}

function refused(what: string): KeyReading {
  return { is: 'refused', message: `${what} ${MEND}` }
}
