import type { Recognition } from './provider.ts'

/** What one provider knows about what may stand in its token field. */
export interface PasteRules {
  /** The provider's name for people. */
  readonly provider: string
  /** Forms that are tokens of this provider, most telling first. */
  readonly tokens: readonly { readonly form: RegExp; readonly kind: string; readonly warning?: string }[]
  /** Forms that are something else of this provider or another's: what it is and what to paste instead. */
  readonly others: readonly { readonly form: RegExp; readonly message: string }[]
  /** What a token usually looks like, such as "ghp_ or github_pat_". */
  readonly usual: string
  /** Whether a token's own check sum says that a part of it is missing or wrong. */
  readonly looksTruncated: (token: string) => boolean
}

const SHORTEST = 20

/** Tells from the text alone what was pasted into a token field. No message holds any of it. */
export function recognisePaste(paste: string, rules: PasteRules): Recognition {
  const token = paste.trim()
  const wrong = wrongAnywhere(token, rules)
  if (wrong !== null) return { is: 'refused', message: wrong }
  const other = rules.others.find(({ form }) => form.test(token))
  if (other) return { is: 'refused', message: other.message }
  const known = rules.tokens.find(({ form }) => form.test(token))
  if (known) return { is: 'token', token, kind: known.kind, warning: known.warning ?? truncation(token, rules) }
  if (token.length < SHORTEST) {
    return {
      is: 'refused',
      message: `This is too short for a token of ${rules.provider}; it may be a password or cut off. Passwords do not work here. Copy the whole token, or make a new one.`,
    }
  }
  if (/[^A-Za-z0-9._~+/=-]/.test(token)) {
    return {
      is: 'refused',
      message: `This holds characters that no token of ${rules.provider} has; it may be a password. Passwords do not work here. Copy the token, or make a new one.`,
    }
  }
  return {
    is: 'token',
    token,
    kind: 'token of an unusual form',
    warning: `Tokens of ${rules.provider} usually begin with ${rules.usual}. This one does not; it is tried all the same.`,
  }
}

function truncation(token: string, { looksTruncated }: PasteRules): string | null {
  if (!looksTruncated(token)) return null
  return 'The end of this token does not fit the rest; a part may be missing. It is tried all the same.'
}

/** What is wrong whichever provider it is for; null when nothing is. */
function wrongAnywhere(text: string, { provider, usual }: PasteRules): string | null {
  const copy = `Copy the token of ${provider} alone (it usually begins with ${usual}).`
  if (text === '') return `Nothing was pasted. ${copy}`
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY/.test(text)) return `This is a private key, not a token. ${copy}`
  if (/-----BEGIN [A-Z0-9 ]*CERTIFICATE/.test(text)) return `This is a certificate, not a token. ${copy}`
  if (/-----BEGIN [A-Z0-9 ]*PUBLIC KEY/.test(text)) return `This is a public key, not a token. ${copy}`
  if (/^(ssh-(rsa|ed25519|dss)|ecdsa-sha2-|sk-(ssh|ecdsa))/.test(text)) {
    return `This is an SSH key. Connections work over HTTPS with a token. ${copy}`
  }
  if (
    /^(authorization\s*:\s*)?(bearer|token|basic)\s/i.test(text) ||
    /^(authorization|private-token)\s*:/i.test(text)
  ) {
    return 'This begins with a word of an HTTP header (such as "Bearer"). Paste only what follows it.'
  }
  if (/^[a-z][a-z\d+.-]*:\/\/[^/\s]*@/i.test(text)) {
    return `This is a web address with a credential inside. ${copy}`
  }
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return `This is a web address, not a token. ${copy}`
  if (/["'`\u2018-\u201f]/.test(text)) return 'There are quotation marks in it. Paste the token without them.'
  if (/[\r\n]/.test(text)) return `There is a line break inside; it may be two things or a wrapped line. ${copy}`
  if (/\s/.test(text)) return `There are blanks inside. ${copy}`
  if (/[^\x21-\x7e]/.test(text)) {
    return `There are characters in it that no token has (accents, symbols or invisible ones). ${copy}`
  }
  return null
}
