import { type PeoplesKind as GitHubKind, mintToken as mintGitHubToken } from './github/tokens.ts'
import type { GitHubSimulator } from './github.ts'
import { mintToken as mintGitLabToken } from './gitlab/tokens.ts'
import type { GitLabSimulator } from './gitlab.ts'

/** A credential to try, and what to expect of it. */
export type SampleToken = { readonly token: string; readonly shows: string }

const DAY = 86_400_000
const daysFrom = (now: Date, days: number) => new Date(now.getTime() + days * DAY)

const MANIFEST =
  "{\n    'name': 'Shop',\n    'version': '17.0.1.0.0',\n    'depends': ['base'],\n    'installable': True,\n}\n"
const MODULE = { 'README.md': '# Sample\n', 'shop/__init__.py': '', 'shop/__manifest__.py': MANIFEST }

/** Fills a GitHub with a small company, and gives tokens that show what can become of one; the same at each start. */
export function fillGitHub(github: GitHubSimulator): SampleToken[] {
  const now = github.clock.now()
  github.user({ login: 'ada', id: 501, name: 'Ada Sample', email: 'ada@example.com' })
  github.user({ login: 'grace', id: 502, name: 'Grace Sample', suspended: true })
  github.user({ login: 'margaret', id: 504, name: 'Margaret Sample' })
  github.organization({ login: 'northwind', id: 601, name: 'Northwind', members: { ada: 'push', grace: 'admin' } })
  github.organization({ login: 'fortress', id: 602, members: { ada: 'push' }, samlEnforced: true })
  const branches = [{ name: 'main', protected: true }, { name: '17.0' }, { name: 'feature/discounts' }]
  const names = ['shop', 'website', 'accounting', 'warehouse', 'theme', 'point-of-sale']
  for (const [index, name] of names.entries()) {
    const pushedAt = daysFrom(now, -3 * index - 1)
    github.repository({ fullName: `northwind/${name}`, id: 700 + index, pushedAt, files: MODULE, branches })
  }
  github.repository({ fullName: 'northwind/legacy', id: 710, archived: true, pushedAt: daysFrom(now, -900) })
  github.repository({ fullName: 'northwind/new-idea', id: 711, empty: true })
  github.repository({ fullName: 'fortress/secrets', id: 712, files: MODULE })
  github.repository({ fullName: 'ada/dotfiles', id: 713, private: false, pushedAt: daysFrom(now, -40) })
  github.repository({ fullName: 'ada/experiments', id: 714, pushedAt: daysFrom(now, -2) })
  github.repository({ fullName: 'margaret/notes', id: 716, pushedAt: daysFrom(now, -5) })
  github.repository({ fullName: 'ada/fork-of-base', id: 715, private: false, fork: true, pushedAt: daysFrom(now, -80) })

  const sample = (shows: string, kind: GitHubKind, more: Partial<Parameters<typeof github.token>[0]> = {}) => {
    const token = mintGitHubToken(kind, `sample ${shows}`)
    github.token({ user: 'ada', kind, token, ...more })
    return { token, shows }
  }
  return [
    sample('works, without an end; SSO keeps one organization closed', 'classic'),
    sample('works, ends in 20 days', 'classic', { expiresAt: daysFrom(now, 20), ssoAuthorized: ['fortress'] }),
    sample('works for the repositories of northwind', 'fine-grained', {
      resourceOwner: 'northwind',
      expiresAt: daysFrom(now, 90),
    }),
    sample('lacks the scope to read private repositories', 'classic', { scopes: ['gist'] }),
    sample('knows repositories, may not clone them', 'fine-grained', {
      resourceOwner: 'northwind',
      permissions: { contents: 'none' },
    }),
    sample('expired yesterday', 'classic', { expiresAt: daysFrom(now, -1) }),
    sample('was revoked', 'classic', { revoked: true }),
    sample('belongs to a suspended account', 'classic', { user: 'grace' }),
  ]
}

/** Fills a GitLab with a small company, and gives tokens that show what can become of one; the same at each start. */
export function fillGitLab(gitlab: GitLabSimulator, place: string): SampleToken[] {
  const now = gitlab.clock.now()
  gitlab.user({ username: 'ada', id: 501, name: 'Ada Sample', email: 'ada@example.com' })
  gitlab.user({ username: 'grace', id: 502, name: 'Grace Sample', state: 'blocked' })
  gitlab.user({ username: 'linus', id: 503, name: 'Linus Sample', state: 'deactivated' })
  gitlab.user({ username: 'margaret', id: 504, name: 'Margaret Sample' })
  gitlab.group({ fullPath: 'northwind', id: 601, name: 'Northwind', members: { ada: 40, grace: 50, linus: 30 } })
  gitlab.group({ fullPath: 'northwind/addons', id: 602, name: 'Add-ons' })
  const branches = [{ name: 'main', protected: true }, { name: '17.0' }, { name: 'feature/discounts' }]
  const names = ['shop', 'website', 'accounting', 'addons/warehouse', 'addons/theme', 'addons/point-of-sale']
  for (const [index, name] of names.entries()) {
    const lastActivityAt = daysFrom(now, -3 * index - 1)
    gitlab.project({ path: `northwind/${name}`, id: 700 + index, lastActivityAt, files: MODULE, branches })
  }
  gitlab.project({ path: 'northwind/legacy', id: 710, archived: true, lastActivityAt: daysFrom(now, -900) })
  gitlab.project({ path: 'northwind/new-idea', id: 711, empty: true })
  gitlab.project({ path: 'northwind/tickets', id: 712, repositoryAccess: 'disabled' })
  gitlab.project({ path: 'ada/dotfiles', id: 713, visibility: 'public', lastActivityAt: daysFrom(now, -40) })
  gitlab.project({ path: 'ada/experiments', id: 714, lastActivityAt: daysFrom(now, -2) })
  gitlab.project({ path: 'margaret/notes', id: 716, lastActivityAt: daysFrom(now, -5) })
  gitlab.project({ path: 'ada/handbook', id: 715, visibility: 'internal', lastActivityAt: daysFrom(now, -80) })

  const on = (days: number) => daysFrom(now, days).toISOString().slice(0, 10)
  const sample = (shows: string, more: Partial<Parameters<typeof gitlab.token>[0]> = {}) => {
    const kind = more.kind ?? 'personal'
    const seed = `sample ${place} ${shows}`
    const token = mintGitLabToken(kind, { form: more.form ?? 'short', userId: 501, seed })
    gitlab.token({ user: 'ada', token, name: shows, ...more })
    return { token, shows }
  }
  return [
    sample('works, ends in 90 days'),
    sample('works, in the longer form of newer instances', { form: 'routable' }),
    sample('works for the projects of one group', { kind: 'group', of: 'northwind/addons', user: undefined }),
    sample('works for one project', { kind: 'project', of: 'northwind/shop', user: undefined }),
    sample('ends in 5 days', { expiresAt: on(5) }),
    sample('lacks the scope to list projects', { scopes: ['read_repository'] }),
    sample('expired yesterday', { expiresAt: on(-1) }),
    sample('was revoked', { revoked: true }),
    sample('belongs to a blocked account', { user: 'grace' }),
    sample('belongs to a deactivated account', { user: 'linus' }),
  ]
}
