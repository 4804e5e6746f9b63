import { parseArgs } from 'node:util'
import { type AnyProjection, allProjections, inlineProjections } from '@git-connections/projections'
import { asOf, rebuild, verify } from '@git-connections/projections/replay'
import { type Opened, UsageError, withStore } from './open.ts'
import { createProgress } from './progress.ts'

const USAGE = `npm run replay                      rebuild every view from the log and swap it in
npm run replay -- NAME              only this one: ${allProjections.map(({ name }) => name).join(', ')}
npm run replay -- --verify [NAME]   compare the views with the log; exit code 1 where they differ
npm run replay -- --as-of TIME      print connections, projects and environments as they were (--organization ID for one of several)`

await withStore(async (opened) => {
  const { name, verifying, at, organizationId } = readArguments()
  if (at) return printAsOf(opened, at, organizationId)
  const chosen = allProjections.filter((projection) => name === undefined || projection.name === name)
  if (chosen.length === 0) throw new UsageError(`There is no view "${name}".\n${USAGE}`)
  return verifying ? verifyAll(opened, chosen) : rebuildAll(opened, chosen)
})

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        verify: { type: 'boolean', default: false },
        'as-of': { type: 'string' },
        organization: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help || positionals.length > 1) throw new UsageError(USAGE)
    const time = values['as-of']
    if (time !== undefined && Number.isNaN(Date.parse(time))) {
      throw new UsageError(`--as-of ${time} is no time. Write it as 2026-11-24T14:00:00Z.`)
    }
    return {
      name: positionals[0],
      verifying: values.verify,
      at: time === undefined ? null : new Date(time),
      organizationId: values.organization,
    }
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(USAGE)
  }
}

async function rebuildAll({ store, print }: Opened, chosen: readonly AnyProjection[]): Promise<number> {
  for (const projection of chosen) {
    const progress = createProgress(`Rebuilding ${projection.name}`)
    const inline = inlineProjections.includes(projection)
    const { rows, events } = await rebuild(store, projection, { inline, onProgress: progress.at })
    progress.end()
    print(`${projection.name}: ${rows} rows from ${events} events, swapped in.`)
  }
  return 0
}

async function verifyAll({ store, print }: Opened, chosen: readonly AnyProjection[]): Promise<number> {
  let wrong = 0
  for (const projection of chosen) {
    const progress = createProgress(`Verifying ${projection.name}`)
    const inline = inlineProjections.includes(projection)
    const { rows, differences } = await verify(store, projection, { inline, onProgress: progress.at })
    progress.end()
    for (const { organizationId, key, fields, problem } of differences) {
      const what = problem === 'different' ? `differs from the log in ${fields.join(', ')}` : `is ${problem}`
      print(`${projection.name}: row ${key} of organization ${organizationId} ${what}`)
    }
    if (differences.length === 0) print(`${projection.name}: ${rows} rows are what the log says.`)
    wrong += differences.length
  }
  return wrong > 0 ? 1 : 0
}

async function printAsOf({ store, print }: Opened, at: Date, organizationId: string | undefined): Promise<number> {
  const organizations = await store.db.selectFrom('log_head').select('organization_id').execute()
  const wanted = organizations.filter(({ organization_id }) => !organizationId || organization_id === organizationId)
  if (organizationId && wanted.length === 0) throw new UsageError(`There is no organization ${organizationId}.`)
  for (const { organization_id } of wanted) {
    const then = await asOf(store, organization_id, at)
    print(`Organization ${organization_id} at ${at.toISOString()} (position ${then.position}):`)
    for (const row of then.connections) {
      const account = row.account ? `${row.account.login} on ${row.base_url}` : row.base_url
      const enabled = row.enabled ? 'enabled' : 'disabled'
      print(
        `  ${row.name}  ${row.status}, ${enabled}  ${account}  created by ${row.created_by_name}  ${row.connection_id}`,
      )
    }
    if (then.connections.length === 0) print('  no connections')
    for (const row of then.projects) {
      const [main, ...addons] = [...(row.repository ? [row.repository] : []), ...row.addons].map(
        ({ fullName, branch }) => `${fullName} (${branch})`,
      )
      const beside = addons.length > 0 ? ` with ${addons.join(', ')}` : ''
      print(`  project ${row.name}  ${main}${beside}  created by ${row.created_by_name}  ${row.project_id}`)
    }
    for (const row of then.environments) {
      const deployed = row.last_good ? `deployed ${row.last_good.at}` : 'never deployed'
      const state = row.stopped_at ? 'stopped' : deployed
      print(
        `  environment ${row.name}  ${row.kind}, Odoo ${row.odoo_version}, ${state}  created by ${row.created_by_name}  ${row.environment_id}`,
      )
    }
  }
  return 0
}
