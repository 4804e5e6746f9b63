import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { linkBySignIn, registerAtGitLab, registerGitHubApp, setApplication } from './applications.ts'
import { CONNECTIONS, cardOf } from './hands.ts'
import { agree, logOf, logSays } from './log.ts'
import { linkByApi, peopleAt } from './statuses.ts'
import { callAs, connectionsOf, openPage, signUp, soon, startWorld, type World } from './world.ts'

const DAY_MS = 86_400_000

let world: World
let page: Page

beforeAll(async () => {
  world = await startWorld()
  peopleAt(world)
  page = await openPage(world)
  await signUp(page, world)
  await setApplication(page, registerAtGitLab(world))
  await setApplication(page, registerGitHubApp(world, 'acme-bot'))
})
afterAll(() => world.close())

const dialog = () => page.getByRole('dialog')
const card = (name: string) => cardOf(page, name)
const idOf = async (name: string) => (await connectionsOf(page)).find((each) => each.name === name)?.id ?? ''
const deleted = () =>
  callAs<{ name: string; restorableUntil: string | null; revocation: { is: string } | null }[]>(
    page,
    'connections.deleted',
  )

describe('the end of a token (P8, P33)', () => {
  test('is on each card, warned of when it is near, and brings its card to the front', async () => {
    for (const [name, days] of [
      ['a far one', 200],
      ['b soon', 9],
      ['c close', 2],
    ] as const) {
      const expiresAt = new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)
      const token = world.gitlab.token({ user: 'lab-bot', scopes: ['api'], expiresAt })
      await linkByApi(page, { provider: 'gitlab', name, token })
      expect((await connectionsOf(page)).find((each) => each.name === name)).toMatchObject({
        expiresAt: `${expiresAt}T00:00:00.000Z`,
      })
    }
    await page.goto(world.url + CONNECTIONS)
    for (const name of ['b soon', 'c close']) {
      await card(name)
        .getByText(/The token ends .*\. Create a new one and paste it before\./)
        .waitFor()
    }
    await card('a far one')
      .getByText(/expires .* in \d/)
      .waitFor()
    expect(
      await card('a far one')
        .getByText(/The token ends/)
        .count(),
    ).toBe(0)
    const names = await page.getByRole('article').evaluateAll((cards) => cards.map((each) => each.ariaLabel))
    expect(names).toEqual(['c close', 'b soon', 'a far one'])
  })
})

describe.each([
  { provider: 'GitLab', name: 'lab', reads: () => `${world.gitlab.url}/api/v4/user` },
  { provider: 'GitHub', name: 'hub', reads: () => `${world.github.apiUrl}/user` },
] as const)('deleting an OAuth connection of $provider (P20)', ({ provider, name, reads }) => {
  const simulator = () => (provider === 'GitLab' ? world.gitlab : world.github)
  /** The token that was shown last where a token's person is asked for. */
  const lastToken = () =>
    simulator()
      .requests.filter(({ path }) => path.endsWith('/user'))
      .at(-1)?.credential?.secret

  /** Whether the provider still takes a token. */
  async function opens(token: string | undefined): Promise<boolean> {
    const answer = await fetch(reads(), { headers: { authorization: `Bearer ${token}`, 'user-agent': 'journey' } })
    return answer.status === 200
  }

  async function remove(now: boolean): Promise<string> {
    const id = await idOf(name)
    await card(name).getByRole('button', { name: 'Delete' }).click()
    await dialog().getByText('No project depends on it.').waitFor()
    if (now) {
      await dialog().getByText(`Ends its access at ${provider}, too.`).waitFor()
      await dialog()
        .getByLabel(/^Delete now/)
        .check()
      await dialog().getByText('It cannot be restored.').waitFor()
    }
    await dialog()
      .getByRole('button', { name: now ? 'Delete now' : 'Delete', exact: true })
      .click()
    await card(name).waitFor({ state: 'detached' })
    return id
  }

  test('can be undone: it works as before, with the same grant', async () => {
    await linkBySignIn(page, { provider, name })
    const before = await agree(page, world, { name, status: 'active' })
    const token = lastToken()
    await remove(false)
    expect((await deleted())[0]).toMatchObject({ name, revocation: null })
    await page.getByRole('button', { name: `Restore ${name}` }).click()
    await card(name).waitFor()
    await expect
      .poll(async () => (await agree(page, world, { name, status: 'active' })).slice(before.length), soon)
      .toEqual(['ConnectionDeleted', 'ConnectionRestored', 'ConnectionValidated'])
    expect(lastToken()).toBe(token)
    expect(await opens(token)).toBe(true)
  })

  test('now ends its access at the provider, and the page says that it did', async () => {
    const token = lastToken()
    expect(await opens(token)).toBe(true)
    const id = await remove(true)
    const line = page.getByRole('listitem').filter({ hasText: name })
    await line.getByText(`${provider} ended the access.`).waitFor()
    expect(await page.getByRole('button', { name: `Restore ${name}` }).count()).toBe(0)
    expect(await deleted()).toContainEqual(
      expect.objectContaining({ name, restorableUntil: null, revocation: expect.objectContaining({ is: 'revoked' }) }),
    )
    expect((await logSays(world, id)).types.slice(-2)).toEqual(['ConnectionDeleted', 'CredentialDestroyed'])
    expect(await opens(token)).toBe(false)
  })

  test('now says when the provider could not be told', async () => {
    await linkBySignIn(page, { provider, name })
    const outage = simulator().fault({ kind: 'html', status: 502 })
    const id = await remove(true)
    await page.getByText(new RegExp(`so the access may go on. It can be ended at ${provider}`)).waitFor()
    outage.lift()
    const types = (await logSays(world, id)).types
    expect(types.slice(-2)).toEqual(['ConnectionDeleted', 'CredentialDestroyed'])
    expect((await logOf(world)).at(-1)?.data).toMatchObject({ revocation: { is: 'notRevoked' } })
  })
})
