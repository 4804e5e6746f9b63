import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cardOf, link as linkOn } from './hands.ts'
import { connectionsOf, eventsOf, openPage, signUp, startWorld, type World } from './world.ts'

let world: World
let page: Page
let tokens: { github: string; other: string; gitlab: string }

beforeAll(async () => {
  world = await startWorld()
  const { github, gitlab } = world
  github.user({ login: 'acme-bot' })
  github.user({ login: 'eve' })
  for (const name of ['shop', 'addons', 'themes']) {
    github.repository({ fullName: `acme-bot/${name}`, visibility: 'private', files: { 'README.md': name } })
  }
  gitlab.user({ username: 'lab-bot' })
  gitlab.project({ path: 'lab-bot/erp', visibility: 'private', files: { 'README.md': 'erp' } })
  tokens = {
    github: github.token({
      kind: 'classic',
      user: 'acme-bot',
      scopes: ['repo', 'read:org'],
      expiresAt: '2030-01-01T00:00:00Z',
    }),
    other: github.token({ kind: 'classic', user: 'eve', scopes: ['repo', 'read:org'] }),
    gitlab: gitlab.token({
      kind: 'personal',
      user: 'lab-bot',
      scopes: ['api', 'read_repository'],
      expiresAt: '2030-01-01',
    }),
  }
  page = await openPage(world)
  await signUp(page, world)
})
afterAll(() => world.close())

const card = (name: string) => cardOf(page, name)
const link = (name: string, token: string, provider: 'GitHub' | 'GitLab') => linkOn(page, { name, token, provider })

describe('linking accounts by token (P4, P5, P9, P10)', () => {
  test('shows every method, the steps to make a token, and the link to do it', async () => {
    await page.getByRole('button', { name: 'Add Git Connection' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Connect with GitHub').waitFor()
    await dialog.getByText('Personal Access Token').first().waitFor()
    await dialog.getByText('GitHub App').first().waitFor()
    const link = dialog.getByRole('link').first()
    expect(await link.getAttribute('href')).toContain('/settings/tokens/new')
    await dialog.getByText(/can use this connection for deployments/).waitFor()
    await page.keyboard.press('Escape')
  })

  test('says at once that a paste is of the other provider', async () => {
    await page.getByRole('button', { name: 'Add Git Connection' }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Token', { exact: true }).fill(tokens.gitlab)
    await dialog.getByRole('button', { name: 'Switch to GitLab' }).waitFor()
    await page.keyboard.press('Escape')
    expect(await connectionsOf(page)).toEqual([])
  })

  test('links GitHub and GitLab, with the evidence in page, API and log', async () => {
    await link('acme-github', tokens.github, 'GitHub')
    await link('lab', tokens.gitlab, 'GitLab')
    await card('acme-github').getByText('Active').waitFor()
    await card('acme-github').getByText('acme-bot').waitFor()
    await card('lab').getByText('lab-bot').first().waitFor()
    expect(await connectionsOf(page)).toMatchObject([
      {
        name: 'acme-github',
        status: 'active',
        canList: { is: 'yes' },
        canClone: { is: 'yes' },
        account: { login: 'acme-bot' },
      },
      { name: 'lab', status: 'active', canList: { is: 'yes' }, canClone: { is: 'yes' }, account: { login: 'lab-bot' } },
    ])
    const log = await eventsOf(page)
    expect(log.filter((type) => type === 'ConnectionCreated')).toHaveLength(2)
    expect(log.filter((type) => type === 'ConnectionValidated').length).toBeGreaterThanOrEqual(2)
    world.github.assertNothingUnexpected()
    world.gitlab.assertNothingUnexpected()
  })

  test('takes a second connection to the same account', async () => {
    await link('acme-again', tokens.github, 'GitHub')
    expect(await connectionsOf(page)).toHaveLength(3)
  })
})

describe('managing a connection (P16, P18, P19, P20, P22, P25)', () => {
  test('shows who created it', async () => {
    await card('acme-github')
      .getByText(/created by Ada/)
      .waitFor()
  })

  test('validates on demand, and tells an outage from a dead token', async () => {
    const outage = world.github.fault({ kind: 'status', status: 502 })
    await card('acme-github').getByRole('button', { name: 'Validate' }).click()
    await card('acme-github')
      .getByText(/Next try/)
      .waitFor()
    await card('acme-github').getByText('Active').waitFor()
    outage.lift()
    await card('acme-github').getByRole('button', { name: 'Validate' }).click()
    await card('acme-github')
      .getByText(/Next try/)
      .waitFor({ state: 'detached' })
    expect(await eventsOf(page)).toContain('ValidationDeferred')
  })

  test('is disabled and enabled by its toggle, with an icon for each', async () => {
    await card('acme-again').getByRole('switch').click({ force: true })
    await card('acme-again').getByRole('img', { name: 'Disabled' }).waitFor()
    expect((await connectionsOf(page)).find(({ name }) => name === 'acme-again')?.enabled).toBe(false)
    await card('acme-again').getByRole('switch').click({ force: true })
    await card('acme-again').getByRole('img', { name: 'Enabled' }).waitFor()
    expect(await eventsOf(page)).toEqual(expect.arrayContaining(['ConnectionDisabled', 'ConnectionEnabled']))
  })

  test('takes a new token of another account only when that is confirmed', async () => {
    await card('acme-again').getByRole('button', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Token', { exact: true }).fill(tokens.other)
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByRole('button', { name: 'Use the other account' }).click()
    await card('acme-again').getByText('eve').first().waitFor()
    expect(await eventsOf(page)).toContain('TokenReplaced')
  })

  test('turns Revoked when the provider refuses the token twice, and offers to paste a new one', async () => {
    world.github.revoke({ token: tokens.other })
    await card('acme-again').getByRole('button', { name: 'Validate' }).click()
    await card('acme-again').getByText('Revoked').first().waitFor()
    await card('acme-again').getByRole('button', { name: 'Paste a new token' }).waitFor()
  })

  test('is deleted after a confirmation, and can be restored', async () => {
    await card('lab').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('button', { name: 'Restore lab' }).click()
    await card('lab').getByText('Active').waitFor()
    expect(await eventsOf(page)).toEqual(expect.arrayContaining(['ConnectionDeleted', 'ConnectionRestored']))
  })
})

describe('a server that is killed (P28)', () => {
  test('goes on with what was Pending, and has lost nothing', async () => {
    const before = await eventsOf(page)
    await world.kill()
    await world.restart()
    await page.reload()
    await card('acme-github').getByText('Active').waitFor()
    expect((await eventsOf(page)).slice(0, before.length)).toEqual(before)
  })
})

describe('what the server printed', () => {
  test('holds no token', () => {
    for (const token of Object.values(tokens)) expect(world.output()).not.toContain(token)
  })
})
