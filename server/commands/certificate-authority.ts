import { X509Certificate } from 'node:crypto'
import { type CertificateAuthority, DomainError } from '@git-connections/events'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g
const LONGEST = 100_000

/**
 * Reads a pasted certificate authority (PEM, one certificate or several). Its end is that of the first to end.
 * @throws {DomainError} InputInvalid (field `certificateAuthority`) with what is wrong and the mend.
 */
export function readCertificateAuthority(pasted: string, now: Date): CertificateAuthority {
  if (pasted.length > LONGEST) throw refused('This is too long for a certificate authority.')
  if (/PRIVATE KEY/.test(pasted)) throw refused('This is a private key. Paste the certificate of the authority.')
  const blocks = pasted.match(CERTIFICATE)
  if (!blocks) {
    throw refused('There is no certificate in it. Paste the PEM file: it begins with -----BEGIN CERTIFICATE-----.')
  }
  const certificates = blocks.map(parse)
  const [first] = certificates
  const end = Math.min(...certificates.map(({ validTo }) => Date.parse(validTo)))
  if (!first || Number.isNaN(end)) throw refused('The certificate tells no end.')
  const expiresAt = new Date(end).toISOString()
  if (end <= now.getTime()) throw refused(`The certificate ended on ${expiresAt.slice(0, 10)}. Paste the new one.`)
  return {
    pem: `${blocks.join('\n')}\n`,
    subject: first.subject.replace(/\s*\n\s*/g, ', ').slice(0, 200),
    expiresAt,
  }
}

function parse(block: string): X509Certificate {
  try {
    return new X509Certificate(block)
  } catch {
    throw refused('The certificate can not be read; a part may be missing. Paste the whole PEM file.')
  }
}

function refused(message: string): DomainError {
  return new DomainError('InputInvalid', message, { field: 'certificateAuthority' })
}
