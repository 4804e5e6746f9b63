import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { untilListed } from './hands.ts'
import { faultsOf } from './look.ts'
import { linkByApi } from './statuses.ts'
import { openPage, signUp, soon, startWorld, type World } from './world.ts'

const MOST_STEPS = 40

let world: World
let page: Page
const ids: Record<string, string> = {}

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  await signUp(page, world)
  const { github, gitlab } = world
  const files = { 'README.md': 'shop' }
  github.user({ login: 'acme' })
  github.repository({ fullName: 'acme/shop', visibility: 'private', files })
  github.user({ login: 'oca' })
  gitlab.user({ username: 'acme' })
  gitlab.group({ fullPath: 'north', members: { acme: 40 } })
  gitlab.project({ path: 'north/shop', visibility: 'private', files })
  const tokens = {
    github: github.token({ kind: 'classic', user: 'acme', scopes: ['repo', 'read:org'] }),
    gitlab: gitlab.token({ kind: 'personal', user: 'acme', scopes: ['api', 'read_repository'] }),
  }
  for (const provider of ['github', 'gitlab'] as const) {
    ids[provider] = await linkByApi(page, { provider, name: `my-${provider}`, token: tokens[provider] })
  }
  await untilListed(page)
  // What comes later is in no list yet.
  github.repository({ fullName: 'acme/later', visibility: 'private', archived: true, files })
  github.repository({ fullName: 'oca/tools', visibility: 'public', files })
  gitlab.user({ username: 'oca' })
  gitlab.project({ path: 'oca/tools', visibility: 'public', files })
  gitlab.project({ path: 'north/tickets', visibility: 'private', repositoryAccess: 'disabled', files: {} })
})
afterAll(() => world.close())

const dialog = () => page.getByRole('dialog')
const opener = () => dialog().getByRole('button', { name: "Can't see yours? Paste its URL" })
const field = () => dialog().getByLabel('Address of the repository')
const found = () =>
  dialog()
    .getByRole('status')
    .filter({ has: page.getByRole('paragraph') })
    .last()

/** Opens the picker at the repositories of a connection. */
async function begin(provider: 'github' | 'gitlab'): Promise<void> {
  await page.goto(`${world.url}/projects/new?connection=${ids[provider]}`)
  await opener().waitFor()
}

async function ask(pasted: string, what: RegExp): Promise<void> {
  await field().fill(pasted)
  await dialog().getByRole('button', { name: 'Look it up' }).click()
  await found().getByText(what).waitFor()
}

const chosen = (fullName: string) =>
  dialog()
    .getByRole('button', { name: `Change the repository: ${fullName}` })
    .waitFor()
const hasFocus = (target: Locator) =>
  target.evaluate((element: { matches(selector: string): boolean }) => element.matches(':focus'))

/** Goes on by Tab until the target has the focus. */
async function tabTo(target: Locator): Promise<void> {
  await target.waitFor()
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    if (await hasFocus(target)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to ${target}`)
}

// P12 and P13: whoever does not see their repository in the picker learns why.
describe('a repository that is not in the picker', () => {
  test('at GitHub is explained when its address is pasted, and what is reached can be chosen', async () => {
    await begin('github')
    await opener().click()
    await ask(`${world.github.url}/acme/shpo`, /there is none of that name, or it is hidden from this account/)
    await found().getByText('Did you mean acme/shop?').waitFor()
    await found().getByRole('button', { name: 'Choose acme/shop' }).waitFor()
    expect(await faultsOf(page)).toEqual([])

    await ask('https://gitlab.example.com/acme/shop.git', /This address is at gitlab\.example\.com/)
    await found().getByRole('link', { name: 'Go to Git Connections' }).waitFor()
    await ask('acme/later', /It is archived: it can be cloned and deployed/)
    await found().getByRole('button', { name: 'Choose it' }).waitFor()
    await dialog().getByRole('option', { name: 'acme/later' }).waitFor()
    expect(await faultsOf(page)).toEqual([])
    await ask(`${world.github.url}/oca/tools`, /acme does not belong to it/)
    await found().getByRole('button', { name: 'Choose it' }).click()
    await chosen('oca/tools')
    await dialog().getByRole('option', { name: 'main' }).waitFor()
  })

  test('at GitLab is explained when its address is pasted, and what was meant can be chosen', async () => {
    await begin('gitlab')
    await opener().click()
    await ask(`${world.gitlab.url}/north/tickets/-/issues`, /project without code/)
    const link = found().getByRole('link', { name: /^Open the page for it at / })
    expect(await link.getAttribute('href')).toBe(`${world.gitlab.url}/north/tickets/edit`)
    await ask(`${world.github.url}/acme/shop`, /and the connection "my-gitlab" is for/)
    await found().getByText('Choose the connection "my-github", which is for that host.').waitFor()
    expect(await faultsOf(page)).toEqual([])
    await ask('north/shpo', /there is none of that name/)
    await found().getByRole('button', { name: 'Choose north/shop' }).click()
    await chosen('north/shop')
  })

  test('is asked for and chosen without a mouse, and Escape leads back', async () => {
    await begin('gitlab')
    await tabTo(opener())
    await page.keyboard.press('Enter')
    await expect.poll(() => hasFocus(field()), soon).toBe(true)
    await page.keyboard.press('Escape')
    await field().waitFor({ state: 'detached' })
    expect(await hasFocus(opener())).toBe(true)
    await page.keyboard.press('Enter')
    await page.keyboard.type(`${world.gitlab.url}/oca/tools`)
    await page.keyboard.press('Enter')
    await found()
      .getByText(/acme does not belong to it/)
      .waitFor()
    await tabTo(found().getByRole('button', { name: 'Choose it' }))
    await page.keyboard.press('Enter')
    await chosen('oca/tools')
  })

  test('says nothing of another address than the one that was asked for', async () => {
    await begin('github')
    await opener().click()
    await ask('acme', /This is the page of an organization or a person/)
    await field().fill('acme/shop')
    await expect.poll(() => found().count(), soon).toBe(0)
  })
})
