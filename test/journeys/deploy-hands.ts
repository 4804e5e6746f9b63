import type { Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import { logOf } from './log.ts'
import { callAs, soon, type World } from './world.ts'

/** A module's manifest, and what else Odoo wants of it. */
export function moduleFiles(name: string, depends: readonly string[] = []) {
  const manifest = `{'name': 'The ${name}', 'version': '17.0.1.0.0', 'depends': ${JSON.stringify(depends)}}`
  return { [`${name}/__manifest__.py`]: manifest, [`${name}/__init__.py`]: '' }
}

/** Makes a project of repositories that a connection reaches, once they are listed; the first one is the main one. */
export async function createProject(
  page: Page,
  name: string,
  { connectionId, names, branch = 'main' }: { connectionId: string; names: readonly string[]; branch?: string },
): Promise<string> {
  const chosen = await vi.waitFor(async () => {
    const { repositories } = await callAs<{ repositories: { id: string; fullName: string }[] }>(
      page,
      'repositories.list',
      { connectionId },
    )
    return names.map((fullName) => {
      const found = repositories.find((repository) => repository.fullName === fullName)
      if (!found) throw new Error(`${fullName} is not listed yet`)
      return { connectionId, repositoryId: found.id, branch }
    })
  }, soon)
  const [repository, ...addons] = chosen
  return (await callAs<{ id: string }>(page, 'projects.create', { name, repository, addons })).id
}

interface EnvironmentSeen {
  readonly name: string
  readonly kind: string
  readonly branch: string | null
  readonly odooVersion: string
  readonly modules: 'all' | string[]
  readonly database: string
  readonly stopped: boolean
}

/** What the log says of an environment, by a fold of the tests' own, and the types of its events, the oldest first. */
export async function environmentInLog(world: World, environmentId: string) {
  const types: string[] = []
  let known: Record<string, unknown> = { stopped: false, deleted: false }
  for (const { stream, type, data } of await logOf(world)) {
    if (stream !== environmentId) continue
    types.push(type)
    if (type === 'EnvironmentCreated') known = { ...known, ...data, projectId: undefined }
    if (type === 'EnvironmentRenamed') known = { ...known, name: data.name }
    if (type === 'BranchSelected') known = { ...known, branch: data.branch }
    if (type === 'OdooVersionSelected') known = { ...known, odooVersion: data.odooVersion }
    if (type === 'ModulesSelected') known = { ...known, modules: data.modules }
    if (type === 'EnvironmentStopped') known = { ...known, stopped: true }
    if (type === 'EnvironmentResumed') known = { ...known, stopped: false }
    if (type === 'EnvironmentDeleted') known = { ...known, deleted: true }
  }
  return { types, known }
}

/** What page, API and log say of the environment that the page shows; they must say the same. Gives the types of its events. */
export async function agreeOnEnvironment(page: Page, world: World, expected: EnvironmentSeen): Promise<string[]> {
  await page.getByRole('heading', { name: expected.name, level: 1, exact: true }).waitFor()
  const row = page.getByRole('article', { name: expected.name, exact: true })
  await row.getByText(`Odoo ${expected.odooVersion}`).waitFor()
  await row.getByText(new RegExp(`^${expected.kind}$`, 'i')).waitFor()
  if (expected.branch) await row.getByText(expected.branch, { exact: true }).waitFor()
  await expect.poll(() => row.getByText('Stopped', { exact: true }).count(), soon).toBe(expected.stopped ? 1 : 0)
  const environmentId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  const { stoppedAt, ...view } = await callAs<EnvironmentSeen & { stoppedAt: string | null }>(
    page,
    'environments.get',
    { environmentId },
  )
  expect({ ...view, stopped: stoppedAt !== null }).toMatchObject({ ...expected })
  const { types, known } = await environmentInLog(world, environmentId)
  expect(known).toMatchObject({ ...expected, deleted: false })
  return types
}

/** Waits for how the deployment ends that the page shows, and gives its id. */
export async function untilEnded(page: Page, word: 'Succeeded' | 'Failed' | 'Cancelled'): Promise<string> {
  await page.waitForURL(/\/deployments\/[0-9a-f-]+/)
  await page.getByRole('main').getByText(word, { exact: true }).first().waitFor({ timeout: 60_000 })
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}
