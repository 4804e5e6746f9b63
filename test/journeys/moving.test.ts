import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { CONNECTIONS, cardOf, link, untilListed } from './hands.ts'
import { logOf } from './log.ts'
import { linkByApi } from './statuses.ts'
import { callAs, openPage, signUp, soon, startWorld, type World } from './world.ts'

let world: World
let page: Page
let connectionId: string

const dialog = () => page.getByRole('dialog')
const tokenOf = (user: string) => world.github.token({ kind: 'classic', user, scopes: ['repo', 'read:org'] })

/** A project of all that a connection reaches. */
async function createProject(name: string): Promise<string> {
  const list = await callAs<{ repositories: { id: string }[] }>(page, 'repositories.list', { connectionId })
  const [repository, ...addons] = list.repositories.map(({ id }) => ({
    ...{ connectionId, repositoryId: id, branch: 'main' },
  }))
  const { id } = await callAs<{ id: string }>(page, 'projects.create', { name, repository, addons })
  return id
}
const throughIn = async (projectId: string) => {
  const { repository, addons } = await callAs<{
    repository: { fullName: string; connection: { name: string } }
    addons: { fullName: string; connection: { name: string } }[]
  }>(page, 'projects.get', { projectId })
  return Object.fromEntries([repository, ...addons].map(({ fullName, connection }) => [fullName, connection.name]))
}

beforeAll(async () => {
  world = await startWorld()
  page = await openPage(world)
  await signUp(page, world)
  for (const login of ['ada', 'ben']) world.github.user({ login })
  world.github.organization({ login: 'acme', members: { ada: 'push', ben: 'push' } })
  world.github.organization({ login: 'side', members: { ada: 'push' } })
  for (const fullName of ['acme/erp', 'acme/web', 'side/extra']) {
    world.github.repository({ fullName, visibility: 'private', files: { 'README.md': fullName } })
  }
  await link(page, { name: 'old', token: tokenOf('ada'), provider: 'GitHub' })
  connectionId = (await callAs<{ id: string }[]>(page, 'connections.list', {}))[0]?.id ?? ''
  await linkByApi(page, { provider: 'github', name: 'new', token: tokenOf('ben') })
  await untilListed(page)
})
afterAll(() => world.close())

describe('what depends on a connection (P21)', () => {
  test('is tried with another one and moved there, what that one does not open stays', async () => {
    const projectId = await createProject('ERP')
    await page.goto(`${world.url}${CONNECTIONS}/${connectionId}?tab=used-by`)
    await page.getByRole('button', { name: 'Move to another connection' }).click()
    await dialog().getByRole('button', { name: 'Try', exact: true }).click()
    for (const name of ['acme/erp', 'acme/web']) {
      await dialog()
        .getByRole('listitem')
        .filter({ hasText: `ERP: ${name}` })
        .getByText('git read the branch')
        .waitFor()
    }
    await dialog().getByRole('listitem').filter({ hasText: 'side/extra' }).getByText('404').waitFor()
    expect(await throughIn(projectId)).toEqual({ 'acme/erp': 'old', 'acme/web': 'old', 'side/extra': 'old' })
    await dialog().getByRole('button', { name: 'Move 2 repositories' }).click()
    await dialog().waitFor({ state: 'detached' })
    expect(await throughIn(projectId)).toEqual({ 'acme/erp': 'new', 'acme/web': 'new', 'side/extra': 'old' })
    const moved = (await logOf(world)).filter(({ data }) => JSON.stringify(data).includes('acme/'))
    expect(moved.slice(-2).map(({ type }) => type)).toEqual(
      ['RepositorySelected', 'AddonRepositoryChanged'].sort().reverse(),
    )
  })
})

describe('a new token that reaches less than projects use', () => {
  test('is taken only after what is lost was read', async () => {
    await page.goto(`${world.url}${CONNECTIONS}`)
    await cardOf(page, 'old').getByRole('button', { name: 'Edit' }).click()
    await dialog().getByLabel('Token', { exact: true }).fill(tokenOf('ben'))
    await dialog().getByRole('button', { name: 'Save' }).click()
    const asked = dialog().getByRole('alert')
    await asked.filter({ hasText: 'does not reach side/extra, which projects use' }).waitFor()
    await asked.getByRole('button', { name: 'Use the other account' }).click()
    await dialog().waitFor({ state: 'detached' })
    await cardOf(page, 'old').getByText('ben', { exact: true }).waitFor()
  })
})

describe('a repository that is reached no more (P26)', () => {
  test('is told on the connection, which stays Active, until it is reached again', async () => {
    await cardOf(page, 'old').getByText('Lost access to side/extra').waitFor()
    await cardOf(page, 'old').getByText('Active').waitFor()
    world.github.changeOrganization({ login: 'side', members: { ada: 'push', ben: 'push' } })
    await vi.waitFor(async () => {
      await callAs(page, 'repositories.refresh', { connectionId })
      expect(await cardOf(page, 'old').getByText('Lost access').count()).toBe(0)
    }, soon)
  })
})
