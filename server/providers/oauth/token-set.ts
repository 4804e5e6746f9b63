import type { ProviderName } from '@git-connections/events'
import { z } from 'zod'
import { plainText } from '../plain-text.ts'
import type { TokenSet } from './grant.ts'

/** What a token can be made of: it must fit into a header. */
const token = z.string().regex(/^[\x21-\x7e]{1,16384}$/)

/** Everything but the access token is taken as it comes: a token that was granted must not be lost over a detail. */
const tokenAnswer = z.object({
  access_token: token,
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .nullish(),
  refresh_token: token.nullish().catch(null),
  scope: z.string().nullish().catch(null),
  expires_in: z.unknown().optional(),
  refresh_token_expires_in: z.unknown().optional(),
})

const LONGEST_SECONDS = 366 * 24 * 3600
const MOST_SCOPES = 50

/** How long the providers' tokens usually live, in seconds; taken where a renewable one has no believable end. */
const USUAL = {
  github: { access: 28_800, refresh: 15_811_200 },
  gitlab: { access: 7_200, refresh: null },
} as const satisfies Record<ProviderName, { access: number; refresh: number | null }>

/** What was asked for tokens. */
export interface AskedForTokens {
  readonly provider: ProviderName
  /** The refresh token that was shown; null where a code was. */
  readonly refreshToken: string | null
  /** Taken before the request left: a token's life counts from then at the latest. */
  readonly askedAt: Date
}

/** Reads a provider's token answer; null when there is no token in it that can be used. */
export function tokensIn(json: unknown, asked: AskedForTokens): TokenSet | null {
  const parsed = tokenAnswer.safeParse(json)
  if (!parsed.success) return null
  const { access_token: accessToken, refresh_token, scope, expires_in, refresh_token_expires_in } = parsed.data
  const refreshToken = refresh_token ?? asked.refreshToken
  const usual = USUAL[asked.provider]
  const seconds = secondsOf(expires_in) ?? (refreshToken === null ? null : usual.access)
  const refreshSeconds = secondsOf(refresh_token_expires_in) ?? (refresh_token ? usual.refresh : null)
  return {
    accessToken,
    refreshToken,
    scopes: scopesIn(scope ?? null, accessToken),
    expiresAt: after(asked.askedAt, seconds),
    refreshExpiresAt: refreshToken === null ? null : after(asked.askedAt, refreshSeconds),
  }
}

/** A life in seconds; null when it is none that can be believed: nothing, none left, more than a year. */
function secondsOf(value: unknown): number | null {
  const seconds = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
  return typeof seconds === 'number' && seconds >= 1 && seconds <= LONGEST_SECONDS ? Math.floor(seconds) : null
}

function after(start: Date, seconds: number | null): Date | null {
  return seconds === null ? null : new Date(start.getTime() + seconds * 1000)
}

/** GitHub separates scopes by commas, GitLab by blanks. */
function scopesIn(scope: string | null, accessToken: string): string[] | null {
  if (scope === null || (scope === '' && accessToken.startsWith('ghu_'))) return null
  return scope
    .split(/[\s,]+/, MOST_SCOPES)
    .map((name) => plainText(name, 60))
    .filter(Boolean)
}
