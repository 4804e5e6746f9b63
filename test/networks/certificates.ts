import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const openssl = (args: string[]) => run('openssl', args)
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** A server's certificate with its key, both PEM. */
export interface ServerCertificate {
  readonly cert: string
  readonly key: string
}

/** A certificate authority of a test. */
export interface TestAuthority extends AsyncDisposable {
  /** Its certificate, which people paste. */
  readonly pem: string
  /** Issues a certificate for names such as `IP:127.0.0.1` or `DNS:localhost`; a day below 0 is one that has ended. */
  issue(names: string, days?: number): Promise<ServerCertificate>
}

/** Makes an authority by openssl that is valid for so many days. */
export async function makeAuthority(name: string, days = 365): Promise<TestAuthority> {
  const folder = await mkdtemp(join(tmpdir(), 'authority-'))
  const at = (file: string) => join(folder, file)
  const subject = ['-subj', `/O=Acme/CN=${name}`]
  await openssl(['req', '-x509', ...KEY, ...subject, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', `${days}`])
  let issued = 0
  return {
    pem: await readFile(at('ca.pem'), 'utf8'),
    async issue(names, days = 30) {
      const [key, request, cert] = ['key', 'csr', 'pem'].map((end) => at(`${issued}.${end}`))
      issued += 1
      if (!key || !request || !cert) throw new Error('no names for the files')
      const wanted = ['-subj', '/CN=server', '-addext', `subjectAltName=${names}`]
      await openssl(['req', ...KEY, ...wanted, '-keyout', key, '-out', request])
      const by = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-copy_extensions', 'copy']
      await openssl(['x509', '-req', '-in', request, ...by, '-days', String(days), '-out', cert])
      return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
