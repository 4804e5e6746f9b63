import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GitLabSimulator, startGitLab } from '../simulators/gitlab.ts'
import {
  allow,
  beginSignIn,
  linkByWindow,
  openWindow,
  registerAtGitLab,
  registerGitHubApp,
  setApplication,
} from './applications.ts'
import { CONNECTIONS, cardOf, untilListed } from './hands.ts'
import { reachMany } from './many.ts'
import { option, pick } from './project-hands.ts'
import { linkByApi } from './statuses.ts'
import { callAs, connectionsOf, openPage, signUp, startWorld, type World } from './world.ts'

const DAY_MS = 86_400_000
const SIZE = { width: 1280, height: 800 }

let world: World
let own: GitLabSimulator
let page: Page
/** Where the pictures go. Those of the README are made anew by `PICTURES=docs/screenshots npm run test:long -- pictures`. */
let folder = process.env.PICTURES ?? ''

beforeAll(async () => {
  if (!folder) folder = await mkdtemp(join(tmpdir(), 'pictures-'))
  own = await startGitLab({ path: '/gitlab' })
  world = await startWorld({ TRUSTED_HOSTS: '127.0.0.1' })
  const { github, gitlab } = world
  github.user({ login: 'ada' })
  github.organization({ login: 'northwind' })
  github.repository({ fullName: 'northwind/shop', visibility: 'private', files: { 'README.md': 'shop' } })
  github.repository({ fullName: 'ada/web-addons', visibility: 'private', files: { 'README.md': 'addons' } })
  for (const lab of [gitlab, own]) {
    lab.user({ username: 'ada' })
    lab.project({ path: 'ada/erp', visibility: 'private', files: { 'README.md': 'erp' } })
  }
  page = await openPage(world)
  await page.setViewportSize(SIZE)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await signUp(page, world)
})
afterAll(async () => {
  await world.close()
  await own[Symbol.asyncDispose]()
  if (!process.env.PICTURES) await rm(folder, { recursive: true })
})

const dialog = () => page.getByRole('dialog')
const card = (name: string) => cardOf(page, name)
const go = (path = CONNECTIONS) => page.goto(world.url + path)
const done = () => dialog().getByRole('button', { name: 'Done' }).click()

/** Takes a picture of what is shown, with no hint open and nothing pointed at. */
async function picture(name: string): Promise<void> {
  await page.mouse.move(0, 0)
  await page.getByRole('tooltip').waitFor({ state: 'detached' })
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled' })
}

// One story: each picture shows what the ones before have made.
describe('a picture of the page for the README', () => {
  test('shows how an OAuth application is registered', async () => {
    await beginSignIn(page, 'GitLab')
    await dialog()
      .getByText(/No OAuth application is set for/)
      .waitFor()
    await picture('register-application')
    for (const application of [
      registerGitHubApp(world, 'ada'),
      registerAtGitLab(world),
      registerAtGitLab(world, own),
    ]) {
      await setApplication(page, application)
    }
  })

  test('shows what a sign-in came to', async () => {
    await go()
    await beginSignIn(page, 'GitHub')
    await allow(await openWindow(page))
    await dialog().getByText('Active', { exact: true }).waitFor()
    await picture('signed-in')
    await done()
  })

  test('shows a sign-in that was refused', async () => {
    await go()
    await beginSignIn(page, 'GitLab')
    const popup = await openWindow(page)
    await popup.getByRole('button', { name: 'Cancel' }).click()
    await dialog()
      .getByText(/Access was not allowed/)
      .waitFor()
    await picture('sign-in-refused')
  })

  test('shows the way to a GitLab of its own', async () => {
    await go()
    await linkByWindow(page, { provider: 'GitLab', name: 'gitlab' })
    await beginSignIn(page, 'GitLab')
    await dialog()
      .getByText(/, change$/)
      .first()
      .click()
    await dialog().getByLabel('Instance URL').fill(own.url)
    await dialog().getByLabel('Name', { exact: true }).fill('own gitlab')
    await dialog()
      .getByText(/^You sign in at 127\.0\.0\.1:\d+\/gitlab/)
      .waitFor()
    await picture('self-hosted')
  })

  test('shows the form of a GitHub App, and what is wrong with a key', async () => {
    const app = world.github.app({ owner: 'northwind' }).id
    const installation = world.github.installation({ app, account: 'northwind' }).id
    const { pem } = await world.github.appKey({ app })
    await go()
    await page.getByRole('button', { name: 'Add Git Connection' }).click()
    await dialog()
      .getByRole('radio', { name: /^GitHub App/ })
      .check()
    await dialog().getByLabel('Name', { exact: true }).fill('northwind app')
    await dialog().getByLabel('App ID').fill(String(app))
    const address = `${world.github.url}/organizations/northwind/settings/installations/${installation}`
    await dialog().getByLabel('Installation ID').fill(address)
    await dialog().getByLabel('Private Key').fill(pem.slice(0, 900))
    await dialog().getByRole('button', { name: 'Create Connection' }).click()
    await dialog().getByText('The end of the key is missing.').waitFor()
    await picture('github-app')
    await dialog().getByLabel('Private Key').fill(pem)
    await dialog().getByRole('button', { name: 'Create Connection' }).click()
    await dialog().getByText('Active', { exact: true }).waitFor()
    await done()
  })

  test('shows the connections: one revoked, one that ends soon, one that a project uses', async () => {
    const expiresAt = new Date(Date.now() + 5 * DAY_MS).toISOString().slice(0, 10)
    const scopes = ['api', 'read_repository']
    const token = world.gitlab.token({ user: 'ada', scopes, expiresAt })
    await linkByApi(page, { provider: 'gitlab', name: 'mirror', token })
    await untilListed(page)
    const list = await callAs<{ repositories: { id: string; connectionId: string; fullName: string }[] }>(
      page,
      'repositories.list',
      {},
    )
    const shop = list.repositories.find(({ fullName }) => fullName === 'northwind/shop')
    const repository = { connectionId: shop?.connectionId, repositoryId: shop?.id, branch: 'main' }
    await callAs(page, 'projects.create', { name: 'Shop', repository })
    const applications = await callAs<{ baseUrl: string; clientId: string }[]>(page, 'organization.oauthApplications')
    const uid = applications.find(({ baseUrl }) => baseUrl === world.gitlab.url)?.clientId ?? ''
    world.gitlab.withdraw({ uid, user: 'ada' })
    await go()
    await card('gitlab').getByRole('button', { name: 'Refresh Token' }).click()
    await card('gitlab').getByText('Revoked', { exact: true }).waitFor()
    await go()
    await card('northwind app').getByText('used by 1 project').waitFor()
    await card('gitlab').getByText('used by no project').waitFor()
    expect(await card('gitlab').textContent()).not.toContain('Refreshes by itself')
    expect(await page.getByRole('main').textContent()).not.toContain('environment')
    await picture('connections')
  })

  test('shows how one is reconnected', async () => {
    await card('gitlab').getByRole('button', { name: 'Reconnect' }).click()
    await dialog()
      .getByRole('button', { name: /^Connect with/ })
      .waitFor()
    await picture('reconnect')
  })

  test('shows the audit with an open entry', async () => {
    await go('/audit')
    await page.locator('summary').first().click()
    await page
      .getByRole('complementary', { name: 'The open entry' })
      .getByText(/"position": \d+/)
      .waitFor()
    await picture('audit')
  })

  test('shows the picker, with ten thousand repositories to search', async () => {
    const mirror = (await connectionsOf(page)).find(({ name }) => name === 'mirror')
    await reachMany(world, mirror?.id ?? '', { repositories: 10_000, branches: 1 })
    await go('/projects/new')
    await page.getByRole('button', { name: 'Choose a repository' }).click()
    await option(page, /^mirror/).click()
    await page.keyboard.type('module 42')
    await option(page, /module-00042/).waitFor()
    await page.getByText(/10,000 repositories, as of/).waitFor()
    await picture('picker')
  })

  test('shows a project, and what became of it', async () => {
    await go('/projects')
    await card('Shop').getByRole('link', { name: 'Shop' }).click()
    for (const wanted of [
      { through: 'ada', fullName: 'ada/web-addons' },
      { through: 'mirror', fullName: 'acme/module-00001' },
    ]) {
      await page.getByRole('link', { name: 'Edit' }).click()
      await page.getByRole('button', { name: 'Add an addon repository' }).click()
      await pick(page, wanted)
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText(`added ${wanted.fullName} as an addon repository`).waitFor()
    }
    await picture('project')
  })
})
