import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { untilListed } from './hands.ts'
import { reachMany } from './many.ts'
import { agreeOnProject, option, picker } from './project-hands.ts'
import { linkByApi, peopleAt } from './statuses.ts'
import { openPage, signUp, soon, startWorld, type World } from './world.ts'

const REPOSITORIES = 10_000
const BRANCHES = 2_000
/** More rows in the page than this are no window into a list any more. */
const MOST_ROWS = 60

let world: World
let page: Page

const press = async (key: string, times = 1) => {
  for (let time = 0; time < times; time++) await page.keyboard.press(key)
}
const search = (name: string) => page.getByRole('combobox', { name: `Search ${name}` })
const list = () => page.getByRole('listbox')
const drawn = () => page.getByRole('option').count()

/** The option that the keyboard is at, by what the search says of it. */
async function active(box: Locator): Promise<string> {
  const id = await box.getAttribute('aria-activedescendant')
  return id ? ((await page.locator(`[id="${id}"]`).textContent()) ?? '') : ''
}
const isAt = (box: Locator, name: RegExp) => expect.poll(() => active(box), soon).toMatch(name)

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  await signUp(page, world)
  const id = await linkByApi(page, { provider: 'github', name: 'many', token: peopleAt(world).github() })
  await untilListed(page)
  await reachMany(world, id, { repositories: REPOSITORIES, branches: BRANCHES })
  await page.goto(`${world.url}/projects/new`)
})
afterAll(() => world.close())

describe('the picker with 10,000 repositories and 2,000 branches (P12, P13, P14)', () => {
  test('says how many there are and as of when, and holds few of them in the page', async () => {
    await page.getByRole('button', { name: 'Choose a repository' }).focus()
    await press('Enter')
    await isAt(search('connections'), /^many/)
    await press('Enter')
    await isAt(search('repositories'), /^acme\/module-00001/)
    await picker(page)
      .getByText(/10,000 repositories, as of \d+ minutes? ago/)
      .waitFor()
    expect(await drawn()).toBeLessThan(MOST_ROWS)
  })

  test('is gone through by keys, page by page and to its ends', async () => {
    const box = search('repositories')
    await press('ArrowDown', 3)
    await isAt(box, /module-00004/)
    await press('ArrowUp')
    await isAt(box, /module-00003/)
    await press('PageDown')
    await isAt(box, /module-0001\d/)
    await press('PageUp')
    await isAt(box, /module-00003/)
    await press('End')
    await isAt(box, /module-00[1-9]00/)
    await press('Home')
    await isAt(box, /module-00001/)
    expect(await drawn()).toBeLessThan(MOST_ROWS)
  })

  test('fetches more while it is scrolled, and shows what comes', async () => {
    const tops = [300, 600, 900]
    for (const row of tops) {
      await expect
        .poll(async () => {
          await list().evaluate((box: { scrollTop: number }, top) => {
            box.scrollTop = top
          }, row * 40)
          return option(page, new RegExp(`module-${String(row + 3).padStart(5, '0')}`)).count()
        }, soon)
        .toBe(1)
    }
    expect(await drawn()).toBeLessThan(MOST_ROWS)
  })

  test('finds by words as one types, in all of them, and keeps the old rows until the new ones are there', async () => {
    const held = Promise.withResolvers<void>()
    await page.route(/repositories\.list.*9999/, async (route) => {
      await held.promise
      await route.continue().catch(() => {})
    })
    const before = await drawn()
    await page.keyboard.type('9999 module')
    await expect.poll(() => list().getAttribute('aria-busy'), soon).toBe('true')
    expect(before).toBeGreaterThan(1)
    expect(await drawn()).toBeGreaterThan(1)
    held.resolve()
    await expect.poll(drawn, soon).toBe(1)
    await isAt(search('repositories'), /module-09999/)
    await press('Escape')
    expect(await search('repositories').inputValue()).toBe('')
    await isAt(search('repositories'), /module-00001/)
  })

  test('goes on to the branches, the default one first and chosen, then by their commits', async () => {
    await press('Enter')
    const box = search('branches')
    await isAt(box, /^17\.0default/)
    expect(await option(page, /^17\.0/).getAttribute('aria-selected')).toBe('true')
    await press('ArrowDown')
    await isAt(box, /^feature\/ticket-0001/)
    await press('PageDown', 5)
    await isAt(box, /^feature\/ticket-00[45]/)
    expect(await drawn()).toBeLessThan(MOST_ROWS)
    await page.keyboard.type('ticket 1999')
    await isAt(box, /^feature\/ticket-1999/)
    await press('Enter')
    await picker(page).waitFor({ state: 'detached' })
  })

  test('gives the focus back, and makes the project of what was chosen', async () => {
    await page.getByRole('button', { name: /^Branch feature\/ticket-1999/ }).waitFor()
    await page.getByLabel('Name', { exact: true }).focus()
    await press('Enter')
    await agreeOnProject(page, world, {
      name: 'module-00001',
      repository: { fullName: 'acme/module-00001', branch: 'feature/ticket-1999', through: 'many' },
      addons: [],
    })
  })
})
