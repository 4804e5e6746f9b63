/** Where a submodule may be fetched from. */
export type SubmoduleAddress =
  | { readonly is: 'fetch'; readonly url: string }
  /** Its host is another one than the repository's, for which the credential is not meant. */
  | { readonly is: 'otherHost'; readonly host: string }
  | { readonly is: 'refused'; readonly reason: string }

const LONGEST = 1_000

/**
 * Turns what `.gitmodules` says into an address that the repository's own credential may be sent to: https of the host
 * that the repository is fetched from (its own protocol and port). Relative addresses are resolved as git does; the
 * spellings for ssh and git of that host, which need a key or have no protection, become https.
 * @param parentUrl the address that the repository itself was fetched from
 * @see https://git-scm.com/docs/gitmodules and https://git-scm.com/docs/git-submodule (add, relative addresses)
 */
export function submoduleAddress(written: string, parentUrl: string): SubmoduleAddress {
  if (written === '') return refused('has no address')
  if (written.length > LONGEST) return refused('has an address that is too long')
  if (/[\p{Cc}\p{Cf}\p{Z}\\]/u.test(written)) return refused('has an address with blanks or control characters')
  if (/%(0[0-9a-f]|1[0-9a-f]|7f)/i.test(written)) return refused('has an address with encoded control characters')
  if (written.startsWith('-')) return refused('has an address that looks like an option')
  if (/^[a-z0-9+.-]*::/i.test(written)) return refused('has an address for a program')
  const parent = new URL(parentUrl)
  if (/^\.\.?(\/|$)/.test(written)) return relative(written, parent)
  if (/^[/~.]/.test(written)) return refused('has a path of this machine as its address')
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(written)?.[1]?.toLowerCase()
  if (scheme === undefined) return scpLike(written, parent)
  // Only the schemes of the web are taken apart in all their parts by the URL standard.
  const url = URL.parse(written.replace(/^[^:]*/, 'https'))
  if (!url?.hostname || url.search || url.hash) return refused('has an address that cannot be read')
  if (url.hostname.startsWith('-')) return refused('has an address that looks like an option')
  if (url.password) return refused('has an address with a password in it')
  switch (scheme) {
    case 'https':
    case 'http': {
      if (url.hostname !== parent.hostname) return { is: 'otherHost', host: url.host }
      const port = url.port || (scheme === parent.protocol.slice(0, -1) ? '' : parent.port)
      return at(parent, { host: url.hostname, port, path: url.pathname })
    }
    case 'ssh':
    case 'git':
    case 'git+ssh':
    case 'ssh+git':
      return at(parent, { host: url.hostname, port: parent.port, path: url.pathname })
    default:
      return refused(`has an address of a kind that is not fetched (${scheme})`)
  }
}

/** `user@host:path`, the short spelling for ssh. */
function scpLike(written: string, parent: URL): SubmoduleAddress {
  const [, user = '', host = '', path = ''] = /^(?:([^@/:]*)@)?([^@/:]+):(.*)$/.exec(written) ?? []
  if (host === '') return refused('has a path of this machine as its address')
  if (host.startsWith('-') || user.startsWith('-')) return refused('has an address that looks like an option')
  const name = URL.parse(`https://${host}`)?.hostname
  if (!name) return refused('has an address that cannot be read')
  return at(parent, { host: name, port: parent.port, path: `/${path.replace(/^\/+/, '')}` })
}

/** `./` is below the repository's own address, `../` beside it. */
function relative(written: string, parent: URL): SubmoduleAddress {
  const parts = parent.pathname.split('/').filter((part) => part !== '')
  for (const part of written.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return refused('has an address that leads out of its host')
  }
  return at(parent, { host: parent.hostname, port: parent.port, path: `/${parts.join('/')}` })
}

function at(parent: URL, { host, port, path }: { host: string; port: string; path: string }): SubmoduleAddress {
  if (path.split('/').some((part) => /^(\.|%2e){1,2}$/i.test(part))) return refused('has an address with .. in it')
  if (host.toLowerCase() !== parent.hostname || port !== parent.port) {
    return { is: 'otherHost', host: port === '' ? host : `${host}:${port}` }
  }
  const bare = path.replace(/\/+$/, '')
  if (bare === '' || bare === '.git') return refused('has an address without a repository')
  const url = URL.parse(`${parent.origin}${bare.endsWith('.git') ? bare : `${bare}.git`}`)
  // A `?` or `#` would become another part of the address.
  if (!url || url.search || url.hash || url.origin !== parent.origin)
    return refused('has an address that cannot be read')
  return { is: 'fetch', url: url.href }
}

function refused(reason: string): SubmoduleAddress {
  return { is: 'refused', reason }
}
