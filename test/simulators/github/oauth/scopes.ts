/**
 * Which scope includes which.
 * @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
 */
const INCLUDED: Readonly<Record<string, readonly string[]>> = {
  repo: ['repo:status', 'repo_deployment', 'public_repo', 'repo:invite', 'security_events'],
  'admin:repo_hook': ['write:repo_hook', 'read:repo_hook'],
  'write:repo_hook': ['read:repo_hook'],
  'admin:org': ['write:org', 'read:org'],
  'write:org': ['read:org'],
  'admin:public_key': ['write:public_key', 'read:public_key'],
  'write:public_key': ['read:public_key'],
  'admin:gpg_key': ['write:gpg_key', 'read:gpg_key'],
  'write:gpg_key': ['read:gpg_key'],
  'write:packages': ['read:packages'],
  user: ['read:user', 'user:email', 'user:follow'],
  project: ['read:project'],
  'write:discussion': ['read:discussion'],
  codespace: ['codespace:secrets'],
}

const ALONE = ['admin:org_hook', 'gist', 'notifications', 'delete:packages', 'delete_repo', 'workflow']
const KNOWN = new Set([...Object.entries(INCLUDED).flatMap(([scope, included]) => [scope, ...included]), ...ALONE])

/** The scopes that GitHub knows, each once, without those that another includes. */
export function normalized(asked: Iterable<string>): string[] {
  const known = new Set([...asked].filter((scope) => KNOWN.has(scope)))
  const included = new Set([...known].flatMap((scope) => INCLUDED[scope] ?? []))
  return [...known].filter((scope) => !included.has(scope)).sort()
}

/** Takes apart what a link asks for. */
export function asked(scope: string | undefined): string[] {
  return (scope ?? '').split(/[\s,]+/).filter((one) => one !== '')
}
