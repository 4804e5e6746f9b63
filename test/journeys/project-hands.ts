import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { logOf } from './log.ts'
import { callAs, type World } from './world.ts'

export interface Used {
  readonly fullName: string
  readonly branch: string
  readonly through: string
}

export const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name })
export const picker = (page: Page) => page.getByRole('dialog', { name: /^Choose/ })

/** Goes through the open picker's three steps by the mouse; without a branch, the default one is taken. */
export async function pick(page: Page, wanted: { through: string; fullName: string; branch?: string }): Promise<void> {
  await option(page, new RegExp(`^${wanted.through}`)).click()
  await pickRepository(page, wanted)
}

/** The same from the second step on. */
export async function pickRepository(page: Page, wanted: { fullName: string; branch?: string }): Promise<void> {
  await option(page, new RegExp(`^${wanted.fullName}`)).click()
  if (wanted.branch) await option(page, new RegExp(`^${wanted.branch}`)).click()
  else await picker(page).getByRole('button', { name: /^Use / }).click()
  await picker(page).waitFor({ state: 'detached' })
}

/** What the log says of a project, by a fold of the tests' own. */
export async function projectInLog(world: World, projectId: string) {
  const known = { name: '', repository: '', addons: [] as string[], deleted: false, types: [] as string[] }
  for (const { stream, type, data } of await logOf(world)) {
    if (stream !== projectId) continue
    known.types.push(type)
    known.name = data.name ?? known.name
    const name = `${data.fullName}, ${data.branch}`
    if (type === 'RepositorySelected') known.repository = name
    if (type === 'AddonRepositoryAdded') known.addons.push(name)
    if (type === 'AddonRepositoryRemoved') known.addons = known.addons.filter((one) => !isOf(one, data.fullName))
    if (type === 'AddonRepositoryChanged') {
      known.addons = known.addons.map((one) => (isOf(one, data.fullName) ? name : one))
    }
    if (type === 'AddonRepositoriesReordered' && Array.isArray(data.order)) {
      const order: unknown[] = data.order.map(({ fullName }) => fullName)
      known.addons.sort((a, b) => order.findIndex((one) => isOf(a, one)) - order.findIndex((one) => isOf(b, one)))
    }
    if (type === 'ProjectDeleted') known.deleted = true
  }
  return known
}

const isOf = (used: string, fullName: unknown) => used.startsWith(`${String(fullName)}, `)

interface View {
  readonly id: string
  readonly name: string
  readonly repository: { fullName: string; branch: string; connection: { name: string } }
  readonly addons: View['repository'][]
}

const usedOf = ({ fullName, branch, connection }: View['repository']): Used => ({
  ...{ fullName, branch, through: connection.name },
})

/** What page, API and log say of the project that the page shows; they must say the same. Gives the types of its events. */
export async function agreeOnProject(
  page: Page,
  world: World,
  expected: { name: string; repository: Used; addons: Used[] },
): Promise<string[]> {
  await page.getByRole('heading', { name: expected.name, level: 1, exact: true }).waitFor()
  const main = page.getByRole('region', { name: 'Main repository' })
  const addons = page.getByRole('region', { name: 'Addon repositories' }).getByRole('listitem')
  for (const { fullName, branch, through } of [expected.repository]) {
    await main.getByRole('link', { name: new RegExp(`^${fullName}`) }).waitFor()
    await main.getByRole('link', { name: new RegExp(`branch ${branch}$`) }).waitFor()
    await main.getByRole('link', { name: through, exact: true }).waitFor()
  }
  await expect
    .poll(async () => (await addons.allTextContents()).map((text) => text.replace(/^\d+/, '')), { timeout: 20_000 })
    .toEqual(expected.addons.map(({ fullName }) => expect.stringMatching(new RegExp(`^${fullName}`))))
  const projectId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  const view = await callAs<View>(page, 'projects.get', { projectId })
  expect({ name: view.name, repository: usedOf(view.repository), addons: view.addons.map(usedOf) }).toEqual(expected)
  const { types, ...known } = await projectInLog(world, projectId)
  const said = ({ fullName, branch }: Used) => `${fullName}, ${branch}`
  expect(known).toEqual({
    ...{ name: expected.name, repository: said(expected.repository), addons: expected.addons.map(said) },
    deleted: false,
  })
  return types
}
