import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'
import { statedAnswers } from './stated-answers.ts'

const { topics, compare } = statedAnswers('gitlab')

describe.each(['', '/gitlab'])('the simulated GitLab below "%s"', (path) => {
  let gitlab: GitLabSimulator
  let cast: Record<string, Record<string, string>>

  beforeAll(async () => {
    gitlab = await startGitLab({ path, now: () => new Date('2026-03-09T23:59:59Z') })
    cast = makeCast(gitlab)
  })
  afterAll(() => gitlab[Symbol.asyncDispose]())

  describe.each(topics)('on $topic', ({ cases }) => {
    test.each(cases)('answers as GitLab does: $name', async (stated) => {
      const fault = stated.fault && gitlab.fault(stated.fault)
      const answer = await fetch(gitlab.url + stated.path, { headers: cast[stated.as] ?? {}, redirect: 'manual' })
      fault?.lift()
      await compare(answer, stated)
      if (stated.unexpected) expect(gitlab.takeUnexpected()).toHaveLength(1)
    })
  })

  test('was compared for every route of its API', () => {
    const compared = new Set(gitlab.requests.map((request) => request.route))
    const ofApi = [...gitlab.routes].filter((route) => !/ \/(oauth|\.well-known)\//.test(route))
    expect(ofApi.filter((route) => !compared.has(route))).toEqual([])
  })

  test('knows every caller that a fixture names', () => {
    const named = topics.flatMap(({ cases }) => cases.map((one) => one.as))
    expect(named.filter((name) => !(name in cast))).toEqual([])
  })
})

/** Peoples a GitLab with everybody whom the fixtures name, and gives what each of them shows. */
function makeCast(gitlab: GitLabSimulator): Record<string, Record<string, string>> {
  for (const [username, id] of [
    ['ada', 7],
    ['gus', 8],
    ['stranger', 9],
    ['dora', 10],
    ['blocked_bo', 11],
  ] as const) {
    gitlab.user({ username, id })
  }
  gitlab.group({ fullPath: 'acme', members: { ada: 40, gus: 10 } })
  gitlab.group({ fullPath: 'walled', members: { ada: 40 }, ipRefused: true })
  gitlab.group({ fullPath: 'single', members: { ada: 40 }, ssoUrl: `${gitlab.url}/groups/single/-/saml/sso` })
  const branches = [{ name: 'main', protected: true }, { name: 'feature/x' }, { name: 'release' }]
  gitlab.project({ path: 'acme/shop', id: 31, lastActivityAt: '2026-03-09T12:00:00Z', branches })
  gitlab.project({ path: 'ada/open', id: 32, visibility: 'public', lastActivityAt: '2026-03-01T00:00:00Z' })
  gitlab.project({ path: 'acme/empty', id: 33, empty: true, lastActivityAt: '2026-02-01T00:00:00Z' })
  gitlab.project({ path: 'acme/former', id: 34, lastActivityAt: '2026-02-01T00:00:00Z' })
  gitlab.moveProject({ from: 'acme/former', to: 'acme/latter' })
  gitlab.project({ path: 'walled/secret', id: 35 })
  gitlab.project({
    path: 'acme/issues-only',
    id: 36,
    repositoryAccess: 'disabled',
    lastActivityAt: '2026-02-01T00:00:00Z',
  })
  gitlab.project({ path: 'single/sign-on', id: 37, lastActivityAt: '2026-02-01T00:00:00Z' })

  const bearer = (input: Parameters<typeof gitlab.token>[0]) => ({ authorization: `Bearer ${gitlab.token(input)}` })
  const secret = (input: Parameters<typeof gitlab.token>[0]) => ({ 'private-token': gitlab.token(input) })
  const states = [
    'blocked',
    'blocked_pending_approval',
    'deactivated',
    'password_expired',
    'terms_not_accepted',
    'unconfirmed',
  ] as const
  const shutOut = states.map((state) => {
    gitlab.user({ username: `user_${state}`, state })
    return [state, secret({ user: `user_${state}` })] as const
  })
  gitlab.changeUser({ username: 'dora', dpopEnforced: true })
  gitlab.changeUser({ username: 'blocked_bo', state: 'blocked' })
  const deleted = gitlab.token({ user: 'ada' })
  gitlab.forget({ token: deleted })
  gitlab.settings({ impersonationEnabled: false })
  const today = '2026-03-09'
  return {
    nobody: {},
    empty: { 'private-token': '' },
    unknown: { authorization: 'Bearer glpat-aaaaaaaaaaaaaaaaaaaa' },
    deleted: { authorization: `Bearer ${deleted}` },
    personal: secret({ user: 'ada', scopes: ['api'], expiresAt: '2026-03-10' }),
    'without API scopes': secret({ user: 'ada', scopes: ['read_repository'] }),
    read_user: secret({ user: 'ada', scopes: ['read_user'] }),
    'service account': secret({ user: 'ada', kind: 'service-account' }),
    granular: bearer({ user: 'ada', kind: 'granular', permissions: ['User: Read'] }),
    project: bearer({ kind: 'project', of: 'acme/shop' }),
    group: bearer({ kind: 'group', of: 'acme' }),
    oauth: bearer({ user: 'ada', kind: 'oauth', createdAt: `${today}T23:00:00Z` }),
    'expired oauth': bearer({ user: 'ada', kind: 'oauth', createdAt: `${today}T21:59:59Z` }),
    'oauth as private token': secret({ user: 'ada', kind: 'oauth' }),
    deploy: secret({ user: 'ada', kind: 'deploy' }),
    job: secret({ user: 'ada', kind: 'job' }),
    expired: bearer({ user: 'ada', expiresAt: today }),
    revoked: bearer({ user: 'ada', revoked: true }),
    'expired and revoked': bearer({ user: 'ada', expiresAt: today, revoked: true }),
    'expired of a blocked person': bearer({ user: 'blocked_bo', expiresAt: today }),
    'blocked, without scope': bearer({ user: 'blocked_bo', scopes: ['read_repository'] }),
    impersonation: bearer({ user: 'ada', kind: 'impersonation' }),
    dpop: bearer({ user: 'dora' }),
    guest: bearer({ user: 'gus' }),
    stranger: bearer({ user: 'stranger' }),
    ...Object.fromEntries(shutOut),
  }
}
