import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readAppKey } from './app-key.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = (key: KeyObject, type: 'pkcs1' | 'pkcs8') => key.export({ type, format: 'pem' }).toString()
const pkcs1 = pem(privateKey, 'pkcs1')
const pkcs8 = pem(privateKey, 'pkcs8')
const lines = pkcs1.trim().split('\n')
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const ed25519 = generateKeyPairSync('ed25519').privateKey
const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
const block = (what: string) => `-----BEGIN ${what}-----\nMIIBAAAA\n-----END ${what}-----\n`

describe("the field of an App's private key", () => {
  test.each([
    ['PKCS#1, as GitHub gives it', pkcs1],
    ['PKCS#8', pkcs8],
    ['line ends of Windows', pkcs1.replaceAll('\n', '\r\n')],
    ['line ends of old Macs', pkcs1.replaceAll('\n', '\r')],
    ['line ends written out', pkcs1.replaceAll('\n', '\\n')],
    ['line ends of Windows written out', pkcs1.replaceAll('\n', '\\r\\n')],
    ['quotation marks and a name before', `PRIVATE_KEY="${pkcs8.replaceAll('\n', '\\n')}"`],
    ['text before and after', `the key:\n\n${pkcs1}\nkeep it well`],
    ['its certificate beside it', `${block('CERTIFICATE')}${pkcs8}`],
    ['all in one line', pkcs1.replaceAll('\n', '')],
    ['blanks for line ends', pkcs1.replaceAll('\n', ' ')],
    ['blanks before each line', `\t${pkcs8.replaceAll('\n', '\n   ')}`],
    ['a mark of byte order', `\uFEFF${pkcs1}`],
  ])('takes %s', (_, paste) => {
    const fingerprint = createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64')
    expect(readAppKey(paste)).toEqual({ is: 'key', pem: pkcs8, fingerprint: `SHA256:${fingerprint}` })
  })

  test.each([
    ['nothing', ' \r\n', /Nothing was pasted/],
    ['a book', 'x'.repeat(30_000), /far longer/],
    [
      'an encrypted key',
      privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' }),
      /encrypted/,
    ],
    [
      'an encrypted key of the old form',
      privateKey.export({ type: 'pkcs1', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' }),
      /encrypted/,
    ],
    ['an EC key', pem(ec, 'pkcs8'), /kind ec;.*RSA/],
    ['an EC key of the old form', ec.export({ type: 'sec1', format: 'pem' }), /EC key/],
    ['an Ed25519 key', pem(ed25519, 'pkcs8'), /kind ed25519;.*RSA/],
    ['a public key', publicKey.export({ type: 'spki', format: 'pem' }), /public key/],
    ['a public key of the old form', publicKey.export({ type: 'pkcs1', format: 'pem' }), /public key/],
    ['a certificate', block('CERTIFICATE'), /certificate/],
    ['an SSH key', block('OPENSSH PRIVATE KEY'), /SSH key/],
    ['a public SSH key', 'ssh-rsa AAAAB3Nza me@host', /SSH key/],
    ['a key of PuTTY', 'PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none', /SSH key/],
    ['a PGP key', block('PGP PRIVATE KEY BLOCK'), /PGP key/],
    ['a short RSA key', pem(short, 'pkcs1'), /1024 bits/],
    ['a client secret', 'ab'.repeat(20), /client secret/],
    ['a token', `ghp_${'a'.repeat(36)}`, /token/],
    ['a client id', 'Iv23liAbCdEfGhIjKlMn', /client id/],
    ['a fingerprint', 'SHA256:CbC4FTNeOTk7xHsrb0kTGTuvYl0NjuUdXRCSGvqyyMs=', /fingerprint/],
    ['the name of the file', 'acme-deploys.2026-03-01.private-key.pem', /name of the key's file/],
    ['an App ID', '123456', /number/],
    ['a sentence', 'please see the attached file', /no private key/],
    ['two keys', `${pkcs1}${pem(short, 'pkcs1')}`, /two keys/],
    ['a key without its last lines', lines.slice(0, -4).join('\n'), /end of the key is missing/],
    ['a key without its first lines', lines.slice(4).join('\n'), /beginning of the key is missing/],
    ['the lines between alone', lines.slice(1, -1).join('\n'), /first and the last line/],
    ['a key without a line', lines.toSpliced(6, 1).join('\n'), /damaged/],
    [
      'a key with two lines swapped',
      [...lines.slice(0, 4), lines[5], lines[4], ...lines.slice(6)].join('\n'),
      /damaged/,
    ],
    ['a key with a foreign character', pkcs1.replace('M', 'é'), /damaged/],
  ])('refuses %s, and says what it is', (_what, given, words) => {
    const paste = given.toString()
    const reading = readAppKey(paste)
    expect(reading).toMatchObject({ is: 'refused', message: expect.stringMatching(words) })
    const said = JSON.stringify(reading)
    for (const line of paste.split(/\s/)) if (line.length > 15) expect(said).not.toContain(line)
  })

  test('says what to paste instead', () => {
    expect(readAppKey('')).toMatchObject({ message: expect.stringMatching(/\.pem file .* "Private keys"/) })
  })
})
