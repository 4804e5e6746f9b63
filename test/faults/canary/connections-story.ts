import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { GitHubSimulator } from '../../simulators/github.ts'
import type { GitLabSimulator } from '../../simulators/gitlab.ts'
import { type Caller, dataOf } from './caller.ts'
import { echoesOf, outagesOf } from './echoes.ts'
import { control, type Minted, refusedPastes, secrets } from './secrets.ts'

const withId = z.object({ id: z.string() })

/** Who asks, and the providers that are asked. */
export interface Stage {
  readonly caller: Caller
  readonly github: GitHubSimulator
  readonly gitlab: GitLabSimulator
}

/** The world in which the tokens work. */
export function fillProviders({ github, gitlab }: Pick<Stage, 'github' | 'gitlab'>): void {
  const { classic, fineGrained, oauth, replacing, personal, routable, group, expired } = secrets
  const repository = `acme/${control.text.marker}`
  github.user({ login: 'acme' })
  github.repository({ fullName: repository, visibility: 'private', files: { 'README.md': 'shop' } })
  for (const { value } of [classic, replacing]) {
    github.token({ user: 'acme', kind: 'classic', scopes: ['repo', 'read:org'], token: value })
  }
  github.token({ user: 'acme', kind: 'fine-grained', resourceOwner: 'acme', token: fineGrained.value })
  github.token({ user: 'acme', kind: 'oauth', scopes: ['repo'], token: oauth.value })
  gitlab.user({ username: 'acme', id: 501 })
  gitlab.group({ fullPath: 'north', members: { acme: 40 } })
  gitlab.project({ path: 'north/erp', visibility: 'private', files: { 'README.md': 'erp' } })
  const scopes = ['read_api', 'read_repository']
  for (const { value } of [personal, routable]) gitlab.token({ user: 'acme', scopes, token: value })
  gitlab.token({ kind: 'group', of: 'north', scopes, token: group.value })
  gitlab.token({ user: 'acme', scopes, token: expired.value, expiresAt: '2020-01-01' })
}

/** Links an account with each token; gives the connections' ids by token. */
export async function connect({ caller }: Stage): Promise<Map<Minted, string>> {
  const ids = new Map<Minted, string>()
  const link = async (
    provider: 'github' | 'gitlab',
    name: string,
    minted: Minted,
    commandId: string = randomUUID(),
  ) => {
    const credential = { kind: 'token', token: minted.value }
    await caller.mutate('connections.recognise', { provider, token: minted.value })
    ids.set(
      minted,
      dataOf(await caller.mutate('connections.create', { provider, name, credential, commandId }), withId).id,
    )
    // The same request again, as a program repeats it.
    await caller.mutate('connections.create', { provider, name, credential, commandId })
  }
  await link('github', control.text.marker, secrets.classic, control.id.marker)
  await link('github', 'fine', secrets.fineGrained)
  await link('github', 'oauth', secrets.oauth)
  await link('github', 'refused', secrets.unknown)
  await link('gitlab', 'personal', secrets.personal)
  await link('gitlab', 'routable', secrets.routable)
  await link('gitlab', 'group', secrets.group)
  await link('gitlab', 'expired', secrets.expired)
  for (const connectionId of ids.values()) await caller.mutate('connections.validate', { connectionId })
  return ids
}

/** What providers say about a token when they give it back, and when they do not answer. */
export async function hearEchoes({ caller, github, gitlab }: Stage, ids: Map<Minted, string>): Promise<void> {
  for (const [provider, simulator, minted] of [
    ['github', github, secrets.classic],
    ['gitlab', gitlab, secrets.personal],
    ['gitlab', gitlab, secrets.expired],
  ] as const) {
    const asked = { provider, baseUrl: simulator.url, token: minted.value }
    dataOf(await caller.mutate('connections.probe', asked), z.object({ steps: z.array(z.unknown()).length(6) }))
  }
  for (const [name, simulator, minted] of [
    ['github', github, secrets.fineGrained],
    ['gitlab', gitlab, secrets.routable],
  ] as const) {
    for (const [what, input] of [...echoesOf(name, minted.value), ...outagesOf(name)]) {
      const fault = simulator.fault({ ...input, token: minted.value })
      await caller.mutate('connections.validate', { connectionId: ids.get(minted) })
      if (fault.hits === 0) throw new Error(`${name} was never asked for ${what}.`)
    }
    await caller.mutate('connections.validate', { connectionId: ids.get(minted) })
  }
}

/** Everything that can be pasted in the wrong place, and everything that can be done with the right ones. */
export async function changeConnections(stage: Stage, ids: Map<Minted, string>): Promise<void> {
  const { caller, github } = stage
  const connectionId = ids.get(secrets.classic)
  for (const { value } of refusedPastes) {
    for (const provider of ['github', 'gitlab'] as const) {
      await caller.mutate('connections.recognise', { provider, token: value })
      await caller.mutate('connections.create', { provider, name: 'x', credential: { kind: 'token', token: value } })
    }
    await caller.mutate('connections.replaceToken', { connectionId, token: value })
  }
  await caller.mutate('connections.replaceToken', { connectionId, token: secrets.unknown.value })
  const outage = github.fault({ kind: 'status', status: 502 })
  await caller.mutate('connections.replaceToken', { connectionId, token: secrets.replacing.value })
  outage.lift()
  await caller.mutate('connections.replaceToken', { connectionId, token: secrets.replacing.value })
  for (const path of ['disable', 'enable', 'delete', 'restore']) {
    await caller.mutate(`connections.${path}`, { connectionId, ...(path === 'disable' ? { reason: 'rotation' } : {}) })
  }
  await caller.mutate('connections.delete', { connectionId: ids.get(secrets.oauth), now: true })
  await caller.query('connections.list', {})
  await caller.query('connections.deleted', {})
  await caller.query('connections.history', { connectionId, limit: 200 })
  await caller.query('audit.list', { limit: 200 })
  await caller.query('audit.facets', {})
  await caller.query('audit.asOf', { at: new Date().toISOString() })
}
