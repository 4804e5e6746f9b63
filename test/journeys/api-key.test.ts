import { createClient } from '@git-connections/client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONNECTIONS, link } from './hands.ts'
import { agree, logOf } from './log.ts'
import { peopleAt } from './statuses.ts'
import { callAs, openPage, signUp, soon, startWorld, type World } from './world.ts'

let world: World
let page: Page

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  await signUp(page, world)
  await link(page, { name: 'acme', token: peopleAt(world).github(), provider: 'GitHub' })
})
afterAll(() => world.close())

/** Makes a key through the page and reads it, the one time that it is shown. */
async function makeKey(name: string, rights: string[]): Promise<string> {
  await page.goto(`${world.url}/settings/api-keys`)
  await page.getByLabel('Name', { exact: true }).fill(name)
  for (const right of ['see', 'use', 'manage']) {
    await page.getByRole('checkbox', { name: `${right}:` }).setChecked(rights.includes(right))
  }
  await page.getByRole('button', { name: 'Create key' }).click()
  const key = (await page.getByRole('button', { name: 'Copy the key' }).textContent())?.trim() ?? ''
  expect(key).toMatch(/^gc_\w{20,}$/)
  return key
}

const clientWith = (apiKey: string) => createClient({ url: world.url, apiKey })
const lastActs = async (count: number) =>
  (await logOf(world)).slice(-count).map(({ type, actor }) => `${actor.kind} ${actor.name}: ${type}`)

describe('a program with an API key (P30, P31)', () => {
  let key: string

  test('gets what the page shows', async () => {
    key = await makeKey('deploy bot', ['see', 'use', 'manage'])
    expect(await lastActs(1)).toEqual(['person Ada: KeyCreated'])
    expect(await clientWith(key).connections.list.query()).toEqual(await callAs(page, 'connections.list'))
  })

  test('changes things under its own name, and the page shows it by itself', async () => {
    await page.goto(world.url + CONNECTIONS)
    await agree(page, world, { name: 'acme', status: 'active' })
    const [acme] = await clientWith(key).connections.list.query()
    const of = { connectionId: acme?.id ?? '' }
    await clientWith(key).connections.validate.mutate(of)
    await clientWith(key).connections.disable.mutate({ ...of, reason: 'moving house' })
    await agree(page, world, { name: 'acme', status: 'active', enabled: false })
    await page.getByText('moving house').waitFor()
    expect(await lastActs(2)).toEqual(['key deploy bot: ConnectionValidated', 'key deploy bot: ConnectionDisabled'])
    await clientWith(key).connections.enable.mutate(of)
    await agree(page, world, { name: 'acme', status: 'active' })
  })

  test('stands in the audit as who did it', async () => {
    await page.goto(`${world.url}/audit`)
    await page.getByRole('combobox', { name: 'Actor' }).selectOption('deploy bot')
    const lines = page.locator('summary')
    await expect.poll(() => lines.count(), soon).toBe(3)
    for (const line of await lines.all()) expect(await line.textContent()).toContain('deploy bot')
  })

  test('does no more than its rights', async () => {
    const client = clientWith(await makeKey('dashboard', ['see']))
    const [acme] = await client.connections.list.query()
    const before = await logOf(world)
    for (const forbidden of ['disable', 'validate', 'delete'] as const) {
      await expect(client.connections[forbidden].mutate({ connectionId: acme?.id ?? '' })).rejects.toMatchObject({
        data: { code: 'FORBIDDEN', domainCode: 'Forbidden' },
      })
    }
    expect(await logOf(world)).toEqual(before)
  })

  test('is refused from the moment that its key is revoked, and the other goes on', async () => {
    await page.getByRole('button', { name: 'Revoke deploy bot' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
    await page.getByRole('button', { name: 'Revoke deploy bot' }).waitFor({ state: 'detached' })
    expect(await lastActs(1)).toEqual(['person Ada: KeyRevoked'])
    const calls = clientWith(key).connections
    await expect(calls.list.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } })
    await expect(calls.validate.mutate({ connectionId: crypto.randomUUID() })).rejects.toMatchObject({
      data: { code: 'UNAUTHORIZED' },
    })
    const names = (await callAs<{ name: string }[]>(page, 'organization.keys')).map(({ name }) => name)
    expect(names).toEqual(['dashboard'])
  })
})
