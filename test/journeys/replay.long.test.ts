import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CONNECTIONS, cardOf, link, turn } from './hands.ts'
import { agree, logOf, logSays, query } from './log.ts'
import { peopleAt } from './statuses.ts'
import { callAs, connectionsOf, openPage, signUp, startWorld, type World } from './world.ts'

const ROOT = resolve(import.meta.dirname, '../..')

let world: World
let page: Page
let id: string

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  await signUp(page, world)
  const tokens = peopleAt(world)
  await link(page, { name: 'acme', token: tokens.github(), provider: 'GitHub' })
  await link(page, { name: 'lab', token: tokens.gitlab(), provider: 'GitLab' })
  id = (await connectionsOf(page)).find(({ name }) => name === 'acme')?.id ?? ''
})
afterAll(() => world.close())

const turnings = async () => (await logOf(world)).filter(({ type }) => /Enabled|Disabled/.test(type))

/** Runs `npm run replay` beside the server. */
async function replay(...parameters: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['server/cli/replay.ts', ...parameters], {
    ...{ cwd: ROOT, env: world.env, stdio: ['ignore', 'pipe', 'pipe'] },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      output += part.toString('utf8')
    })
  }
  const code = await new Promise<number | null>((ended) => child.once('close', ended))
  return { code, output }
}

describe('the history, replayed (P32)', () => {
  test('builds every view anew while the page is used, and loses nothing', async () => {
    const before = (await turnings()).length
    const rebuilding = replay()
    let rebuilt = false
    void rebuilding.finally(() => {
      rebuilt = true
    })
    let turns = 0
    do {
      await turn(page, 'acme', 'Disabled')
      await turn(page, 'acme', 'Enabled')
      turns += 2
    } while (!rebuilt)
    const { code, output } = await rebuilding
    expect(output).toMatch(/^connection_status: 2 rows from \d+ events, swapped in\.$/m)
    expect(code).toBe(0)
    expect((await turnings()).length).toBe(before + turns)
    await turn(page, 'acme', 'Disabled')
    await agree(page, world, { name: 'acme', status: 'active', enabled: false })
    await agree(page, world, { name: 'lab', status: 'active' })
  })

  test('is what the views say', async () => {
    const { code, output } = await replay('--verify')
    expect(output).toContain('connection_status: 2 rows are what the log says.')
    expect(code).toBe(0)
  })

  test('tells the row and the field that somebody altered behind its back, and mends them', async () => {
    await query(world, `update connection_status set created_by_name = 'Mallory' where connection_id = $1`, [id])
    await page.reload()
    await cardOf(page, 'acme')
      .getByText(/created by Mallory/)
      .waitFor()

    const { code, output } = await replay('--verify')
    const found = output.split('\n').filter((line) => line.includes('differs'))
    expect(found).toEqual([
      expect.stringMatching(
        new RegExp(`^connection_status: row ${id} of organization .* differs from the log in created_by_name$`),
      ),
    ])
    expect(code).toBe(1)

    expect((await replay('connection_status')).code).toBe(0)
    expect((await replay('--verify')).code).toBe(0)
    await page.reload()
    await cardOf(page, 'acme')
      .getByText(/created by Ada/)
      .waitFor()
  })
})

describe('the organization as it was (P32)', () => {
  test('is told the same by the command line, the API, the page and the log', async () => {
    await callAs(page, 'connections.rename', { connectionId: id, name: 'renamed since' })
    await callAs(page, 'connections.enable', { connectionId: id })
    const disabled = (await logOf(world)).findLast(({ type }) => type === 'ConnectionDisabled')
    const at = disabled?.at.toISOString() ?? ''
    expect(await logSays(world, id, disabled?.at)).toMatchObject({ name: 'acme', status: 'active', enabled: false })

    const { output } = await replay('--as-of', at)
    expect(output).toMatch(new RegExp(`^  acme {2}active, disabled {2}acme-bot on .* {2}created by Ada {2}${id}$`, 'm'))
    expect(output).not.toContain('renamed since')

    const then = await callAs<{ connections: object[] }>(page, 'audit.asOf', { at })
    expect(then.connections).toContainEqual(
      expect.objectContaining({ id, name: 'acme', status: 'active', enabled: false }),
    )

    await page.goto(`${world.url}/audit?asOf=${at}`)
    const shown = page.getByRole('listitem')
    await shown.filter({ hasText: 'acme' }).filter({ hasText: 'disabled' }).waitFor()
    expect(await shown.filter({ hasText: 'renamed since' }).count()).toBe(0)
  })

  test('was empty before anything happened', async () => {
    await page.getByLabel('As of:').fill('2020-01-01T00:00')
    await page.getByText('There was no connection.').waitFor()
    expect(new URL(page.url()).searchParams.get('asOf')).toBe('2020-01-01T00:00')
    await page.goto(world.url + CONNECTIONS)
    await agree(page, world, { name: 'renamed since', status: 'active' })
  })
})
