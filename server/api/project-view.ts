import { providerName, statuses } from '@git-connections/events'
import { z } from 'zod'

const instant = z.iso.datetime()

/** A repository as a project uses it. */
const usedRepository = z.object({
  connectionId: z.uuid(),
  /** The provider's own id. */
  repositoryId: z.string(),
  /** As it is called now, as far as is known. */
  fullName: z.string(),
  branch: z.string(),
  /** The connection that it is reached by, as it is now. */
  connection: z.object({
    name: z.string(),
    provider: providerName,
    baseUrl: z.string(),
    status: z.enum(statuses),
    enabled: z.boolean(),
    deleted: z.boolean(),
  }),
  /** Since when the connection does not reach it, while it works for others; null while it does, as far as is known. */
  accessLost: z.object({ reason: z.string(), message: z.string(), since: instant }).nullable(),
})
export type UsedRepositoryView = z.infer<typeof usedRepository>

/** A project as programs and the page see it. */
export const projectView = z.object({
  id: z.uuid(),
  name: z.string(),
  repository: usedRepository,
  /** The earlier one goes before the later one. */
  addons: z.array(usedRepository),
  createdBy: z.object({ id: z.string(), name: z.string() }),
  createdAt: instant,
  /** Place of its last event in its stream. */
  version: z.number().int(),
})
export type ProjectView = z.infer<typeof projectView>
