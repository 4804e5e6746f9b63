/** What a credential is replaced by in an answer that gave it back. */
const BLANK = '[token]'
/** A run of so many characters of a credential is not chance. */
const TELLING = 8

/** Takes everything of a credential out of a text: whole, cut, or as it stands in URLs and in Basic authorization. */
export type Silencer = (text: string) => string

/**
 * Makes what keeps an answer from giving back the credential that its request carried. Some servers and proxies quote
 * it in messages, headers and pages, and what is kept of an answer may be cut in the middle of it.
 */
export function silencerOf(requestHeaders: RequestInit['headers']): Silencer {
  const authorization = new Headers(requestHeaders).get('authorization') ?? ''
  const silence = silencerFor(secretsIn(authorization))
  // Whole, it is blanked whole: of a signed statement the parts that are no secret too.
  const whole = /^\S+\s+(.+)$/.exec(authorization)?.[1]
  return whole === undefined ? silence : (text) => silence(text.replaceAll(whole, BLANK))
}

/** Makes what keeps these secrets, wherever they were sent, and every telling part of them out of a text. */
export function silencerFor(secrets: readonly string[]): Silencer {
  const runs = new Set(secrets.flatMap(writtenForms).flatMap(runsOf))
  if (runs.size === 0) return (text) => text
  // Most places are passed by at a glance, since a hostile answer has millions of them.
  const begins = new Uint8Array(1 << 16)
  for (const run of runs) begins[pairAt(run, 0)] = 1
  return (text) => {
    let clean = ''
    let kept = 0
    for (let at = 0; at + TELLING <= text.length; at++) {
      if (begins[pairAt(text, at)] === 0 || !runs.has(text.slice(at, at + TELLING))) continue
      clean += text.slice(kept, at) + BLANK
      while (runs.has(text.slice(at + 1, at + 1 + TELLING))) at++
      kept = at + TELLING
      at = kept - 1
    }
    return clean + text.slice(kept)
  }
}

/** Does the same, in place, to every text in a value that JSON was parsed to. */
export function silenceJson(value: unknown, silence: Silencer): unknown {
  if (typeof value === 'string') return silence(value)
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) value[at] = silenceJson(value[at], silence)
  } else if (isObject(value)) {
    for (const name in value) {
      const before = value[name]
      const after = silenceJson(before, silence)
      if (after !== before) value[name] = after
    }
  }
  return value
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function pairAt(text: string, at: number): number {
  return ((text.charCodeAt(at) & 255) << 8) | (text.charCodeAt(at + 1) & 255)
}

/** What of an authorization must not be seen. */
function secretsIn(authorization: string): string[] {
  const [, scheme = '', credential = ''] = /^(\S+)\s+(.+)$/.exec(authorization) ?? []
  if (/^basic$/i.test(scheme))
    return [
      Buffer.from(credential, 'base64')
        .toString()
        .replace(/^[^:]*:/, ''),
    ]
  // Of a signed statement (JWT) only the signature is secret; what stands before it looks alike in others.
  return [credential.startsWith('eyJ') ? credential.slice(credential.lastIndexOf('.') + 1) : credential]
}

/** As it is, as URLs have it, and in base64 after whatever stood before it. */
function writtenForms(credential: string): string[] {
  const inBase64 = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(credential)])
    // The first and the last characters depend on what stands beside it.
    return bytes.toString('base64').slice(before === 0 ? 0 : before + 1, Math.floor((bytes.length * 8) / 6))
  })
  return [credential, encodeURIComponent(credential.toWellFormed()), ...inBase64]
}

function runsOf(text: string): string[] {
  return Array.from({ length: Math.max(text.length - TELLING + 1, 0) }, (_, at) => text.slice(at, at + TELLING))
}
