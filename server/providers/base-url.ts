import { DomainError } from '@git-connections/events'

/** How the root of a provider's instance is told from what people paste. */
export interface BaseUrlRules {
  /** The provider's name for people. */
  readonly provider: string
  /** Taken when nothing was typed. */
  readonly standard: string
  /** Whether the operator allows plain http to this host (with its port where it is not the usual one). */
  readonly trusted: (url: URL) => boolean
  /** Cuts from a path what is not part of the instance's root. */
  readonly rootPath: (path: string) => string
}

/**
 * Makes an instance's web root from a typed or pasted address, without an end slash.
 * @throws {DomainError} InputInvalid (field `baseUrl`)
 */
export function normaliseBaseUrl(typed: string | undefined, rules: BaseUrlRules): string {
  const text = typed?.trim() ?? ''
  if (text === '') return rules.standard
  const url = parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`, rules)
  if (url.username !== '' || url.password !== '') {
    throw refused('Leave the user name and password out of the address; the token has a field of its own.')
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refused(`The address must begin with https://, such as ${rules.standard}.`)
  }
  const root = (url.origin + rules.rootPath(url.pathname)).replace(/\/+$/, '')
  if (root === rules.standard) return root
  if (url.protocol === 'http:' && !rules.trusted(url)) {
    throw refused(
      'Over http:// the token would be readable on the way. Use https://, or ask the operator to name the host in TRUSTED_HOSTS.',
    )
  }
  return root
}

function parse(text: string, rules: BaseUrlRules): URL {
  // The URL parser drops line ends and tabs; an address that holds any was pasted wrongly.
  if (/[\s\\]/.test(text) || !URL.canParse(text)) {
    throw refused(
      `This is no web address. Type the address at which you open ${rules.provider}, such as ${rules.standard}.`,
    )
  }
  const url = new URL(text)
  if (url.hostname === '') throw refused(`The address names no host. It should look like ${rules.standard}.`)
  return url
}

function refused(message: string): DomainError {
  return new DomainError('InputInvalid', message, { field: 'baseUrl' })
}
