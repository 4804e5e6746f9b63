import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CONNECTIONS, cardOf, untilListed } from './hands.ts'
import { untilLogged } from './log.ts'
import { agreeOnProject, option, pick, picker, pickRepository, projectInLog } from './project-hands.ts'
import { linkByApi, peopleAt } from './statuses.ts'
import { callAs, connectionsOf, openPage, owner, signUp, soon, startWorld, type World } from './world.ts'

const DAY = 86_400_000

let world: World
let page: Page
let tokens: ReturnType<typeof peopleAt>

const button = (name: string | RegExp) => page.getByRole('button', { name })
const rows = () => page.getByRole('list', { name: /^Addon repositories/ }).getByRole('listitem')
const idOf = async (name: string) => (await connectionsOf(page)).find((each) => each.name === name)?.id ?? ''
const projectId = () => new URL(page.url()).pathname.split('/')[2] ?? ''
const used = (fullName: string, through: string, branch = 'main') => ({ fullName, branch, through })

/** The names of the addon repositories in the form, in their order. */
const order = async () =>
  (await rows().allTextContents()).map((text) => /[a-z-]+-bot\/[a-z]+(?=acme|lab)/.exec(text)?.[0])

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  tokens = peopleAt(world)
  const { github, gitlab } = world
  const now = Date.now()
  for (const [index, name] of ['web', 'stock'].entries()) {
    const branches = [{ name: 'main' }, { name: '17.0' }, { name: 'feature/discounts' }]
    github.repository({
      ...{ fullName: `acme-bot/${name}`, visibility: 'private', files: { a: name }, branches },
      pushedAt: new Date(now - (index + 2) * DAY),
    })
  }
  github.repository({ fullName: 'acme-bot/idle', visibility: 'private', pushedAt: null, empty: true })
  gitlab.project({ path: 'lab-bot/theme', visibility: 'private', files: { a: 'a' } })
  github.user({ login: 'nobody' })
  await signUp(page, world)
})
afterAll(() => world.close())

describe('a project (P2, P12, P13, P14, P27)', () => {
  test('is where the page leads on to from a new connection, through which it is chosen', async () => {
    await button('Add Git Connection').first().click()
    await page.getByLabel('Name', { exact: true }).fill('acme')
    await page.getByLabel('Token', { exact: true }).fill(tokens.github())
    await button('Create Connection').click()
    await page.getByRole('dialog').getByRole('link', { name: 'Create a project' }).click()
    await button('Change the connection: acme').waitFor()
    await option(page, /^acme-bot\/shop/).waitFor()
  })

  test('is chosen among what the connection reaches, the most recently active first and the never active last', async () => {
    await untilListed(page)
    const { repositories } = await callAs<{ repositories: { fullName: string }[] }>(page, 'repositories.list', {
      connectionId: await idOf('acme'),
    })
    const names = repositories.map(({ fullName }) => fullName)
    expect(names).toHaveLength(4)
    expect(names.slice(1)).toEqual(['acme-bot/web', 'acme-bot/stock', 'acme-bot/idle'])
    await expect
      .poll(async () => (await page.getByRole('option').allTextContents()).map((text) => text.trim()), soon)
      .toEqual(names.map((name) => expect.stringMatching(new RegExp(`^${name}`))))
    await option(page, /^acme-bot\/idle.*never active$/).waitFor()
  })

  test('takes a repository by its words in any order, and its default branch unless another is chosen', async () => {
    await page.keyboard.type('shop acme')
    await expect.poll(() => page.getByRole('option').count(), soon).toBe(1)
    await pickRepository(page, { fullName: 'acme-bot/shop' })
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('shop')
    await page.getByLabel('Name', { exact: true }).fill('ERP')
    await button('Add an addon repository').click()
    await pick(page, { through: 'acme', fullName: 'acme-bot/web', branch: '17.0' })
  })

  test('takes addon repositories through other connections, of another provider too', async () => {
    await linkByApi(page, { provider: 'gitlab', name: 'lab', token: tokens.gitlab() })
    for (const wanted of [
      { through: 'lab', fullName: 'lab-bot/theme' },
      { through: 'acme', fullName: 'acme-bot/stock' },
    ]) {
      await button('Add an addon repository').click()
      await pick(page, wanted)
    }
    await button('Create project').click()
    const types = await agreeOnProject(page, world, {
      ...{ name: 'ERP', repository: used('acme-bot/shop', 'acme') },
      addons: [used('acme-bot/web', 'acme', '17.0'), used('lab-bot/theme', 'lab'), used('acme-bot/stock', 'acme')],
    })
    expect(types).toEqual([
      ...['ProjectCreated', 'RepositorySelected'],
      ...['AddonRepositoryAdded', 'AddonRepositoryAdded', 'AddonRepositoryAdded'],
    ])
    const shop = page.getByRole('link', { name: /^acme-bot\/shop/ })
    expect(await shop.getAttribute('href')).toBe(`${world.github.url}/acme-bot/shop`)
  })

  test('is edited: renamed, its addons put in order by key, by button and by dragging, one taken out', async () => {
    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByLabel('Name', { exact: true }).fill('Odoo')
    expect(await order()).toEqual(['acme-bot/web', 'lab-bot/theme', 'acme-bot/stock'])
    await button('Change the addon repository acme-bot/stock').focus()
    await page.keyboard.press('Alt+ArrowUp')
    expect(await order()).toEqual(['acme-bot/web', 'acme-bot/stock', 'lab-bot/theme'])
    await page.getByRole('status').filter({ hasText: 'acme-bot/stock is number 2 of 3 now.' }).waitFor()
    await page.keyboard.press('Alt+ArrowUp')
    await page.keyboard.press('Alt+ArrowUp')
    expect(await order()).toEqual(['acme-bot/stock', 'acme-bot/web', 'lab-bot/theme'])
    await button('Move lab-bot/theme up').press('Enter')
    expect(await order()).toEqual(['acme-bot/stock', 'lab-bot/theme', 'acme-bot/web'])
    const [grip, last] = [rows().first().locator('[data-grip]'), rows().last()]
    const [from, to] = [await grip.boundingBox(), await last.boundingBox()]
    if (!from || !to) throw new Error('nothing to drag')
    await page.mouse.move(from.x + 5, from.y + 5)
    await page.mouse.down()
    await page.mouse.move(from.x + 5, to.y + to.height - 2, { steps: 8 })
    await page.mouse.up()
    expect(await order()).toEqual(['lab-bot/theme', 'acme-bot/web', 'acme-bot/stock'])
    await button('Remove acme-bot/web').click()
    await button('Save').click()
    const types = await agreeOnProject(page, world, {
      ...{ name: 'Odoo', repository: used('acme-bot/shop', 'acme') },
      addons: [used('lab-bot/theme', 'lab'), used('acme-bot/stock', 'acme')],
    })
    expect(types.slice(5)).toEqual(['ProjectRenamed', 'AddonRepositoryRemoved'])
  })

  test('is put in another order alone, and takes another branch', async () => {
    await page.getByRole('link', { name: 'Edit' }).click()
    await button('Move acme-bot/stock up').click()
    await button(/^Branch main of acme-bot\/stock/).click()
    await page.keyboard.type('disc')
    await expect.poll(() => page.getByRole('option').count(), soon).toBe(1)
    await page.keyboard.press('Enter')
    await button('Save').click()
    const types = await agreeOnProject(page, world, {
      ...{ name: 'Odoo', repository: used('acme-bot/shop', 'acme') },
      addons: [used('acme-bot/stock', 'acme', 'feature/discounts'), used('lab-bot/theme', 'lab')],
    })
    expect(types.slice(7)).toEqual(['AddonRepositoryChanged', 'AddonRepositoriesReordered'])
  })

  test('is told of in its timeline and in the audit, which lead to it', async () => {
    await page.getByText('put its addon repositories in order: acme-bot/stock, lab-bot/theme').waitFor()
    const here = projectId()
    await page.goto(`${world.url}/audit?project=${here}`)
    const { types } = await projectInLog(world, here)
    await expect.poll(() => page.locator('summary').count(), soon).toBe(types.length)
    await page.locator('summary').last().click()
    await page.getByRole('complementary').getByRole('link', { name: 'Odoo' }).click()
    await page.getByRole('heading', { name: 'Odoo', level: 1 }).waitFor()
  })

  test('is named, as a way to it, where a connection says what uses it', async () => {
    await page.goto(`${world.url}${CONNECTIONS}/${await idOf('lab')}?tab=used-by`)
    await page.getByRole('listitem').getByRole('link', { name: 'Odoo' }).click()
    await page.getByRole('heading', { name: 'Odoo', level: 1 }).waitFor()
  })
})

describe('what does not work', () => {
  test('is said by the project and in the list: a disabled connection, with the reason and what to do', async () => {
    const connectionId = await idOf('lab')
    const { seen } = await callAs<{ seen: string }>(page, 'connections.dependents', { connectionId })
    await callAs(page, 'connections.disable', { connectionId, seen, reason: 'The account moves.' })
    await page.getByText('This connection is disabled: The account moves. Enable it').waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await cardOf(page, 'Odoo').getByText('Disabled').waitFor()
    await cardOf(page, 'Odoo').getByText('2 addon repositories').waitFor()
    await cardOf(page, 'Odoo').getByText(`created by ${owner.name}`).waitFor()
  })

  test('can’t be chosen: connections that are disabled or broken stand there with their reason (P12)', async () => {
    await linkByApi(page, { provider: 'github', name: 'wrong', token: `ghp_${'a'.repeat(36)}`, status: 'invalid' })
    await page.keyboard.press('n')
    await button('Choose a repository').click()
    for (const [name, reason] of [
      ['lab', /Disabled.*The account moves\./],
      ['wrong', /Invalid.*Bad credentials/],
    ] as const) {
      const closed = option(page, new RegExp(`^${name}`))
      await closed.filter({ hasText: reason }).waitFor()
      expect(await closed.getAttribute('aria-disabled')).toBe('true')
      await closed.click({ force: true })
      await page.keyboard.press('Enter')
      expect(await page.getByRole('combobox', { name: 'Search connections' }).isVisible()).toBe(true)
    }
  })

  test('is never an empty list: an error says so, and is tried again', async () => {
    await page.route(/repositories\.list/, (route) => route.abort())
    await option(page, /^acme/).click()
    await picker(page).getByRole('alert').first().getByText('The server did not answer.').waitFor()
    expect(await picker(page).getByText('reaches no repository').count()).toBe(0)
    await page.unroute(/repositories\.list/)
    await picker(page).getByRole('button', { name: 'Try again' }).first().click()
    await option(page, /^acme-bot\/shop/).waitFor()
  })

  test('is told from what is empty: no match, and a connection that reaches nothing, with what may be the cause', async () => {
    await page.keyboard.type('nothing like it')
    await picker(page).getByText('Nothing that acme reaches has “nothing like it” in its name').waitFor()
    await page.keyboard.press('Escape')
    await option(page, /^acme-bot\/shop/).waitFor()
    const token = world.github.token({ kind: 'classic', user: 'nobody', scopes: ['repo', 'read:org'] })
    await linkByApi(page, { provider: 'github', name: 'bare', token })
    await button('Change the connection: acme').click()
    await option(page, /^bare/).click()
    await picker(page).getByText('bare reaches no repository.').waitFor()
    await picker(page)
      .getByText(/single sign-on/)
      .waitFor()
  })

  test('is said at its place: a connection that was disabled after it was chosen', async () => {
    await button('Change the connection: bare').click()
    await pick(page, { through: 'acme', fullName: 'acme-bot/stock' })
    const connectionId = await idOf('acme')
    const { seen } = await callAs<{ seen: string }>(page, 'connections.dependents', { connectionId })
    await callAs(page, 'connections.disable', { connectionId, seen })
    await button('Create project').click()
    const main = page.getByRole('region', { name: 'Main repository' })
    await main.getByRole('alert').filter({ hasText: 'The connection "acme" is disabled.' }).waitFor()
    await callAs(page, 'connections.enable', { connectionId })
    await button('Create project').click()
    await agreeOnProject(page, world, {
      ...{ name: 'stock', repository: used('acme-bot/stock', 'acme') },
      addons: [],
    })
  })

  test('is said by the project when access to one repository is lost (P26)', async () => {
    world.github.removeRepository({ fullName: 'acme-bot/stock' })
    const connectionId = await idOf('acme')
    await vi.waitFor(async () => {
      // Asked for while a list is read, another reading is not begun.
      await callAs(page, 'repositories.refresh', { connectionId })
      expect((await projectInLog(world, projectId())).types).toContain('RepositoryAccessLost')
    }, soon)
    await page.getByText(/^Lost access to acme-bot\/stock since .*Ask for access again/).waitFor()
    await page.getByRole('link', { name: 'Projects', exact: true }).first().click()
    await cardOf(page, 'stock').getByText('lost access to acme-bot/stock since').waitFor()
  })
})

describe('a project that is not wanted any more', () => {
  test('is deleted after a confirmation, and nothing takes its connections from then on', async () => {
    await cardOf(page, 'Odoo').getByRole('link', { name: 'Odoo' }).click()
    await page.getByRole('heading', { name: 'Odoo', level: 1 }).waitFor()
    const here = projectId()
    await button('Delete').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect(await projectInLog(world, here)).toMatchObject({ deleted: false })
    await button('Delete').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('heading', { name: 'Projects', level: 1 }).waitFor()
    await cardOf(page, 'stock').waitFor()
    await cardOf(page, 'Odoo').waitFor({ state: 'detached' })
    await untilLogged(world, { type: 'ProjectDeleted', by: owner.name })
    expect(await callAs<{ name: string }[]>(page, 'projects.list')).toMatchObject([{ name: 'stock' }])
    expect(await projectInLog(world, here)).toMatchObject({ deleted: true })
    await page.goto(`${world.url}/projects/${here}`)
    await page.getByRole('alert').filter({ hasText: 'There is no such project.' }).waitFor()
  })
})
