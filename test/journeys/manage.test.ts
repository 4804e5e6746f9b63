import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cardOf, link, pasteNew, turn, untilListed } from './hands.ts'
import { agree, logOf } from './log.ts'
import { linkByApi, peopleAt } from './statuses.ts'
import { connectionsOf, openPage, signUp, soon, startWorld, type World } from './world.ts'

let world: World
let page: Page
let tokens: ReturnType<typeof peopleAt>
/** Every token that was ever pasted. */
const pasted: string[] = []

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  await signUp(page, world)
  const mint = peopleAt(world)
  const kept = (token: string) => {
    pasted.push(token)
    return token
  }
  tokens = { github: () => kept(mint.github()), gitlab: () => kept(mint.gitlab()) }
  world.github.user({ login: 'eve' })
  await link(page, { name: 'acme', token: tokens.github(), provider: 'GitHub' })
})
afterAll(() => world.close())

const card = (name: string) => cardOf(page, name)
const dialog = () => page.getByRole('dialog')
const button = (name: string) => card('acme').getByRole('button', { name, exact: true })
const last = async () => (await logOf(world)).at(-1)?.type
/** What was done to it; checks come by themselves, too. */
const changes = (types: string[]) => types.filter((type) => !/^(ConnectionValidated|ValidationDeferred)$/.test(type))
const byName = async (name: string) => (await connectionsOf(page)).find((each) => each.name === name)

describe('a connection (P16, P18, P19, P20, P22, P25)', () => {
  test('shows who created it', async () => {
    await card('acme')
      .getByText(/created by Ada/)
      .waitFor()
    expect(await byName('acme')).toMatchObject({ createdBy: { name: 'Ada' } })
    expect((await logOf(world)).find(({ type }) => type === 'ConnectionCreated')?.actor.name).toBe('Ada')
  })

  test('is validated by its check mark, with a message of the result', async () => {
    const before = (await agree(page, world, { name: 'acme', status: 'active' })).length
    await button('Validate').click()
    await card('acme').getByRole('status').getByText('GitHub accepted the token.').waitFor()
    const types = await agree(page, world, { name: 'acme', status: 'active' })
    expect(types.slice(before)).toEqual(['ConnectionValidated'])
  })

  test('is disabled and enabled by its toggle, with an icon for each, and checked again', async () => {
    await turn(page, 'acme', 'Disabled')
    const off = await agree(page, world, { name: 'acme', status: 'active', enabled: false })
    expect(off.at(-1)).toBe('ConnectionDisabled')
    await turn(page, 'acme', 'Enabled')
    await expect
      .poll(async () => (await agree(page, world, { name: 'acme', status: 'active' })).slice(off.length), soon)
      .toEqual(['ConnectionEnabled', 'ConnectionValidated'])
  })

  test('takes a new token of the same account, and uses it from then on', async () => {
    const token = tokens.github()
    await button('Edit').click()
    await pasteNew(page, token)
    const types = await agree(page, world, { name: 'acme', status: 'active' })
    expect(types.slice(-2)).toEqual(['TokenReplaced', 'ConnectionValidated'])
    expect(await byName('acme')).toMatchObject({ credentialVersion: 2 })
    await untilListed(page)
    const before = (await logOf(world)).length
    const asked = world.github.requests.length
    await button('Validate').click()
    await expect.poll(async () => (await logOf(world)).length, soon).toBe(before + 1)
    expect(await last()).toBe('ConnectionValidated')
    const shown = new Set(world.github.requests.slice(asked).map(({ credential }) => credential?.secret))
    expect(shown).toContain(token)
    for (const old of pasted.filter((each) => each !== token)) expect(shown).not.toContain(old)
  })

  test('keeps its old token when the provider refuses the new one', async () => {
    const before = changes(await agree(page, world, { name: 'acme', status: 'active' }))
    await button('Edit').click()
    await dialog()
      .getByLabel('Token', { exact: true })
      .fill(`ghp_${'a'.repeat(36)}`)
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog()
      .getByText(/The old credential stays in use/)
      .waitFor()
    await dialog().getByRole('button', { name: 'Cancel' }).click()
    expect(changes(await agree(page, world, { name: 'acme', status: 'active' }))).toEqual(before)
  })

  test('keeps its Save where it is while it tells what was pasted, so that no press is lost', async () => {
    for (const width of [1440, 360]) {
      await page.setViewportSize({ width, height: 900 })
      await button('Edit').click()
      const place = () => dialog().getByRole('button', { name: 'Save' }).boundingBox()
      const before = await place()
      for (const [pasted, told] of [
        [`ghp_${'a'.repeat(36)}`, /does not fit the rest/],
        ['0123456789abcdef-not-usual', /it is tried all the same/],
        ['0123456789'.repeat(4), /A client secret looks the same/],
        [`gho_${'a'.repeat(36)}`, /until the app or its owner takes it back/],
      ] as const) {
        await dialog().getByLabel('Token', { exact: true }).fill(pasted)
        await dialog().getByText(told).waitFor()
        expect(await place()).toEqual(before)
      }
      await dialog().getByRole('button', { name: 'Cancel' }).click()
    }
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  test('takes a new token of another account only when that is confirmed', async () => {
    const other = world.github.token({ kind: 'classic', user: 'eve', scopes: ['repo', 'read:org'] })
    pasted.push(other)
    await button('Edit').click()
    await dialog().getByLabel('Token', { exact: true }).fill(other)
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().getByRole('button', { name: 'Use the other account' }).click()
    await card('acme').getByText('eve').first().waitFor()
    await agree(page, world, { name: 'acme', status: 'active' })
    world.github.revoke({ token: other })
  })

  test('turns Revoked when the provider refuses its token twice', async () => {
    await button('Validate').click()
    await card('acme').getByText('Revoked', { exact: true }).waitFor()
    const types = await agree(page, world, { name: 'acme', status: 'revoked' })
    // The list of its repositories, read in the background, may have found it refused first.
    expect(types.slice(types.lastIndexOf('TokenReplaced'))).toEqual(
      expect.arrayContaining(['ValidationDeferred', 'ConnectionValidated']),
    )
  })

  test('is deleted after a confirmation only, and can be restored', async () => {
    const before = changes(await agree(page, world, { name: 'acme', status: 'revoked' }))
    await button('Delete').click()
    await dialog().getByText('No project depends on it.').waitFor()
    await dialog().getByRole('button', { name: 'Cancel' }).click()
    expect(changes(await agree(page, world, { name: 'acme', status: 'revoked' }))).toEqual(before)
    await button('Delete').click()
    await dialog().getByRole('button', { name: 'Delete' }).click()
    await card('acme').waitFor({ state: 'detached' })
    expect(await connectionsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Restore acme' }).click()
    await card('acme').waitFor()
    const after = changes(await agree(page, world, { name: 'acme', status: 'revoked' }))
    expect(after).toEqual([...before, 'ConnectionDeleted', 'ConnectionRestored'])
  })
})

describe('an outage of the provider (P16, P22)', () => {
  test('leaves the status as it was, and says that the check was not done', async () => {
    await linkByApi(page, { provider: 'github', name: 'steady', token: tokens.github() })
    const outage = world.github.fault({ kind: 'status', status: 502 })
    await card('steady').getByRole('button', { name: 'Validate' }).click()
    await card('steady')
      .getByText(/Next try/)
      .waitFor()
    expect((await agree(page, world, { name: 'steady', status: 'active' })).at(-1)).toBe('ValidationDeferred')
    outage.lift()
    await card('steady').getByRole('button', { name: 'Validate' }).click()
    const steady = () => agree(page, world, { name: 'steady', status: 'active' })
    await expect.poll(async () => (await steady()).at(-1), soon).toBe('ConnectionValidated')
    await card('steady')
      .getByText(/Next try/)
      .waitFor({ state: 'detached' })
  })
})

describe('a server that is killed (P28)', () => {
  test('has lost nothing when it is back, and settles what was Pending when asked', async () => {
    const token = tokens.gitlab()
    const silence = world.gitlab.fault({ kind: 'hang', token })
    await linkByApi(page, { provider: 'gitlab', name: 'lab', token, status: 'pending' })
    await expect.poll(() => silence.hits, soon).toBeGreaterThan(0)
    const before = await logOf(world)
    await world.kill()
    silence.lift()
    await world.restart()
    expect((await logOf(world)).slice(0, before.length)).toEqual(before)
    await page.reload()
    await agree(page, world, { name: 'lab', status: 'pending' })
    await card('lab').getByRole('button', { name: 'Validate' }).click()
    await agree(page, world, { name: 'lab', status: 'active' })
  })
})

describe('what the server printed', () => {
  test('holds no token', () => {
    expect(pasted.length).toBeGreaterThan(3)
    for (const token of pasted) expect(world.output()).not.toContain(token)
  })
})
