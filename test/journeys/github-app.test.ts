import { generateKeyPairSync } from 'node:crypto'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CONNECTIONS, cardOf, untilListed } from './hands.ts'
import { agree, logOf } from './log.ts'
import { peopleAt } from './statuses.ts'
import { connectionsOf, openPage, signUp, startWorld, type World } from './world.ts'

let world: World
let page: Page
let app: number
let installation: number
let key: { pem: string; fingerprint: string }
const pems: string[] = []

beforeAll(async () => {
  world = await startWorld()
  peopleAt(world)
  app = world.github.app({ owner: 'acme-bot' }).id
  installation = world.github.installation({ app, account: 'acme-bot' }).id
  key = await newKey()
  page = await openPage(world)
  await signUp(page, world)
})
afterAll(() => world.close())
beforeEach(() => page.goto(world.url + CONNECTIONS))

const dialog = () => page.getByRole('dialog')
const card = (name: string) => cardOf(page, name)
const named = async (name: string) => (await connectionsOf(page)).find((each) => each.name === name)

async function newKey() {
  const made = await world.github.appKey({ app })
  pems.push(made.pem)
  return made
}

/** Opens the form of a GitHub App, filled in but for the key. */
async function begin(name: string, installationId: string) {
  await page.getByRole('button', { name: 'Add Git Connection' }).first().click()
  await dialog()
    .getByRole('radio', { name: /^GitHub App/ })
    .check()
  await dialog().getByLabel('Name', { exact: true }).fill(name)
  await dialog().getByLabel('App ID').fill(String(app))
  await dialog().getByLabel('Installation ID').fill(installationId)
}

const create = () => dialog().getByRole('button', { name: 'Create Connection' }).click()

async function works(name: string): Promise<void> {
  await create()
  await dialog().getByText('Active', { exact: true }).waitFor()
  await dialog().getByRole('button', { name: 'Done' }).click()
  expect(await agree(page, world, { name, status: 'active' })).toEqual(['ConnectionCreated', 'ConnectionValidated'])
  expect(await named(name)).toMatchObject({
    ...{ method: 'githubApp', canList: { is: 'yes' }, canClone: { is: 'yes' } },
    app: { appId: String(app), installationId: String(installation), keyFingerprint: `SHA256:${key.fingerprint}` },
  })
}

describe('a GitHub App (P11)', () => {
  test('is linked by its ids and its key, and shows the fingerprint that GitHub shows', async () => {
    await begin('by ids', String(installation))
    await dialog().getByText("Found in the app's settings.").waitFor()
    await dialog().getByLabel('Private Key').fill(key.pem)
    await works('by ids')
    await card('by ids').getByRole('link', { name: 'Details of by ids' }).click()
    await page.getByRole('button', { name: 'Settings' }).click()
    await page.getByText(`SHA256:${key.fingerprint}`).waitFor()
  })

  test("takes the installation's address, and the key's file dropped", async () => {
    await begin('by address', `${world.github.url}/settings/installations/${installation}`)
    // The browser's own objects, which this program's types do not know.
    const dropped = `new File([${JSON.stringify(key.pem)}], 'app.private-key.pem')`
    const files = await page.evaluateHandle(
      `(() => { const files = new DataTransfer(); files.items.add(${dropped}); return files })()`,
    )
    await dialog().getByLabel('Private Key').dispatchEvent('drop', { dataTransfer: files })
    await expect.poll(() => dialog().getByLabel('Private Key').inputValue()).toBe(key.pem)
    await works('by address')
  })

  test('says what is wrong with a key or an id before GitHub is asked anything', async () => {
    const small = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    await untilListed(page)
    const before = { asked: world.github.requests.length, logged: (await logOf(world)).length }
    await begin('bad', 'https://github.com/apps/acme-deploys')
    await dialog().getByLabel('Private Key').fill(key.pem)
    await create()
    await dialog()
      .getByText(/address of the App's public page, not of an installation/)
      .waitFor()
    await dialog().getByLabel('Installation ID').fill(String(installation))
    for (const [pasted, told] of [
      [key.pem.slice(0, 900), 'The end of the key is missing.'],
      [String(publicKey.export({ type: 'spki', format: 'pem' })), 'This is a public key; the private one is needed.'],
      [String(small.export({ type: 'pkcs1', format: 'pem' })), 'This RSA key has 1024 bits'],
      ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ ada@example', 'This is an SSH key, not the key of an App.'],
      ['app.2026-01-01.private-key.pem', "This is the name of the key's file, not its content."],
    ] as const) {
      await dialog().getByLabel('Private Key').fill(pasted)
      await create()
      await dialog().getByText(told).waitFor()
    }
    expect({ asked: world.github.requests.length, logged: (await logOf(world)).length }).toEqual(before)
  })
})

describe('the key of a GitHub App (P19)', () => {
  test("is replaced by Edit, once GitHub knows the new one as this App's", async () => {
    const other = world.github.app({ owner: 'acme-bot', name: 'Another' }).id
    const foreign = (await world.github.appKey({ app: other })).pem
    const before = await agree(page, world, { name: 'by ids', status: 'active' })
    await card('by ids').getByRole('button', { name: 'Edit' }).click()
    await dialog().getByText(`The key in use is SHA256:${key.fingerprint}.`).waitFor()
    await dialog().getByLabel('Private Key').fill(foreign)
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog()
      .getByText(/The old credential stays in use/)
      .waitFor()
    const next = await newKey()
    await dialog().getByLabel('Private Key').fill(next.pem)
    await dialog().getByRole('button', { name: 'Save' }).click()
    await dialog().waitFor({ state: 'detached' })
    world.github.removeAppKey({ app, fingerprint: key.fingerprint })
    await card('by ids').getByRole('button', { name: 'Validate' }).click()
    await card('by ids').getByRole('status').getByText('GitHub accepted the App.').waitFor()
    const types = (await agree(page, world, { name: 'by ids', status: 'active' })).slice(before.length)
    expect(types).toEqual(['TokenReplaced', 'ConnectionValidated', 'ConnectionValidated'])
    expect(await named('by ids')).toMatchObject({ app: { keyFingerprint: `SHA256:${next.fingerprint}` } })
  })
})

describe('an installation that is suspended (P22, P23)', () => {
  test('is told with who can lift it, and works again once that is done', async () => {
    world.github.changeInstallation({ id: installation, suspended: true })
    await card('by ids').getByRole('button', { name: 'Validate' }).click()
    await card('by ids')
      .getByText(/The installation is suspended.*Whoever suspended it can lift that/)
      .waitFor()
    await agree(page, world, { name: 'by ids', status: 'revoked' })
    expect(await named('by ids')).toMatchObject({ advice: { action: 'validate' } })
    world.github.changeInstallation({ id: installation, suspended: false })
    await card('by ids').getByRole('button', { name: 'Validate' }).click()
    await agree(page, world, { name: 'by ids', status: 'active' })
  })
})

describe('what the server printed and wrote down', () => {
  test('holds no key', async () => {
    const told = world.output() + JSON.stringify(await logOf(world))
    expect(pems).toHaveLength(2)
    for (const pem of pems) for (const line of pem.trim().split('\n').slice(1, -1)) expect(told).not.toContain(line)
  })
})
