import { vi } from 'vitest'
import { z } from 'zod'
import { dataOf } from './caller.ts'
import type { Stage } from './connections-story.ts'
import { control } from './secrets.ts'

const soon = { timeout: 60_000, interval: 200 }
const withId = z.object({ id: z.string() })
const listed = z.object({ repositories: z.array(withId).min(1) })
const ended = z.object({ endedAt: z.string(), status: z.string() })

/** Deploys through a connection: once well, and once while git is refused. */
export async function deploy({ caller, github }: Stage, connectionId: string): Promise<void> {
  const fullName = `acme/${control.text.marker}`
  await github.commit({
    fullName,
    files: {
      'web_notify/__manifest__.py': "{'name': 'Notify', 'version': '17.0.1.0.0'}",
      'web_notify/__init__.py': '',
    },
  })
  const [repository] = await vi.waitFor(
    async () => dataOf(await caller.query('repositories.list', { connectionId }), listed).repositories,
    soon,
  )
  const chosen = { connectionId, repositoryId: repository?.id, branch: 'main' }
  const project = dataOf(await caller.mutate('projects.create', { name: 'Shop', repository: chosen }), withId)
  const environment = { projectId: project.id, name: 'Live', kind: 'production', odooVersion: '17.0', modules: 'all' }
  const { id: environmentId } = dataOf(await caller.mutate('environments.create', environment), withId)
  await caller.mutate('environments.findModules', { projectId: project.id, odooVersion: '17.0' })
  const run = async () => {
    const { id: deploymentId } = dataOf(await caller.mutate('deployments.start', { environmentId }), withId)
    const { status } = await vi.waitFor(
      async () => dataOf(await caller.query('deployments.get', { deploymentId }), ended),
      soon,
    )
    for (const path of ['deployments.log', 'deployments.changes']) await caller.query(path, { deploymentId })
    return status
  }
  const outcomes = [await run()]
  await github.commit({ fullName, files: { 'web_notify/models.py': 'x = 1\n' } })
  const refusing = github.fault({ kind: 'status', area: 'git', status: 500 })
  outcomes.push(await run())
  refusing.lift()
  if (outcomes.join(' ') !== 'succeeded failed') throw new Error(`The deployments ended as ${outcomes.join(' and ')}.`)
}
