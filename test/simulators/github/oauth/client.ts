import { randomBytes } from 'node:crypto'
import { z } from 'zod'

const client = z.object({
  /** An OAuth App gives tokens without end; a GitHub App's end after hours and are renewed. */
  kind: z.enum(['oauth-app', 'github-app']),
  name: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  /** An OAuth App has one and takes what lies below it; a GitHub App has up to ten and takes these alone. */
  callbackUrls: z.array(z.url()),
  /** True for one that GitHub closed. */
  suspended: z.boolean(),
  /** A GitHub App's owner may opt out of tokens that end. */
  userTokensExpire: z.boolean(),
})

/** What asks people for leave to act for them, be it an OAuth App or the user side of a GitHub App. */
export type OAuthClient = z.output<typeof client>

const common = client.omit({ kind: true })
/** What must be said to register one; the rest has defaults. */
export const oauthAppSchema = common
  .omit({ userTokensExpire: true, callbackUrls: true })
  .partial()
  .extend({ callbackUrl: z.url() })
/** The half of a GitHub App that asks people; the App has one callback, several, or none. */
export const appClientSchema = common.extend({ callbackUrls: z.array(z.url()).max(10) }).partial()
export const clientChange = common.partial().required({ clientId: true })

export function oauthApp({ callbackUrl, ...input }: z.output<typeof oauthAppSchema>): OAuthClient {
  return {
    kind: 'oauth-app',
    name: 'Git Connections',
    clientId: `Ov23li${letters(14)}`,
    clientSecret: randomBytes(20).toString('hex'),
    callbackUrls: [callbackUrl],
    suspended: false,
    userTokensExpire: false,
    ...input,
  }
}

export function appClient(input: z.output<typeof appClientSchema>) {
  return {
    kind: 'github-app' as const,
    name: 'Git Connections',
    clientId: `Iv23li${letters(14)}`,
    clientSecret: randomBytes(20).toString('hex'),
    callbackUrls: [],
    suspended: false,
    userTokensExpire: true,
    ...input,
  } satisfies OAuthClient
}

function letters(count: number): string {
  return randomBytes(count * 2)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, 'x')
    .slice(0, count)
}
