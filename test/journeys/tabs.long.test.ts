import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONNECTIONS, cardOf, link, turn } from './hands.ts'
import { agree } from './log.ts'
import { peopleAt } from './statuses.ts'
import { openPage, signUp, startWorld, type World } from './world.ts'

/** More than the connections that a browser opens to a host. */
const TABS = 8
/** A machine that runs other tests too opens so many pages slowly. */
const OPEN_MS = 120_000

let world: World
let tabs: Page[]

const everywhere = (look: (tab: Page) => Promise<unknown>) => Promise.all(tabs.map(look))
const reconnecting = (tab: Page) => tab.getByText(/showing what was known at/)

beforeAll(async () => {
  world = await startWorld()
  const first = await openPage(world)
  await signUp(first, world)
  await link(first, { name: 'acme', token: peopleAt(world).github(), provider: 'GitHub' })
  tabs = [first, ...(await Promise.all(Array.from({ length: TABS - 1 }, () => first.context().newPage())))]
  await everywhere((tab) => tab.goto(world.url + CONNECTIONS, { timeout: OPEN_MS }))
  await everywhere((tab) => cardOf(tab, 'acme').waitFor({ timeout: OPEN_MS }))
}, 2 * OPEN_MS)
afterAll(() => world.close())

const first = () => {
  const [tab] = tabs
  if (!tab) throw new Error('no tab')
  return tab
}

// Over HTTP/1.1 a browser opens six connections to a host: a stream for each tab would leave none for anything else.
describe(`${TABS} tabs of one browser`, () => {
  test('all show what is done in the first', async () => {
    await turn(first(), 'acme', 'Disabled')
    await everywhere((tab) => agree(tab, world, { name: 'acme', status: 'active', enabled: false }))
    expect(await Promise.all(tabs.map((tab) => reconnecting(tab).count()))).toEqual(tabs.map(() => 0))
  })

  test('all say since when they show what was known, once the server is gone', async () => {
    await world.kill()
    await everywhere((tab) => reconnecting(tab).waitFor())
    for (const tab of tabs) {
      expect(await reconnecting(tab).textContent()).toMatch(/showing what was known at \d\d:\d\d$/)
      expect(await cardOf(tab, 'acme').getByRole('img', { name: 'Disabled' }).count()).toBe(1)
    }
  })

  test('are all live again by themselves when it is back', async () => {
    await world.restart()
    await everywhere((tab) => reconnecting(tab).waitFor({ state: 'detached' }))
    await turn(first(), 'acme', 'Enabled')
    await everywhere((tab) => agree(tab, world, { name: 'acme', status: 'active' }))
  })

  test('end their session together', async () => {
    await first().getByRole('button', { name: 'Sign out' }).click()
    await everywhere((tab) => tab.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 60_000 }))
  })
})
