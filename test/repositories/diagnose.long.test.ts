import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Diagnoses, startDiagnoses } from './diagnose-world.ts'

vi.setConfig({ testTimeout: 60_000 })
const HOUR_MS = 3_600_000

let world: Diagnoses
let lifted: { lift: () => void }[] = []
beforeAll(async () => {
  world = await startDiagnoses()
})
afterAll(() => world.close())
afterEach(() => {
  for (const fault of lifted) fault.lift()
  lifted = []
})

const names = (repositories: readonly { fullName: string }[]) => repositories.map(({ fullName }) => fullName)

describe.each(['github', 'gitlab'] as const)('a repository at %s whose address is pasted', (provider) => {
  const named = (name: string) => `${name}-${provider}`

  test('is found in the list, whatever form the address has', async () => {
    const who = named('lister')
    const { connectionId, url } = await world.person(provider, who)
    const shop = `${who}-org/shop`
    const { host, hostname } = new URL(url)
    const page = provider === 'github' ? 'tree/main' : '-/tree/main'
    for (const pasted of [
      ...[`${url}/${shop}`, `${url}/${shop}.git`, `${url}/${shop}/${page}`, `${host}/${shop}/`],
      ...[`git@${hostname}:${shop}.git`, `ssh://git@${hostname}:2222/${shop}.git`, shop, shop.toUpperCase()],
    ]) {
      const found = await world.diagnose(connectionId, pasted)
      expect(found).toMatchObject({ reason: 'listed', repository: { fullName: shop, connectionId } })
      expect(found.what).toBe(`The connection reaches ${shop}. It is in the list.`)
    }
  })

  test('is put into the list at once where it is reached and not listed yet', async () => {
    const who = named('adder')
    const { connectionId, repository } = await world.person(provider, who)
    await repository(`${who}-org/new`)
    const added = await world.diagnose(connectionId, `${who}-org/new`)
    expect(added).toMatchObject({ reason: 'added', what: expect.stringMatching(/has been put there now\.$/) })
    expect(names(await world.read(connectionId))).toContain(`${who}-org/new`)
    expect(await world.diagnose(connectionId, `${who}-org/new`)).toMatchObject({ reason: 'listed' })
  })

  test('can be chosen where it is public and somebody else has it, as long as it is there', async () => {
    const who = named('public')
    const { connectionId, ...at } = await world.person(provider, who)
    await at.stranger(named('stranger'))
    const fullName = `${named('stranger')}/tools`
    await at.repository(fullName, { public: true })
    const found = await world.diagnose(connectionId, fullName)
    expect(found).toMatchObject({ reason: 'public', repository: { fullName, private: false } })
    expect(found.what).toContain(`${who} does not belong to it`)
    // No list holds it; it stays all the same, and is looked after.
    expect(names(await world.again(connectionId))).toContain(fullName)
    const chosen = { connectionId, repositoryId: 'repository' in found ? found.repository.id : '', branch: 'main' }
    await world.call('repositories.branches', chosen)
    await world.call('projects.create', { name: fullName, repository: chosen })
    await at.remove(fullName)
    expect(names(await world.again(connectionId, HOUR_MS + 1))).not.toContain(fullName)
  })

  test('leaves the list with its list where it became an ordinary one', async () => {
    const who = named('leaver')
    const { connectionId, ...at } = await world.person(provider, who)
    await at.repository(`${who}-org/brief`)
    await world.diagnose(connectionId, `${who}-org/brief`)
    await world.again(connectionId)
    await at.remove(`${who}-org/brief`)
    expect(names(await world.again(connectionId)).toSorted()).toEqual([`${who}-org/shop`, `${who}-org/web`])
  })

  test('is told to be archived, listed or not', async () => {
    const who = named('archivist')
    const { connectionId, repository } = await world.person(provider, who)
    await repository(`${who}-org/old`, { archived: true })
    for (const place of [/It was not in the list/, /It is in the list\./]) {
      const found = await world.diagnose(connectionId, `${who}-org/old`)
      expect(found).toMatchObject({ reason: 'archived', repository: { archived: true } })
      expect(found.what).toMatch(place)
      expect(found.what).toMatch(/can be cloned and deployed, and nobody can push/)
    }
  })

  test('is found under its new name, listed or not', async () => {
    const who = named('renamer')
    const { connectionId, ...at } = await world.person(provider, who)
    await at.rename(`${who}-org/web`, `${who}-org/front`)
    await world.again(connectionId)
    const listed = await world.diagnose(connectionId, `${who}-org/web`)
    expect(listed).toMatchObject({ reason: 'renamed', repository: { fullName: `${who}-org/front` } })
    expect(listed.what).toBe(`${who}-org/web is called ${who}-org/front now. It is in the list.`)
    await at.repository(`${who}-org/first`)
    await at.rename(`${who}-org/first`, `${who}-org/second`)
    const unlisted = await world.diagnose(connectionId, `${who}-org/first`)
    expect(unlisted).toMatchObject({ reason: 'renamed', what: expect.stringMatching(/has been put there now/) })
  })

  test('that is not there or hidden is told as both, with the name that was meant and who else reaches it', async () => {
    const who = named('typist')
    const { connectionId } = await world.person(provider, who)
    const typo = await world.diagnose(connectionId, `${who}-org/shpo`)
    expect(typo).toMatchObject({ reason: 'notFound', nearest: { fullName: `${who}-org/shop` }, through: null })
    expect(typo.what).toMatch(/there is none of that name, or it is hidden from this account/)
    expect(typo.remedy.text).toMatch(new RegExp(`^Did you mean ${who}-org/shop\\? `))
    const other = await world.diagnose(connectionId, `${who}-org/accounting`)
    expect(other).toMatchObject({ reason: 'notFound', nearest: null, through: null })
    const wrongOwner = await world.diagnose(connectionId, `nobody/web`)
    expect(wrongOwner).toMatchObject({ reason: 'notFound', nearest: { fullName: `${who}-org/web` } })
    const colleague = await world.person(provider, named('colleague'))
    const hidden = await world.diagnose(connectionId, `${named('colleague')}-org/web`)
    expect(hidden).toMatchObject({ reason: 'notFound', through: { id: colleague.connectionId } })
    expect(hidden.remedy.text).toMatch(/^The connection "colleague-\w+" reaches it: choose that one\./)
  })

  test('of another host leads to the connection for that host, or to linking one', async () => {
    const { connectionId } = await world.person(provider, named('guest'))
    const other = provider === 'github' ? 'gitlab' : 'github'
    const there = await world.person(other, named('host'))
    const elsewhere = await world.diagnose(connectionId, `${there.url}/${named('host')}-org/shop`)
    expect(elsewhere).toMatchObject({ reason: 'otherHost', connection: { name: expect.any(String) } })
    const { connection } = elsewhere.reason === 'otherHost' ? elsewhere : { connection: null }
    expect(elsewhere.remedy.text).toContain(`Choose the connection "${connection?.name}"`)
    expect(elsewhere.what).toContain(`This address is at ${new URL(there.url).host}, and the connection "guest-`)
    const nowhere = await world.diagnose(connectionId, 'git@git.example.org:acme/shop.git')
    expect(nowhere).toMatchObject({ reason: 'otherHost', connection: null })
    expect(nowhere.remedy.text).toMatch(/Link an account there\.$/)
  })

  test('is not asked for through a connection that does not work, which is said with the reason', async () => {
    const who = named('broken')
    const { connectionId, token, revoke, url } = await world.person(provider, who)
    await world.call('connections.disable', { connectionId })
    const disabled = await world.diagnose(connectionId, `${who}-org/shop`)
    expect(disabled).toMatchObject({ reason: 'connection', what: expect.stringMatching(/It is disabled\.$/) })
    await world.call('connections.enable', { connectionId })
    await vi.waitFor(async () => expect(await world.get(connectionId)).toMatchObject({ status: 'active' }), 20_000)
    await revoke(token)
    const refused = await world.diagnose(connectionId, `${url}/${who}-org/none`)
    expect(refused).toMatchObject({ reason: 'connection', what: expect.stringMatching(/refused.*It is being checked/) })
    // One that was known only just may be refused by mistake, unless the provider says why.
    await vi.waitFor(async () => {
      const { status, deferred } = await world.get(connectionId)
      expect(status !== 'active' || deferred !== null).toBe(true)
    }, 20_000)
    world.clock.pass(31_000)
    await world.call('connections.validate', { connectionId })
    const revoked = await world.diagnose(connectionId, `${who}-org/shop`)
    expect(revoked).toMatchObject({ reason: 'connection', what: expect.stringMatching(/revoked/i) })
  })

  test('is said to be unknown while the provider cannot be asked', async () => {
    const who = named('outage')
    const { connectionId, route } = await world.person(provider, who)
    const outage = world[provider].fault({ kind: 'html', status: 502, route })
    lifted.push(outage)
    const failed = await world.diagnose(connectionId, `${who}-org/none`)
    expect(failed).toMatchObject({
      reason: 'unanswered',
      what: expect.stringMatching(/could not be read \(answer 502\)/),
    })
    outage.lift()
    lifted.push(world[provider].fault({ kind: 'rate-limit-primary', resetSeconds: 600, route }))
    const limited = await world.diagnose(connectionId, `${who}-org/none`)
    expect(limited).toMatchObject({ reason: 'unanswered', what: expect.stringMatching(/allows no more calls for now/) })
    expect(limited.remedy.text).toMatch(/^This says nothing about the repository\. Ask again in \d+ minutes\.$/)
  })

  test('may come with a secret, which goes nowhere', async () => {
    const who = named('careless')
    const { connectionId, url } = await world.person(provider, who)
    const secret = provider === 'github' ? `ghp_${'s'.repeat(36)}` : `glpat-${'s'.repeat(20)}`
    const { host } = new URL(url)
    const asked = world[provider].requests.length
    const found = await world.diagnose(connectionId, `http://ada:${secret}@${host}/${who}-org/none?token=${secret}`)
    expect(found.reason).toBe('notFound')
    const nameless = await world.diagnose(connectionId, `${url}/${who}-org/${secret}`)
    expect(nameless).toMatchObject({ reason: 'unreadable', what: 'This holds a token.' })
    expect(world[provider].requests.length - asked).toBe(1)
    expect(JSON.stringify([found, nameless, world[provider].requests])).not.toContain(secret)
  })

  test('must be one: what else was pasted is told with what to do', async () => {
    const who = named('wrong')
    const { connectionId, url } = await world.person(provider, who)
    const owner = await world.diagnose(connectionId, `${url}/${who}-org`)
    expect(owner).toMatchObject({ reason: 'unreadable', what: expect.stringMatching(/^This is the page of/) })
    expect(owner.remedy.text).toBe('Open the repository there, and paste its address.')
    expect(await world.diagnose(connectionId, 'no idea')).toMatchObject({ reason: 'unreadable' })
  })
})

describe('a repository at GitHub', () => {
  test('that asks for single sign-on is told so, with the place to authorize the token', async () => {
    const { connectionId } = await world.person('github', 'saml')
    await world.github.changeOrganization({ login: 'saml-org', samlEnforced: true })
    await world.github.repository({ fullName: 'saml-org/vault', visibility: 'private', files: {} })
    expect(await world.diagnose(connectionId, 'saml-org/vault')).toMatchObject({
      reason: 'singleSignOn',
      remedy: { url: expect.stringContaining(`${world.github.url}/orgs/saml-org/sso?authorization_request=`) },
    })
  })

  test('of an organization that restricts OAuth apps is told so, with the place to ask for approval', async () => {
    const callbackUrl = world.callbackOf('github', world.github.url)
    const { clientId, clientSecret } = await world.github.oauthApp({ callbackUrl })
    await world.call('organization.setOauthApplication', { provider: 'github', clientId, clientSecret })
    await world.github.user({ login: 'oliver' })
    await world.github.organization({ login: 'closed', members: { oliver: 'push' }, oauthAppsRestricted: true })
    await world.github.repository({ fullName: 'closed/erp', visibility: 'private', files: {} })
    const { id } = await world.link({ provider: 'github', name: 'oliver' }, { user: 'oliver' })
    expect(await world.diagnose(id, 'closed/erp')).toMatchObject({
      reason: 'oauthRestricted',
      what: expect.stringMatching(/^closed lets in only the OAuth Apps that it approved/),
      remedy: { url: `${world.github.url}/settings/connections/applications/${clientId}` },
    })
  })

  test('that an IP list or another rule shuts is told in the words of GitHub', async () => {
    const { connectionId } = await world.person('github', 'fenced')
    await world.github.changeOrganization({ login: 'fenced-org', ipRefused: '192.0.2.1' })
    await world.github.repository({ fullName: 'fenced-org/inner', visibility: 'private', files: {} })
    const found = await world.diagnose(connectionId, 'fenced-org/inner')
    expect(found).toMatchObject({ reason: 'forbidden', what: expect.stringMatching(/IP allow list enabled/) })
    expect(found.remedy.text).toBe('Ask an owner of fenced-org to let it in.')
  })

  test('that GitHub shut for everybody is told so', async () => {
    const { connectionId } = await world.person('github', 'taken')
    await world.github.repository({ fullName: 'taken-org/copy', visibility: 'private', blocked: 'dmca', files: {} })
    expect(await world.diagnose(connectionId, 'taken-org/copy')).toMatchObject({ reason: 'blocked' })
  })

  test('outside the selection of an installation leads to its settings, or to another installation', async () => {
    await world.github.organization({ login: 'acme', members: {} })
    for (const name of ['erp', 'secret']) {
      await world.github.repository({ fullName: `acme/${name}`, visibility: 'private', files: { a: 'a' } })
    }
    await world.github.organization({ login: 'globex', members: {} })
    await world.github.repository({ fullName: 'globex/erp', visibility: 'private', files: {} })
    const app = await world.github.app({ owner: 'acme', slug: 'acme-deploys' })
    await world.github.installation({ app: app.id, account: 'acme', id: 42, repositories: ['acme/erp'] })
    const { pem } = await world.github.appKey({ app: app.id })
    const credential = { kind: 'githubApp', appId: String(app.id), installationId: '42', privateKey: pem }
    const connectionId = await world.linkBy('github', 'installed', credential)
    expect(await world.diagnose(connectionId, 'acme/erp')).toMatchObject({ reason: 'listed' })
    const outside = await world.diagnose(connectionId, 'acme/secret')
    expect(outside).toMatchObject({
      ...{ reason: 'notSelected', nearest: null, what: expect.stringContaining('installation 42 of the App on acme') },
      remedy: { url: `${world.github.url}/organizations/acme/settings/installations/42` },
    })
    const elsewhere = await world.diagnose(connectionId, 'globex/erp')
    expect(elsewhere).toMatchObject({ reason: 'notSelected', remedy: { url: null } })
    expect(elsewhere.what).toContain('The App is installed on acme (installation 42)')
  })
})

describe('a project at GitLab', () => {
  test('without code is told so, with the place to switch its repository on', async () => {
    const { connectionId } = await world.person('gitlab', 'planner')
    const path = 'planner-org/tickets'
    await world.gitlab.project({ path, visibility: 'private', repositoryAccess: 'disabled', files: {} })
    expect(await world.diagnose(connectionId, `${world.gitlab.url}/${path}/-/issues`)).toMatchObject({
      reason: 'noCode',
      remedy: { url: `${world.gitlab.url}/${path}/edit` },
    })
  })

  test('that it knows and does not open is told in the words of GitLab', async () => {
    const { connectionId } = await world.person('gitlab', 'barred')
    lifted.push(
      world.gitlab.fault({ kind: 'status', status: 403, body: { message: '403 Forbidden' }, route: 'GET /projects/*' }),
    )
    const found = await world.diagnose(connectionId, 'barred-org/none')
    expect(found).toMatchObject({ reason: 'forbidden', what: expect.stringContaining('GitLab answered 403 Forbidden') })
  })
})
