import { z } from 'zod'

const plannedModule = z.object({
  name: z.string(),
  /** As Odoo will have it. */
  version: z.string(),
  repository: z.string(),
  what: z.enum(['install', 'update']),
  /** Why, in words: new, changed, needed by another one. */
  why: z.string(),
})

/** What a deployment was going to do, as it is kept and shown. */
export const storedPlan = z.object({
  series: z.string(),
  database: z.string(),
  /** In order of precedence, as Odoo searches them. */
  addonsPath: z.array(z.string()),
  /** In the order of their installation. */
  modules: z.array(plannedModule),
  /** Modules that are in the database as they are. */
  unchanged: z.array(z.string()),
  /** What is needed and comes with Odoo, as far as is known. */
  expected: z.array(z.string()),
  warnings: z.array(z.string()),
  external: z.object({ python: z.array(z.string()), bin: z.array(z.string()), deb: z.array(z.string()) }),
  /** Lists of packages that repositories ask for: where they are, and what is in them. */
  requirements: z.array(z.object({ file: z.string(), lines: z.array(z.string()) })),
  /** The command of the installation, to be read or copied; null where there is nothing to do. */
  command: z.string().nullable(),
})
export type StoredPlan = z.infer<typeof storedPlan>
