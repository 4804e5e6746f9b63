import type { Page } from 'playwright-core'
import { redirectUri } from '../../server/oauth/redirect-uri.ts'
import type { GitLabSimulator } from '../simulators/gitlab.ts'
import { pressConsent } from '../simulators/press-consent.ts'
import { cardOf } from './hands.ts'
import { untilStatus } from './statuses.ts'
import { callAs, type World } from './world.ts'

const scopes = ['read_api', 'read_repository']

/** Where an instance sends people back to. */
export const callbackOf = (world: World, provider: 'github' | 'gitlab', baseUrl: string) =>
  redirectUri(world.url, { provider, baseUrl })

/** Registers an OAuth App at GitHub, whose tokens have no end. */
export function registerOAuthApp(world: World) {
  const { clientId, clientSecret } = world.github.oauthApp({
    callbackUrl: callbackOf(world, 'github', world.github.url),
  })
  return { provider: 'github', clientId, clientSecret } as const
}

/** Registers a GitHub App and installs it on an account; its users' tokens end after eight hours. */
export function registerGitHubApp(world: World, account: string) {
  const callbackUrls = [callbackOf(world, 'github', world.github.url)]
  const { id, clientId, clientSecret } = world.github.app({ owner: account, callbackUrls })
  world.github.installation({ app: id, account })
  return { provider: 'github', clientId, clientSecret } as const
}

/** Registers an application at a GitLab. */
export function registerAtGitLab(world: World, gitlab: GitLabSimulator = world.gitlab) {
  const { uid, secret } = gitlab.application({ redirectUris: [callbackOf(world, 'gitlab', gitlab.url)], scopes })
  return { provider: 'gitlab', baseUrl: gitlab.url, clientId: uid, clientSecret: secret } as const
}

/** Sets an application for the organization, as an admin. */
export const setApplication = (
  page: Page,
  application: { provider: 'github' | 'gitlab'; baseUrl?: string; clientId: string; clientSecret: string },
) => callAs(page, 'organization.setOauthApplication', application)

/** Opens the dialog that adds a connection, at signing in. */
export async function beginSignIn(page: Page, provider: 'GitHub' | 'GitLab') {
  await page.getByRole('button', { name: 'Add Git Connection' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: provider, exact: true }).check()
  await dialog.getByRole('radio', { name: `Connect with ${provider}` }).check()
  return dialog
}

/** Presses Connect, and gives the window of the provider that opens. */
export async function openWindow(page: Page): Promise<Page> {
  const opened = page.waitForEvent('popup')
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Connect with/ })
    .click()
  const popup = await opened
  await popup.getByRole('heading', { name: /^Authorize/ }).waitFor()
  return popup
}

/** Answers at the provider's consent page, as whoever is named, and waits until the window is gone. */
export async function allow(popup: Page, user?: string): Promise<void> {
  if (user) await popup.getByLabel('Signed in as').selectOption(user)
  const gone = popup.waitForEvent('close')
  await popup.getByRole('button', { name: 'Authorize' }).click()
  await gone
}

/** Links an account by signing in, and stays until its card is there. */
export async function linkByWindow(
  page: Page,
  made: { provider: 'GitHub' | 'GitLab'; name: string; user?: string; status?: string },
): Promise<void> {
  const dialog = await beginSignIn(page, made.provider)
  await dialog.getByLabel('Name', { exact: true }).fill(made.name)
  await allow(await openWindow(page), made.user)
  await dialog.getByText(made.status ?? 'Active', { exact: true }).waitFor()
  await dialog.getByRole('button', { name: 'Done' }).click()
}

/** Links an account by signing in as a program would, where the windows are not what it is about. */
export async function linkBySignIn(
  page: Page,
  made: { provider: 'GitHub' | 'GitLab'; name: string; user?: string; status?: string },
): Promise<void> {
  const { name, user, status = 'active' } = made
  const provider = made.provider === 'GitHub' ? 'github' : 'gitlab'
  const begun = await callAs<{ authorizationId: string; url: string }>(page, 'connections.authorize', {
    provider,
    name,
  })
  const back = await pressConsent(begun.url, user ? { user } : {})
  await page.evaluate(`fetch(${JSON.stringify(back.pathname + back.search)}).then(({ status }) => status)`)
  await untilStatus(page, begun.authorizationId, status)
  await cardOf(page, name).waitFor()
}
