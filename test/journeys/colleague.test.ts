import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONNECTIONS, cardOf, invite, join, link, turn } from './hands.ts'
import { agree, logOf, untilLogged } from './log.ts'
import { peopleAt } from './statuses.ts'
import { callAs, openPage, signUp, startWorld, type World } from './world.ts'

const grace = { name: 'Grace', email: 'grace@example.com', password: 'a moth in the relay' }
const lin = { name: 'Lin', email: 'lin@example.com', password: 'seven bridges to cross' }

let world: World
let ada: Page
let hers: Page
let url: string

beforeAll(async () => {
  world = await startWorld()
  ada = await openPage(world)
  await signUp(ada, world)
  await link(ada, { name: 'acme', token: peopleAt(world).github(), provider: 'GitHub' })
})
afterAll(() => world.close())

const acts = async () => (await logOf(world)).map(({ type, actor }) => `${actor.name}: ${type}`)

describe('a colleague (P24)', () => {
  test('joins by the link of an invitation, in a browser of her own', async () => {
    url = await invite(ada, world, grace.email)
    hers = await openPage(world)
    await join(hers, url, grace)
    const ofMembers = (await acts()).filter((act) => act.includes(': Member'))
    expect(ofMembers.slice(-2)).toEqual(['Ada: MemberInvited', 'Grace: MemberJoined'])
    await ada.getByRole('button', { name: 'Remove Grace' }).waitFor()
    const members = await callAs<{ name: string }[]>(ada, 'organization.members')
    expect(members.map(({ name }) => name)).toEqual(['Ada', 'Grace'])
  })

  test('opens a door that nobody opens again', async () => {
    const stranger = await openPage(world)
    await stranger.goto(url)
    await stranger.getByText('This invitation is over').waitFor()
    await stranger.context().close()
  })

  test('sees the same connections, and who made them', async () => {
    await ada.goto(world.url + CONNECTIONS)
    await cardOf(hers, 'acme')
      .getByText(/created by Ada/)
      .waitFor()
    const list = 'connections.list'
    expect(await callAs(hers, list)).toEqual(await callAs(ada, list))
    await agree(hers, world, { name: 'acme', status: 'active' })
  })

  test('validates one under her own name', async () => {
    await cardOf(hers, 'acme').getByRole('button', { name: 'Validate' }).click()
    await untilLogged(world, { type: 'ConnectionValidated', by: 'Grace' })
    await agree(hers, world, { name: 'acme', status: 'active' })
  })

  test('changes one, and the other sees it without doing anything', async () => {
    await turn(hers, 'acme', 'Disabled')
    await agree(ada, world, { name: 'acme', status: 'active', enabled: false })
    await turn(ada, 'acme', 'Enabled')
    await agree(hers, world, { name: 'acme', status: 'active' })
  })

  test('loses everything at once when she is removed, in her open page too', async () => {
    await cardOf(hers, 'acme').waitFor()
    await ada.goto(`${world.url}/settings/members`)
    await ada.getByRole('button', { name: 'Remove Grace' }).click()
    await ada.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
    await hers.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await cardOf(hers, 'acme').count()).toBe(0)
    await expect(callAs(hers, 'connections.list')).rejects.toThrow('Sign in')
    expect(await acts()).toContain('Ada: MemberRemoved')
    await ada.getByRole('button', { name: 'Remove Grace' }).waitFor({ state: 'detached' })
  })

  test('is told why when she signs in again', async () => {
    await hers.getByLabel('E-mail').fill(grace.email)
    await hers.getByLabel('Password').fill(grace.password)
    await hers.getByRole('button', { name: 'Sign in' }).click()
    await hers.getByText('belongs to no organization').waitFor()
  })

  test('is not let in by an invitation that was cancelled', async () => {
    const cancelled = await invite(ada, world, 'lin@example.com')
    await ada.getByRole('button', { name: 'Cancel' }).click()
    await untilLogged(world, { type: 'InvitationCancelled', by: 'Ada' })
    await ada.getByText('lin@example.com', { exact: true }).waitFor({ state: 'detached' })
    const stranger = await openPage(world)
    await stranger.goto(cancelled)
    await stranger.getByText('This invitation is over').waitFor()
    await stranger.context().close()
  })

  test('leaves by herself, and is out at once', async () => {
    const again = await invite(ada, world, lin.email)
    const his = await openPage(world)
    await join(his, again, lin)
    await his.goto(`${world.url}/settings/members`)
    await his.getByRole('button', { name: 'Leave' }).click()
    await his.getByRole('dialog').getByRole('button', { name: 'Leave' }).click()
    await untilLogged(world, { type: 'MemberLeft', by: 'Lin' })
    await his.getByRole('heading', { name: 'Sign in' }).waitFor()
    await expect(callAs(his, 'connections.list')).rejects.toThrow('Sign in')
    const members = await callAs<{ name: string }[]>(ada, 'organization.members')
    expect(members.map(({ name }) => name)).toEqual(['Ada'])
  })
})
