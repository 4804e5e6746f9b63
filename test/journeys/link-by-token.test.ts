import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cardOf, link } from './hands.ts'
import { agree } from './log.ts'
import { peopleAt } from './statuses.ts'
import { connectionsOf, openPage, signUp, soon, startWorld, type World } from './world.ts'

let world: World
let page: Page
let tokens: { github: string; gitlab: string }

beforeAll(async () => {
  world = await startWorld()
  const mint = peopleAt(world)
  tokens = { github: mint.github(), gitlab: mint.gitlab() }
  page = await openPage(world)
  await signUp(page, world)
})
afterAll(() => world.close())

/** Opens the dialog for a provider. */
async function add(provider: 'GitHub' | 'GitLab') {
  await page.getByRole('button', { name: 'Add Git Connection' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: provider, exact: true }).check()
  return dialog
}

async function leave(): Promise<void> {
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

describe('connections by token (P4, P5, P9, P10)', () => {
  test('begin under Settings in the sidebar, and show all methods of a provider at once', async () => {
    await page.goto(`${world.url}/audit`)
    const sidebar = page.getByRole('navigation', { name: 'Main' })
    await sidebar.getByText('Settings', { exact: true }).waitFor()
    await sidebar.getByRole('link', { name: 'Git Connections' }).click()
    const dialog = await add('GitHub')
    const methods = dialog.getByRole('group', { name: 'Method' }).getByRole('radio')
    await expect.poll(() => methods.count(), soon).toBe(3)
    for (const [index, method] of [
      /^Connect with GitHub.*recommended/i,
      /^Personal Access Token/,
      /^GitHub App/,
    ].entries()) {
      await dialog.getByRole('radio', { name: method }).and(methods.nth(index)).waitFor()
    }
    await dialog.getByRole('radio', { name: 'GitLab', exact: true }).check()
    await expect.poll(() => methods.count(), soon).toBe(2)
    for (const [index, method] of [/^Connect with GitLab.*recommended/i, /^GitLab Token/].entries()) {
      await dialog.getByRole('radio', { name: method }).and(methods.nth(index)).waitFor()
    }
    await dialog.getByText(/Everyone in .* can use this connection for deployments/).waitFor()
    await leave()
  })

  test.each([
    {
      provider: 'GitHub',
      steps: [
        'Settings, Developer settings, Personal access tokens, Generate new token (classic)',
        '90 days are recommended',
        ...['repo', 'read:org', 'Starts with ghp_'],
      ],
      opens: '/settings/tokens/new?scopes=repo,read:org&description=My%20shop',
    },
    {
      provider: 'GitLab',
      steps: ['Preferences, Access Tokens', 'expiration date', 'api', 'read_repository', 'Starts with glpat-'],
      opens: '/-/user_settings/personal_access_tokens?name=My%20shop&scopes=api,read_repository',
    },
  ] as const)('tell how to make a token at $provider, and lead to the page that makes it', async (told) => {
    const dialog = await add(told.provider)
    await dialog.getByLabel('Name', { exact: true }).fill('My shop')
    for (const step of told.steps) await dialog.getByText(step).first().waitFor()
    const link = dialog.getByRole('link', { name: /token page/ })
    const home = told.provider === 'GitHub' ? world.github.url : world.gitlab.url
    expect(await link.getAttribute('href')).toBe(`${home}${told.opens}`)
    await dialog.getByText(/, change$/).click()
    await dialog.getByLabel('Instance URL').fill('https://git.acme.example/sub/')
    expect(await link.getAttribute('href')).toBe(`https://git.acme.example/sub${told.opens}`)
    await leave()
  })

  test('say at once that a paste is of the other provider', async () => {
    const dialog = await add('GitHub')
    await dialog.getByLabel('Token', { exact: true }).fill(tokens.gitlab)
    await dialog.getByRole('button', { name: 'Switch to GitLab' }).waitFor()
    await leave()
    expect(await connectionsOf(page)).toEqual([])
  })

  test('link GitHub and GitLab, with the evidence in page, API and log', async () => {
    await link(page, { name: 'acme-github', token: tokens.github, provider: 'GitHub' })
    await link(page, { name: 'lab', token: tokens.gitlab, provider: 'GitLab' })
    for (const [name, login] of [
      ['acme-github', 'acme-bot'],
      ['lab', 'lab-bot'],
    ] as const) {
      expect(await agree(page, world, { name, status: 'active' })).toEqual(['ConnectionCreated', 'ConnectionValidated'])
      await cardOf(page, name).getByText(login).first().waitFor()
      const connection = (await connectionsOf(page)).find((each) => each.name === name)
      expect(connection).toMatchObject({ account: { login }, canList: { is: 'yes' }, canClone: { is: 'yes' } })
    }
    world.github.assertNothingUnexpected()
    world.gitlab.assertNothingUnexpected()
  })

  test('may be several to one account', async () => {
    await link(page, { name: 'acme-again', token: tokens.github, provider: 'GitHub' })
    await agree(page, world, { name: 'acme-again', status: 'active' })
    expect(await connectionsOf(page)).toHaveLength(3)
  })

  test('that the provider refuses stay in the list, as Invalid', async () => {
    const dialog = await add('GitHub')
    await dialog.getByLabel('Name', { exact: true }).fill('mistyped')
    await dialog.getByLabel('Token', { exact: true }).fill(`ghp_${'a'.repeat(36)}`)
    await dialog.getByRole('button', { name: 'Create Connection' }).click()
    await dialog.getByText('Invalid', { exact: true }).waitFor()
    await dialog.getByRole('button', { name: 'Done' }).click()
    await agree(page, world, { name: 'mistyped', status: 'invalid' })
  })
})
