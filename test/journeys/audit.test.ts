import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CONNECTIONS, cardOf, invite, join } from './hands.ts'
import { agree, logOf } from './log.ts'
import { linkByApi, peopleAt } from './statuses.ts'
import { callAs, openPage, signUp, soon, startWorld, type World } from './world.ts'

let world: World
let page: Page
let hers: string
let ours: string

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  await signUp(page, world)
  const tokens = peopleAt(world)
  ours = await linkByApi(page, { provider: 'github', name: 'acme', token: tokens.github() })
  const grace = await openPage(world)
  const link = await invite(page, world, 'grace@example.com')
  await join(grace, link, { name: 'Grace', password: 'a moth in the relay' })
  hers = await linkByApi(grace, { provider: 'gitlab', name: 'lab', token: tokens.gitlab() })
  await callAs(grace, 'connections.validate', { connectionId: ours })
  await callAs(page, 'connections.disable', { connectionId: hers, reason: 'moving house' })
  await callAs(page, 'connections.rename', { connectionId: ours, name: 'acme-github' })
  await callAs(grace, 'connections.enable', { connectionId: hers })
  await vi.waitFor(async () => expect((await logOf(world)).at(-1)?.type).toBe('ConnectionValidated'), soon)
  await grace.context().close()
})
afterAll(() => world.close())

type Entry = { position: number; type: string; actor: { name: string }; creator: { name: string } | null }
const filter = (name: string) => page.getByRole('combobox', { name })
const urlHas = (name: string) => new URL(page.url()).searchParams.get(name)

/** The lines that the page shows once there are so many, the newest first. */
async function shown(count: number): Promise<string[]> {
  await expect.poll(() => page.locator('summary').count(), soon).toBe(count)
  return page.locator('summary').allTextContents()
}

/** Page and API must show what the log holds, through the same filter. */
async function shows(input: object, wanted: (line: Awaited<ReturnType<typeof logOf>>[number]) => boolean) {
  const lines = (await logOf(world)).filter(wanted).reverse()
  const { entries } = await callAs<{ entries: Entry[] }>(page, 'audit.list', { limit: 200, ...input })
  expect(entries.map(({ position }) => position)).toEqual(lines.map(({ position }) => position))
  const texts = await shown(lines.length)
  for (const [index, line] of lines.entries()) expect(texts[index]).toContain(line.actor.name)
  expect(lines.length).toBeGreaterThan(0)
  return { entries, texts }
}

describe('the views of status and of creators (P29)', () => {
  test('show the state that the events left behind', async () => {
    await page.goto(world.url + CONNECTIONS)
    await agree(page, world, { name: 'acme-github', status: 'active' })
    await agree(page, world, { name: 'lab', status: 'active' })
    await cardOf(page, 'acme-github')
      .getByText(/created by Ada/)
      .waitFor()
    await cardOf(page, 'lab')
      .getByText(/created by Grace/)
      .waitFor()
  })

  test('list every event, the newest first', async () => {
    await page.goto(`${world.url}/audit`)
    const { texts } = await shows({}, () => true)
    expect(texts.at(-1)).toMatch(/organization created|created the organization/)
  })

  test('grow while one looks', async () => {
    const before = await page.locator('summary').count()
    await callAs(page, 'connections.rename', { connectionId: ours, name: 'acme' })
    const texts = await shown(before + 1)
    expect(texts[0]).toContain('renamed it to "acme"')
  })

  test('narrow to what happened to the connections of one creator, whoever did it', async () => {
    await filter('Creator').selectOption('Grace')
    const { entries } = await shows({ creatorId: await optionOf('Grace', 'creators') }, ({ stream }) => stream === hers)
    expect(new Set(entries.map(({ creator }) => creator?.name))).toEqual(new Set(['Grace']))
    expect(entries.map(({ actor, type }) => `${actor.name}: ${type}`)).toContain('Ada: ConnectionDisabled')
    expect(urlHas('creator')).not.toBeNull()
  })

  test('narrow to what one did', async () => {
    await page.goto(`${world.url}/audit`)
    await filter('Actor').selectOption('Grace')
    await shows({ actorId: await optionOf('Grace', 'actors') }, ({ actor }) => actor.name === 'Grace')
  })

  test('narrow to one connection, and to one kind of event in it', async () => {
    await page.goto(`${world.url}/audit`)
    await filter('Connection').selectOption('acme')
    await shows({ connectionId: ours }, ({ stream }) => stream === ours)
    await filter('Kind').selectOption('ConnectionRenamed')
    await shows(
      { connectionId: ours, types: ['ConnectionRenamed'] },
      ({ stream, type }) => stream === ours && type === 'ConnectionRenamed',
    )
  })

  test('keep the filters in the address: reloading keeps them, back takes the last away', async () => {
    expect([urlHas('connection'), urlHas('kind')]).toEqual([ours, 'ConnectionRenamed'])
    await page.reload()
    await shown(2)
    expect(await filter('Kind').inputValue()).toBe('ConnectionRenamed')
    await page.goBack()
    await shows({ connectionId: ours }, ({ stream }) => stream === ours)
    expect(await filter('Kind').inputValue()).toBe('')
    await page.goBack()
    await shows({}, () => true)
    await page.goForward()
    await shows({ connectionId: ours }, ({ stream }) => stream === ours)
  })

  test('narrow to a time', async () => {
    const [first, second] = (await logOf(world)).map(({ at }) => at.toISOString())
    await page.goto(`${world.url}/audit?from=${second}`)
    await shows({ from: second }, ({ at }) => at.toISOString() >= (second ?? ''))
    await page.goto(`${world.url}/audit?to=${first}`)
    await shows({ to: first }, ({ at }) => at.toISOString() <= (first ?? ''))
    await page.goto(`${world.url}/audit`)
    await page.getByLabel('To:').fill('2020-01-01T00:00')
    await page.getByText('Nothing was recorded that fits these filters.').waitFor()
    expect(urlHas('to')).toBe('2020-01-01T00:00')
  })

  test('open an entry to the event exactly as recorded', async () => {
    await page.goto(`${world.url}/audit?kind=ConnectionDisabled`)
    await page.locator('summary').click()
    const text = await page.locator('pre:visible').textContent()
    expect(JSON.parse(text ?? '')).toMatchObject({ type: 'ConnectionDisabled', data: { reason: 'moving house' } })
  })
})

async function optionOf(name: string, facet: 'creators' | 'actors'): Promise<string | undefined> {
  const facets = await callAs<Record<'creators' | 'actors', { id: string; name: string }[]>>(page, 'audit.facets')
  return facets[facet].find((each) => each.name === name)?.id
}
