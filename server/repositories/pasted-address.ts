import type { ProviderName } from '@git-connections/events'
import { holdsToken } from '../token-forms.ts'

/** What somebody pasted to name a repository, as one instance of a provider takes it. */
export type PastedAddress =
  | { readonly is: 'here'; readonly fullName: string }
  /** Of another instance; `host` has a port where one was named. */
  | { readonly is: 'elsewhere'; readonly host: string }
  /** It names no repository: what it is instead, and what to do. */
  | { readonly is: 'unreadable'; readonly what: string; readonly mend: string }

interface Instance {
  readonly provider: ProviderName
  readonly baseUrl: string
}

/** Where an address leads; `host` is null for a bare name. Nothing else of it is kept: no user, password or query. */
interface Place {
  readonly host: string | null
  readonly path: string
  readonly ssh: boolean
}

/** Other names of the same hosts, for pages and for ssh. */
const ALIASES: Readonly<Record<string, string>> = {
  'www.github.com': 'github.com',
  'ssh.github.com': 'github.com',
  'www.gitlab.com': 'gitlab.com',
  'altssh.gitlab.com': 'gitlab.com',
}
const PUBLIC_HOSTS = /^(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)$/
/** First parts of addresses that are pages of the instance itself, or list what an owner has. */
const PAGES: Readonly<Record<ProviderName, RegExp>> = {
  github:
    /^(orgs|organizations|users|settings|topics|search|marketplace|notifications|explore|login|apps|sponsors|enterprises|new|features|pulls|issues|codespaces|stars|dashboard)$/i,
  gitlab: /^(groups|users|dashboard|explore|admin|search|help|profile|projects|api|snippets|-)$/i,
}
/** Pages of a project in GitLab's older addresses, which no project may be called. */
const GITLAB_ROUTES = /^(tree|blob|raw|blame|commits?|builds|find_file|refs|edit|new|wikis)$/
const TITLES: Readonly<Record<ProviderName, string>> = { github: 'GitHub', gitlab: 'GitLab' }

/**
 * Reads the address of a repository or of a page in it, for browsers, clones or ssh, or its bare full name. A user,
 * password or query in it goes no further.
 */
export function readAddress(pasted: string, { provider, baseUrl }: Instance): PastedAddress {
  const text = pasted
    .trim()
    .replace(/^(git|gh repo|glab repo) clone\s+/i, '')
    .replace(/^["'<]+|[>"']+$/g, '')
  const mend = `Paste the address of a repository, such as ${baseUrl}/acme/shop.`
  if (text === '') return unreadable('Nothing was pasted.', mend)
  const place = locate(text, { provider, baseUrl })
  if (!place) return unreadable('This is no address of a repository.', mend)
  if (holdsToken(`${place.host}/${place.path}`)) {
    return unreadable('This holds a token.', 'Paste the address of the repository, and nothing else.')
  }
  const base = new URL(baseUrl)
  if (place.host !== null && !isAt(base, place)) return { is: 'elsewhere', host: place.host }
  const path = place.host === null || place.ssh ? place.path : below(base.pathname, place.path)
  if (path === null) return { is: 'elsewhere', host: `${place.host}/${place.path.split('/').find(Boolean) ?? ''}` }
  return nameIn(path.split('/').filter(Boolean), { provider, baseUrl })
}

function unreadable(what: string, mend: string): PastedAddress {
  return { is: 'unreadable', what, mend }
}

/** Null for what has no form of an address. */
function locate(text: string, instance: Instance): Place | null {
  // The URL parser would drop line ends and tabs.
  if (/[\s\\\p{Cc}]/u.test(text)) return null
  const scheme = /^(?:git\+)?([a-z][a-z\d.+-]*):\/\//i.exec(text)
  if (scheme) {
    if (!/^(https?|ssh|git)$/i.test(scheme[1] ?? '')) return null
    const web = /^https?$/i.test(scheme[1] ?? '')
    // Only for the schemes of the web are hosts read as such.
    const url = URL.parse(`${web ? scheme[1] : 'https'}://${text.slice(scheme[0].length)}`)
    return url && { host: canonical(url.host), path: url.pathname, ssh: !web }
  }
  const scp = /^(?:[^@/]*@)?([^@/:]+):(?!\d+(?:\/|$))([^@]+\/[^@]+)$/.exec(text)
  if (scp) return { host: canonical(scp[1] ?? ''), path: scp[2] ?? '', ssh: true }
  if (!/^[\w.-]+(:\d+)?(\/|$)/.test(text)) return null
  const [first = '', ...rest] = text.replace(/[?#].*$/, '').split('/')
  if (!isHost(first, rest.filter(Boolean).length, instance)) {
    return { host: null, path: [first, ...rest].join('/'), ssh: false }
  }
  return { host: canonical(first), path: rest.join('/'), ssh: false }
}

/** Whether the first part of an address without a scheme is a host. Groups of GitLab may have dots in their names too. */
function isHost(part: string, following: number, { provider, baseUrl }: Instance): boolean {
  const { host, hostname } = new URL(baseUrl)
  const name = canonical(part)
  if (name === host || name === hostname || PUBLIC_HOSTS.test(name) || name.includes(':')) return true
  return name.includes('.') && (provider === 'github' || following > 1)
}

function canonical(host: string): string {
  const name = host.toLowerCase()
  return ALIASES[name.replace(/:\d+$/, '')] ?? name
}

/** The port of ssh says nothing of that of the web. */
function isAt(base: URL, { host, ssh }: Place): boolean {
  return ssh ? host?.replace(/:\d+$/, '') === base.hostname : host === base.host
}

/** What follows the instance's own path; null for what is not below it. */
function below(root: string, path: string): string | null {
  const own = root.replace(/\/+$/, '')
  const rooted = path.startsWith('/') ? path : `/${path}`
  if (own === '') return rooted
  return rooted === own || rooted.startsWith(`${own}/`) ? rooted.slice(own.length) : null
}

function nameIn(parts: readonly string[], { provider, baseUrl }: Instance): PastedAddress {
  const [first, second] = parts
  const mend = 'Open the repository there, and paste its address.'
  if (first === undefined) return unreadable(`This is the front page of ${new URL(baseUrl).host}.`, mend)
  if (PAGES[provider].test(first)) {
    return unreadable(`This is a page of ${TITLES[provider]}, and not that of one repository.`, mend)
  }
  if (second === undefined || second === '-') {
    const owner = provider === 'github' ? 'an organization' : 'a group'
    return unreadable(`This is the page of ${owner} or a person.`, mend)
  }
  const named = provider === 'github' ? parts.slice(0, 2) : parts.slice(0, endOfName(parts))
  // Some tools write which branch they want behind the name.
  const fullName = named.join('/').replace(/\.git(@.*)?$/, '')
  const valid =
    provider === 'github' ? /^[a-z\d][\w-]*\/(?!\.{1,2}$)[\w.-]+$/i : /^[\w.-]*\w[\w.-]*(\/[\w.-]*\w[\w.-]*)+$/
  if (valid.test(fullName)) return { is: 'here', fullName }
  return unreadable(`No repository at ${TITLES[provider]} can have this name.`, 'Look at the address again.')
}

/** How many parts name a project of GitLab; the rest leads to a page in it. */
function endOfName(parts: readonly string[]): number {
  const end = parts.findIndex(
    (part, index) =>
      part === '-' ||
      (index > 1 && GITLAB_ROUTES.test(part)) ||
      (index > 1 && /^(issues|merge_requests)$/.test(part) && /^\d+$/.test(parts[index + 1] ?? '')),
  )
  return end === -1 ? parts.length : end
}
