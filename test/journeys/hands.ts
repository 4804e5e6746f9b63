import type { Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import { callAs, soon, type World } from './world.ts'

export const CONNECTIONS = '/settings/git-connections'

/** The card of a connection. */
export const cardOf = (page: Page, name: string) => page.getByRole('article', { name, exact: true })

/** Links an account through the page, and stays until it is Active. */
export async function link(
  page: Page,
  account: { name: string; token: string; provider: 'GitHub' | 'GitLab' },
): Promise<void> {
  await page.getByRole('button', { name: 'Add Git Connection' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: account.provider, exact: true }).check()
  await dialog.getByLabel('Name', { exact: true }).fill(account.name)
  await dialog.getByLabel('Token', { exact: true }).fill(account.token)
  await dialog.getByRole('button', { name: 'Create Connection' }).click()
  await dialog.getByText('Active').waitFor()
  await dialog.getByRole('button', { name: 'Done' }).click()
}

/** Turns a connection on or off by its toggle. */
export async function turn(page: Page, name: string, to: 'Enabled' | 'Disabled'): Promise<void> {
  // While its last turn is under way it takes no other.
  await cardOf(page, name).and(page.locator('[aria-busy="false"]')).waitFor()
  await cardOf(page, name).getByRole('switch').click({ force: true })
  await cardOf(page, name).getByRole('img', { name: to }).waitFor()
}

/** Pastes a new token into the open dialog, and stays until it was taken. */
export async function pasteNew(page: Page, token: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Token', { exact: true }).fill(token)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** Waits until the lists of what works were read, which happens in the background. */
export async function untilListed(page: Page): Promise<void> {
  await vi.waitFor(async () => {
    const { asOf, reading } = await callAs<{ asOf: string | null; reading: object | null }>(
      page,
      'repositories.list',
      {},
    )
    expect({ read: asOf !== null, reading }).toEqual({ read: true, reading: null })
  }, soon)
}

/** Invites a person through the page; gives the link to send. */
export async function invite(page: Page, world: World, email: string): Promise<string> {
  await page.goto(`${world.url}/settings/members`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('button', { name: 'Invite' }).click()
  const link = page.getByRole('button', { name: 'Copy the invitation link' })
  return (await link.textContent())?.trim() ?? ''
}

/** Joins by an invitation's link, as somebody new. */
export async function join(page: Page, link: string, person: { name: string; password: string }): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Your name').fill(person.name)
  await page.getByLabel('Password').fill(person.password)
  await page.getByRole('button', { name: /^Join / }).click()
  await page.getByRole('heading', { name: 'Git Connections' }).waitFor()
}
