import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { cardOf, link } from './hands.ts'
import { agree, logOf } from './log.ts'
import { peopleAt } from './statuses.ts'
import { callAs, connectionsOf, openPage, signUp, soon, startWorld, type World } from './world.ts'

let world: World
let page: Page
let connectionId: string

const dialog = () => page.getByRole('dialog')
const last = async () => (await logOf(world)).filter(({ type }) => type.startsWith('Connection')).at(-1)?.type

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  await signUp(page, world)
  await link(page, { name: 'acme', token: peopleAt(world).github(), provider: 'GitHub' })
  connectionId = (await connectionsOf(page))[0]?.id ?? ''
})
afterAll(() => world.close())

/** Makes a project of the one repository that the connection reaches, once it is listed. */
async function createProject(name: string): Promise<void> {
  const repositoryId = await vi.waitFor(async () => {
    const list = await callAs<{ repositories: { id: string }[] }>(page, 'repositories.list', { connectionId })
    const id = list.repositories[0]?.id
    if (id === undefined) throw new Error('nothing is listed yet')
    return id
  }, soon)
  await callAs(page, 'projects.create', { name, repository: { connectionId, repositoryId, branch: 'main' } })
}

describe('a connection that projects depend on (P21)', () => {
  test('says how many there are, and names them', async () => {
    await cardOf(page, 'acme').getByText('used by no project').waitFor()
    await createProject('ERP')
    await cardOf(page, 'acme').getByText('used by 1 project').waitFor()
    await cardOf(page, 'acme').getByRole('link', { name: 'Details' }).click()
    await page.getByRole('button', { name: 'Used by' }).click()
    await page.getByRole('listitem').filter({ hasText: 'ERP' }).waitFor()
    await page.goBack()
    await page.goBack()
  })

  test('is disabled only after they were shown', async () => {
    await cardOf(page, 'acme').getByRole('switch').click({ force: true })
    await dialog().getByText('ERP').waitFor()
    expect(await last()).toBe('ConnectionValidated')
    await dialog().getByRole('button', { name: 'Disable' }).click()
    await dialog().waitFor({ state: 'detached' })
    await agree(page, world, { name: 'acme', status: 'active', enabled: false })
    await cardOf(page, 'acme').getByRole('switch').click({ force: true })
    await agree(page, world, { name: 'acme', status: 'active' })
  })

  test('is not deleted where another one came since they were shown, and then it is named too', async () => {
    await cardOf(page, 'acme').getByRole('button', { name: 'Delete' }).click()
    await dialog().getByText('ERP').waitFor()
    const held = Promise.withResolvers<void>()
    await page.route(/connections\.dependents/, async (route) => {
      await held.promise
      // The page may have given up on it meanwhile, and asked again.
      await route.continue().catch(() => {})
    })
    await createProject('Shop')
    await dialog().getByRole('button', { name: 'Delete', exact: true }).click()
    await dialog().getByRole('alert').filter({ hasText: 'Shop' }).waitFor()
    held.resolve()
    await dialog().getByRole('listitem').filter({ hasText: 'Shop' }).waitFor()
    expect(await connectionsOf(page)).toHaveLength(1)
    await dialog().getByRole('button', { name: 'Delete', exact: true }).click()
    await dialog().waitFor({ state: 'detached' })
    expect(await connectionsOf(page)).toEqual([])
    expect(await last()).toBe('ConnectionDeleted')
  })
})
