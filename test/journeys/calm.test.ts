import { createServer, request, type Server } from 'node:http'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { linkByApi, peopleAt } from './statuses.ts'
import { callAs, connectionsOf, openPage, signUp, startWorld, type World } from './world.ts'

const MOST_BYTES = 100_000

/** Adds up how much of the window moved by itself; 1 is all of it. */
const COUNT_JUMPS = `window.jumped = 0
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) window.jumped += value
  }).observe({ type: 'layout-shift', buffered: true })`

/** Notes which card glows, each time that one begins to. */
const COUNT_GLOWS = `window.glowed = []
  addEventListener('animationstart', ({ animationName, target }) => {
    if (animationName === 'glow') window.glowed.push(target.getAttribute('aria-label'))
  })`

let world: World
let page: Page
let line: Server
let tokens: ReturnType<typeof peopleAt>
/** What came over the line for each address of the page. */
const sizes = new Map<string, number>()

/** A line to the server that counts the bytes of bodies, those of a shared worker too, as they are sent. */
function countingLine(to: string): Promise<Server> {
  const server = createServer((asked, answer) => {
    const onward = request(new URL(asked.url ?? '/', to), { method: asked.method, headers: asked.headers }, (came) => {
      answer.writeHead(came.statusCode ?? 502, came.headers)
      came.on('data', (part: Buffer) => {
        const path = asked.url ?? '/'
        if (!/^\/(trpc|api)\//.test(path)) sizes.set(path, (sizes.get(path) ?? 0) + part.length)
      })
      came.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    answer.on('close', () => onward.destroy())
    asked.pipe(onward)
  })
  return new Promise((ready) => server.listen(0, 'localhost', () => ready(server)))
}

function addressOf(server: Server): string {
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('The line has no port.')
  return `http://localhost:${address.port}`
}

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  await signUp(page, world)
  tokens = peopleAt(world)
  for (const name of ['one', 'two', 'three']) {
    await linkByApi(page, { provider: 'github', name, token: tokens.github() })
  }
  line = await countingLine(world.url)
})
afterAll(async () => {
  line.closeAllConnections()
  line.close()
  await world.close()
})

describe('the first load', () => {
  test('is under 100 kB in all: page, scripts, styles and fonts, packed as they are sent', async () => {
    const visitor = await page.context().newPage()
    await visitor.goto(addressOf(line))
    await visitor.getByRole('article', { name: 'one' }).waitFor()
    // The shared worker has said that the page is live when a change shows.
    await linkByApi(page, { provider: 'github', name: 'late', token: tokens.github() })
    await visitor.getByRole('article', { name: 'late' }).waitFor()
    await visitor.close()
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
    expect([...sizes.keys()].filter((path) => path.endsWith('.woff2'))).toHaveLength(1)
    expect(total, JSON.stringify([...sizes], null, 1)).toBeLessThan(MOST_BYTES)
    expect(total).toBeGreaterThan(MOST_BYTES / 3)
  })

  test('does not jump when the answers come', async () => {
    const visitor = await page.context().newPage()
    await visitor.addInitScript(COUNT_JUMPS)
    const answers: (() => void)[] = []
    await visitor.route('**/trpc/**', (route) => {
      answers.push(() => void route.continue())
    })
    await visitor.goto(`${world.url}/settings/git-connections`)
    await visitor.getByRole('status', { name: 'Loading connections' }).waitFor()
    for (const answer of answers) answer()
    await visitor.getByRole('article', { name: 'one' }).waitFor()
    await visitor.getByText('Everyone in').waitFor()
    const jumped = await visitor.evaluate<number>('window.jumped')
    expect(jumped).toBeLessThan(0.01)
    await visitor.close()
  })
})

describe('what changed by itself', () => {
  test('glows once, alone, and not where motion is unwanted', async () => {
    const visitor = await page.context().newPage()
    await visitor.addInitScript(COUNT_GLOWS)
    const glows = () => visitor.evaluate<string[]>('window.glowed')
    const open = async () => {
      await visitor.goto(`${world.url}/settings/git-connections`)
      await visitor.getByRole('article', { name: 'one', exact: true }).waitFor()
    }
    const card = visitor.getByRole('article', { name: 'two', exact: true })
    const connections = await connectionsOf(page)
    const two = { connectionId: connections.find(({ name }) => name === 'two')?.id }

    await open()
    await callAs(page, 'connections.disable', { ...two, reason: 'The first.' })
    await card.getByText('The first.').waitFor()
    await vi.waitFor(async () => expect(await glows()).toEqual(['two']))
    await card.getByRole('switch').click({ force: true })
    await card.getByRole('img', { name: 'Enabled' }).waitFor()
    expect(await glows()).toEqual(['two'])

    await visitor.emulateMedia({ reducedMotion: 'reduce' })
    await open()
    await callAs(page, 'connections.disable', { ...two, reason: 'The second.' })
    await card.getByText('The second.').waitFor()
    expect(await glows()).toEqual([])
    await visitor.close()
  })
})
