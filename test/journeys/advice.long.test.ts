import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONNECTIONS, cardOf, pasteNew } from './hands.ts'
import { agree } from './log.ts'
import { linkByApi, linkEveryStatus, type peopleAt } from './statuses.ts'
import { callAs, openPage, signUp, soon, startWorld, type World } from './world.ts'

let world: World
let page: Page
let tokens: ReturnType<typeof peopleAt>

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  await signUp(page, world)
  tokens = (await linkEveryStatus(page, world)).tokens
  await page.goto(world.url + CONNECTIONS)
})
afterAll(() => world.close())

describe('a status (P22)', () => {
  test.each([
    ['active', 'Working normally'],
    ['expired', 'The token needs to be refreshed or renewed'],
    ['revoked', "The token was revoked on the provider's side"],
    ['error', 'Something went wrong, check the credentials'],
    ['invalid', 'The credentials are invalid or malformed'],
    ['pending', 'The connection is being validated'],
  ])('%s tells its meaning when pointed at', async (status, meaning) => {
    await agree(page, world, { name: status, status })
    await cardOf(page, status)
      .getByText(new RegExp(`^${status}$`, 'i'))
      .last()
      .hover()
    await page.getByRole('tooltip').getByText(meaning).waitFor()
    await page.mouse.move(0, 0)
    await page.getByRole('tooltip').waitFor({ state: 'detached' })
  })
})

/** The first button of a card, which is what the card advises. */
const next = (name: string) => cardOf(page, name).getByRole('button', { name: /^(Validate|Paste a new token)$/ })
const advised = (name: string, button: string) =>
  expect.poll(() => next(name).first().textContent(), soon).toContain(button)
const validate = (name: string) => cardOf(page, name).getByRole('button', { name: 'Validate' }).click()

describe('the next button of a connection by token (P23)', () => {
  test('Expired: validate first; when that does not help, a new token', async () => {
    await advised('expired', 'Validate')
    await validate('expired')
    await advised('expired', 'Paste a new token')
    await next('expired').first().click()
    await pasteNew(page, tokens.gitlab())
    const types = await agree(page, world, { name: 'expired', status: 'active' })
    expect(types.slice(-2)).toEqual(['TokenReplaced', 'ConnectionValidated'])
  })

  test('Error: validate first, which is enough once its cause is mended at the provider', async () => {
    world.gitlab.user({ username: 'sleeper' })
    const token = world.gitlab.token({ user: 'sleeper', scopes: ['api', 'read_repository'], expiresAt: '2030-01-01' })
    const connectionId = await linkByApi(page, { provider: 'gitlab', name: 'asleep', token })
    world.gitlab.changeUser({ username: 'sleeper', state: 'deactivated' })
    await callAs(page, 'connections.validate', { connectionId })
    await agree(page, world, { name: 'asleep', status: 'error' })
    await advised('asleep', 'Validate')
    world.gitlab.changeUser({ username: 'sleeper', state: 'active' })
    await validate('asleep')
    await agree(page, world, { name: 'asleep', status: 'active' })
  })

  test('Error that stays: a new token after all', async () => {
    const token = world.gitlab.token({ user: 'sleeper', scopes: ['api', 'read_repository'], expiresAt: '2030-01-01' })
    world.gitlab.changeUser({ username: 'sleeper', state: 'deactivated' })
    await validate('asleep')
    await agree(page, world, { name: 'asleep', status: 'error' })
    await advised('asleep', 'Validate')
    await validate('asleep')
    await advised('asleep', 'Paste a new token')
    world.gitlab.changeUser({ username: 'sleeper', state: 'active' })
    await next('asleep').first().click()
    await pasteNew(page, token)
    await agree(page, world, { name: 'asleep', status: 'active' })
  })

  test('Error for want of a scope at GitHub, where the same token can be given it: validate', async () => {
    const token = tokens.github()
    const connectionId = await linkByApi(page, { provider: 'github', name: 'narrow', token })
    world.github.changeToken({ token, scopes: [] })
    await callAs(page, 'connections.validate', { connectionId })
    await agree(page, world, { name: 'narrow', status: 'error' })
    await advised('narrow', 'Validate')
    await cardOf(page, 'narrow')
      .getByText(/lacks the scope repo/)
      .waitFor()
    world.github.changeToken({ token, scopes: ['repo', 'read:org'] })
    await validate('narrow')
    await agree(page, world, { name: 'narrow', status: 'active' })
  })

  test.each([
    ['invalid', 'github'],
    ['revoked', 'gitlab'],
  ] as const)('%s: a new token', async (name, provider) => {
    await advised(name, 'Paste a new token')
    await next(name).first().click()
    await pasteNew(page, tokens[provider]())
    const types = await agree(page, world, { name, status: 'active' })
    expect(types.slice(-2)).toEqual(['TokenReplaced', 'ConnectionValidated'])
  })

  test('none where all is well', async () => {
    await agree(page, world, { name: 'active', status: 'active' })
    expect(await cardOf(page, 'active').getByRole('button', { name: 'Paste a new token' }).count()).toBe(0)
  })
})
