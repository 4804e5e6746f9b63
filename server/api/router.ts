import { audit } from './audit.ts'
import { connections } from './connections.ts'
import { deployments } from './deployments.ts'
import { environments } from './environments.ts'
import { live } from './live.ts'
import { organization } from './organization.ts'
import { projects } from './projects.ts'
import { repositories } from './repositories.ts'
import { router } from './trpc.ts'

/** The whole API, a noun a line. */
export const appRouter = router({
  ...{ audit, connections, deployments, environments, live, organization, projects, repositories },
})

export type AppRouter = typeof appRouter
