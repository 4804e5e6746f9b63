import type { Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import { callAs, soon, type World } from './world.ts'

/** A name as long as a name may be, without a place to break it. */
export const LONG_NAME = 'a-name-that-is-as-long-as-a-name-may-be'.padEnd(80, '-and-longer')

/** Links an account through the API and waits for the provider's answer. */
export async function linkByApi(
  page: Page,
  made: { provider: 'github' | 'gitlab'; name: string; token: string; status?: string },
): Promise<string> {
  const { provider, name, token, status = 'active' } = made
  const { id } = await callAs<{ id: string }>(page, 'connections.create', {
    ...{ provider, name, credential: { kind: 'token', token } },
  })
  await untilStatus(page, id, status)
  return id
}

/** Waits for what the API says of a connection. */
export async function untilStatus(page: Page, connectionId: string, status: string): Promise<void> {
  await vi.waitFor(
    async () => expect(await callAs(page, 'connections.get', { connectionId })).toMatchObject({ status }),
    soon,
  )
}

const scopes = { github: ['repo', 'read:org'], gitlab: ['api', 'read_repository'] }

/** People and repositories at both providers, and a way to mint tokens that work. */
export function peopleAt({ github, gitlab }: World) {
  github.user({ login: 'acme-bot' })
  github.repository({ fullName: 'acme-bot/shop', visibility: 'private', files: { 'README.md': 'shop' } })
  gitlab.user({ username: 'lab-bot' })
  gitlab.project({ path: 'lab-bot/erp', visibility: 'private', files: { 'README.md': 'erp' } })
  return {
    github: () => github.token({ kind: 'classic', user: 'acme-bot', scopes: scopes.github }),
    gitlab: () => gitlab.token({ kind: 'personal', user: 'lab-bot', scopes: scopes.gitlab, expiresAt: '2030-01-01' }),
  }
}

/**
 * A connection of every status, and one that is disabled, one whose check is put off, one with the longest name, one
 * deleted. Gives the id of each by its name, and the way to more tokens of the same accounts.
 */
export async function linkEveryStatus(page: Page, world: World) {
  const { github, gitlab } = world
  const tokens = peopleAt(world)
  const ending = { expired: tokens.gitlab(), revoked: tokens.gitlab(), error: tokens.github() }
  const silent = tokens.github()
  const busy = tokens.gitlab()
  github.fault({ kind: 'hang', token: silent })
  const ids: Record<string, string> = {}
  const made = [
    { provider: 'github', name: 'active', token: tokens.github() },
    { provider: 'gitlab', name: 'expired', token: ending.expired },
    { provider: 'gitlab', name: 'revoked', token: ending.revoked },
    { provider: 'github', name: 'error', token: ending.error },
    { provider: 'github', name: 'invalid', token: `ghp_${'a'.repeat(36)}`, status: 'invalid' },
    { provider: 'gitlab', name: 'put off', token: busy },
    { provider: 'github', name: 'disabled', token: tokens.github() },
    { provider: 'gitlab', name: 'deleted', token: tokens.gitlab() },
    { provider: 'github', name: LONG_NAME, token: tokens.github() },
    { provider: 'github', name: 'pending', token: silent, status: 'pending' },
  ] as const
  await Promise.all(made.map(async (each) => (ids[each.name] = await linkByApi(page, each))))
  gitlab.expire({ token: ending.expired })
  gitlab.revoke({ token: ending.revoked })
  github.changeToken({ token: ending.error, scopes: [] })
  gitlab.fault({ kind: 'rate-limit-primary', token: busy })
  const of = (name: string) => ({ connectionId: ids[name] })
  const changed = ['expired', 'revoked', 'error', 'put off']
  await Promise.all(changed.map((name) => callAs(page, 'connections.validate', of(name))))
  await callAs(page, 'connections.disable', { ...of('disabled'), reason: 'The account moves to another organization.' })
  await callAs(page, 'connections.delete', of('deleted'))
  return { ids, tokens }
}
