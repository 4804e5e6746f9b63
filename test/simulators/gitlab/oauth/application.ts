import { randomBytes } from 'node:crypto'
import { z } from 'zod'

const application = z.object({
  name: z.string(),
  /** The application id, which the protocol calls the client id. */
  uid: z.string(),
  secret: z.string(),
  /** Compared letter by letter. */
  redirectUris: z.array(z.url()).min(1),
  /** False for one that can keep no secret: it comes without. */
  confidential: z.boolean(),
  /** What it may ask for at most. */
  scopes: z.array(z.string()),
})

/** An OAuth application that somebody registered at the instance. */
export type Application = z.output<typeof application>

/** What must be said to register one; the rest has defaults. */
export const applicationSchema = application.partial().required({ redirectUris: true })

export function registered(input: z.output<typeof applicationSchema>): Application {
  return {
    name: 'Git Connections',
    uid: randomBytes(32).toString('hex'),
    secret: `gloas-${randomBytes(32).toString('hex')}`,
    confidential: true,
    scopes: ['api', 'read_api', 'read_user', 'read_repository'],
    ...input,
  }
}

/**
 * True when the application may be led back to this address. Where both are an IP of the machine itself, the port may
 * differ; `localhost` is no IP.
 * @see https://www.rfc-editor.org/rfc/rfc8252#section-7.3
 */
export function leadsTo(redirectUris: readonly string[], asked: string): boolean {
  return redirectUris.some((known) => known === asked || sameButPort(known, asked))
}

function sameButPort(known: string, asked: string): boolean {
  const [one, other] = [URL.parse(known), URL.parse(asked)]
  if (!one || !other || !LOOPBACK.test(one.hostname)) return false
  return withoutPort(one) === withoutPort(other)
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\])$/

function withoutPort({ protocol, username, password, hostname, pathname, search, hash }: URL): string {
  return [protocol, username, password, hostname, pathname, search, hash].join(' ')
}
