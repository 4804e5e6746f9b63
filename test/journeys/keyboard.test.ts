import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONNECTIONS, cardOf } from './hands.ts'
import { agree, logOf } from './log.ts'
import { peopleAt } from './statuses.ts'
import { connectionsOf, openPage, signUp, soon, startWorld, type World } from './world.ts'

const MOST_STEPS = 80

let world: World
let page: Page
let tokens: ReturnType<typeof peopleAt>

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  tokens = peopleAt(world)
  await signUp(page, world)
})
afterAll(() => world.close())

const hasFocus = (target: Locator) =>
  target.evaluate((element: { matches(selector: string): boolean }) => element.matches(':focus'))
const focused = (target: Locator) => expect.poll(() => hasFocus(target), soon).toBe(true)
const press = (key: string) => page.keyboard.press(key)
const dialog = () => page.getByRole('dialog')
const button = (name: string, within: Page | Locator = page) => within.getByRole('button', { name, exact: true })

/** Goes on by Tab until the target has the focus, as somebody without a mouse does. */
async function tabTo(target: Locator): Promise<void> {
  await target.waitFor()
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    if (await hasFocus(target)) return
    await press('Tab')
  }
  throw new Error(`Tab does not lead to ${target}`)
}

// The mouse is never used here: page.keyboard alone.
describe('without a mouse', () => {
  test('a connection is added, and the focus returns to where it came from', async () => {
    const add = button('Add Git Connection')
    await tabTo(add)
    await press('Enter')
    await tabTo(dialog().getByRole('radio', { name: 'GitHub', exact: true }))
    await press('ArrowRight')
    expect(await dialog().getByRole('radio', { name: 'GitLab', exact: true }).isChecked()).toBe(true)
    await press('ArrowLeft')
    await tabTo(dialog().getByLabel('Name', { exact: true }))
    await page.keyboard.type('acme')
    await tabTo(dialog().getByLabel('Token', { exact: true }))
    await page.keyboard.type(tokens.github())
    await press('Enter')
    await dialog().getByText('Active', { exact: true }).waitFor()
    await tabTo(button('Done', dialog()))
    await press('Enter')
    await dialog().waitFor({ state: 'detached' })
    await focused(add)
    await agree(page, world, { name: 'acme', status: 'active' })
  })

  test('it is validated, disabled and enabled, and the focus stays', async () => {
    const validate = button('Validate', cardOf(page, 'acme'))
    await tabTo(validate)
    const before = (await logOf(world)).length
    await press('Enter')
    await expect.poll(async () => (await logOf(world)).length, soon).toBe(before + 1)
    await focused(validate)
    const toggle = cardOf(page, 'acme').getByRole('switch')
    await press('Shift+Tab')
    for (let steps = 0; steps < MOST_STEPS && !(await hasFocus(toggle)); steps++) await press('Shift+Tab')
    await press('Space')
    await agree(page, world, { name: 'acme', status: 'active', enabled: false })
    await focused(toggle)
    await press('Space')
    await agree(page, world, { name: 'acme', status: 'active' })
    await focused(toggle)
  })

  test('its token is replaced; leaving the dialog by Escape changes nothing', async () => {
    const edit = button('Edit', cardOf(page, 'acme'))
    await tabTo(edit)
    await press('Enter')
    await dialog().waitFor()
    await press('Escape')
    await dialog().waitFor({ state: 'detached' })
    await focused(edit)
    await press('Enter')
    await tabTo(dialog().getByLabel('Token', { exact: true }))
    await page.keyboard.type(tokens.github())
    await press('Enter')
    await dialog().waitFor({ state: 'detached' })
    await focused(edit)
    const types = await agree(page, world, { name: 'acme', status: 'active' })
    expect(types.slice(-2)).toEqual(['TokenReplaced', 'ConnectionValidated'])
  })

  test('it is renamed on its own page', async () => {
    await tabTo(page.getByRole('link', { name: 'Details of acme' }))
    await press('Enter')
    await tabTo(button('Settings'))
    await press('Enter')
    await tabTo(page.getByLabel('Name', { exact: true }))
    await press('ControlOrMeta+a')
    await page.keyboard.type('acme-github')
    await press('Enter')
    await page.getByRole('heading', { name: 'acme-github', level: 1 }).waitFor()
    await press('Escape')
    expect((await logOf(world)).at(-1)).toMatchObject({ type: 'ConnectionRenamed', data: { name: 'acme-github' } })
    await page.goto(world.url + CONNECTIONS)
    await agree(page, world, { name: 'acme-github', status: 'active' })
  })

  test('it is deleted and restored', async () => {
    await tabTo(button('Delete', cardOf(page, 'acme-github')))
    await press('Enter')
    await tabTo(button('Delete', dialog()))
    await press('Enter')
    await dialog().waitFor({ state: 'detached' })
    await cardOf(page, 'acme-github').waitFor({ state: 'detached' })
    expect(await connectionsOf(page)).toEqual([])
    await tabTo(button('Restore acme-github'))
    await press('Enter')
    const types = await agree(page, world, { name: 'acme-github', status: 'active' })
    expect(types.filter((type) => /Deleted|Restored/.test(type))).toEqual(['ConnectionDeleted', 'ConnectionRestored'])
  })

  test('the shortcuts lead about', async () => {
    await press('/')
    await focused(page.getByRole('searchbox', { name: 'Search connections' }))
    await page.keyboard.type('acme?')
    await page.getByText('No connection fits these filters.').waitFor()
    await press('Backspace')
    await cardOf(page, 'acme-github').waitFor()
    await press('Shift+Tab')
    await focused(button('Add Git Connection'))
    await press('?')
    await dialog().getByText('Show these keys').waitFor()
    await press('Escape')
    await dialog().waitFor({ state: 'detached' })
    await press('n')
    await dialog().getByRole('heading', { name: 'Add Git Connection' }).waitFor()
    await press('Escape')
    await dialog().waitFor({ state: 'detached' })
    await press('g')
    await press('a')
    await page.getByRole('heading', { name: 'Audit', level: 1 }).waitFor()
    await press('g')
    await press('c')
    await page.getByRole('heading', { name: 'Git Connections', level: 1 }).waitFor()
  })
})
