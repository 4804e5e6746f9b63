import { DomainError } from '@git-connections/events'
import { PgBoss } from 'pg-boss'
import { v5 as uuidv5 } from 'uuid'
import type { Cause } from '../commands/cause.ts'
import { destroyCredential } from '../commands/delete-connection.ts'
import { healGrants } from '../commands/heal-grants.ts'
import { keepAlive } from '../commands/refresh-token.ts'
import { validateConnection } from '../commands/validate-connection.ts'
import { removeReleases } from '../deployments/release-places.ts'
import { runDeployment } from '../deployments/run-deployment.ts'
import type { Log } from '../log.ts'
import { fillIndex } from '../repositories/fill-index.ts'
import type { Shell } from '../shell.ts'
import { type Enqueue, type Job, type JobName, jobSchemas } from './jobs.ts'
import { sweep } from './sweep.ts'

const SWEEP = 'sweep'
const POLL_SECONDS = 0.5
/** A validation waits for the provider at most about a minute; one that takes longer than this is given up. */
const EXPIRE_SECONDS = 180
/** A running job gives a sign of life twice in this time; without one its server is gone, and it runs again. */
const HEARTBEAT_SECONDS = 20
/** How often jobs without a sign of life are looked for. */
const SUPERVISE_SECONDS = 15
/** A deployment fetches for a quarter of an hour at most, and Odoo may take a day. */
const LONGEST_DEPLOYMENT_SECONDS = 23 * 3_600
const RETRIES = { retryLimit: 3, retryDelay: 5, retryBackoff: true }
const WORKERS = 4
const NAMES: readonly Exclude<JobName, typeof DEPLOYMENT>[] = [
  'validate-connection',
  'destroy-credential',
  'keep-alive',
  'settle-refresh',
  'list-repositories',
  'heal-grants',
  'remove-releases',
]
/** Done on its own terms: it takes long, and must leave room for other organizations. */
const DEPLOYMENT = 'run-deployment'
/** Names the commands of jobs, so that a job that runs twice asks for the same command twice. */
const NAMESPACE = '4f3a3f5e-3c0e-4e0b-9d57-5d8f8a0b9c11'

/** What each kind of job does. */
const deeds: {
  [Name in Exclude<JobName, typeof DEPLOYMENT>]: (
    shell: Shell,
    job: Extract<Job, { name: Name }>['data'],
    by: Cause,
  ) => Promise<void>
} = {
  'validate-connection': (shell, { connectionId }, by) => validateConnection(shell, connectionId, by),
  'destroy-credential': (shell, { connectionId }, by) => destroyCredential(shell, { connectionId, now: false }, by),
  'list-repositories': (shell, { connectionId }, by) => fillIndex(shell, connectionId, by),
  'keep-alive': (shell, { connectionId, version }, by) => keepAlive(shell, { connectionId, version }, by),
  'settle-refresh': (shell, { connectionId, version }, by) => keepAlive(shell, { connectionId, version }, by),
  'heal-grants': (shell, { provider, baseUrl }, by) => healGrants(shell, { provider, baseUrl }, by),
  'remove-releases': (shell, job) => removeReleases(shell, job),
}

const titles: Record<JobName, string> = {
  'validate-connection': 'Scheduled check',
  'destroy-credential': 'Clean-up',
  'keep-alive': 'Token refresh',
  'settle-refresh': 'Token refresh',
  'list-repositories': 'Repository list',
  'heal-grants': 'New OAuth application',
  'run-deployment': 'Deployment',
  'remove-releases': 'Clean-up',
}

/** The job queue on the same database: `put` stores a job, `work` begins to do them, `stop` waits for those that run. */
export interface Queue {
  readonly put: Enqueue
  readonly work: (shell: Shell) => Promise<void>
  readonly stop: () => Promise<void>
}

/** Opens the job queue; nothing is done before `work`. */
export async function openQueue(connectionString: string, log: Log): Promise<Queue> {
  const boss = new PgBoss({
    ...{ connectionString, max: 4, application_name: 'git-connections jobs' },
    ...{ superviseIntervalSeconds: SUPERVISE_SECONDS, monitorIntervalSeconds: SUPERVISE_SECONDS },
  })
  boss.on('error', (error) => log.error({ err: error }, 'the job queue failed'))
  await boss.start()
  await createQueues(boss)
  const stopping = new AbortController()
  return {
    put: (job, at) => putJob(boss, job, at),
    async work(shell) {
      await work(boss, shell)
      await workOnDeployments(boss, shell, stopping.signal)
    },
    stop: () => {
      stopping.abort()
      return boss.stop({ graceful: true, timeout: 35_000 })
    },
  }
}

/** One organization has all workers of a server but one at most: none waits for another's many deployments. */
async function workOnDeployments(boss: PgBoss, shell: Shell, stopping: AbortSignal): Promise<void> {
  const { deploymentsAtOnce } = shell.config
  const options = {
    ...{ pollingIntervalSeconds: POLL_SECONDS, localConcurrency: deploymentsAtOnce },
    // Counted in this process: by the database's count two workers that look at once would both find room.
    localGroupConcurrency: Math.max(1, deploymentsAtOnce - 1),
  }
  await boss.work<unknown>(DEPLOYMENT, options, async (jobs) => {
    for (const { id, data, signal } of jobs) {
      const job = jobSchemas[DEPLOYMENT].parse(data)
      const interruption = AbortSignal.any([signal, stopping])
      await runDeployment(shell, job, causeOf(DEPLOYMENT, job), interruption).catch((error: unknown) => {
        if (!interruption.aborted) shell.log.error({ err: error, job: DEPLOYMENT, jobId: id }, 'a job failed')
        throw error
      })
    }
  })
}

async function work(boss: PgBoss, shell: Shell): Promise<void> {
  for (const name of NAMES) {
    const options = { pollingIntervalSeconds: POLL_SECONDS, localConcurrency: WORKERS }
    await boss.work<unknown>(name, options, async (jobs) => {
      for (const job of jobs) await run(shell, name, job.data, job.id)
    })
  }
  const settings = { retryLimit: 0, expireInSeconds: EXPIRE_SECONDS, heartbeatSeconds: HEARTBEAT_SECONDS }
  await boss.createQueue(SWEEP, { ...settings, policy: 'exclusive' })
  await boss.updateQueue(SWEEP, settings)
  await boss.work(SWEEP, { pollingIntervalSeconds: 2 }, () => sweep(shell, shell.enqueue))
  await boss.schedule(SWEEP, '* * * * *')
}

/** Makes a queue for each kind of job; one of an earlier program is brought to the settings of this one. */
export async function createQueues(boss: PgBoss): Promise<void> {
  const settings = { ...RETRIES, expireInSeconds: EXPIRE_SECONDS, heartbeatSeconds: HEARTBEAT_SECONDS }
  for (const name of NAMES) {
    await boss.createQueue(name, settings)
    await boss.updateQueue(name, settings)
  }
  // A deployment that no server carries out would never be over: each that is cut off is taken up again.
  const long = { ...settings, expireInSeconds: LONGEST_DEPLOYMENT_SECONDS, retryLimit: 10_000, retryBackoff: false }
  await boss.createQueue(DEPLOYMENT, long)
  await boss.updateQueue(DEPLOYMENT, long)
}

/** Stores a job, to be done at once or from an instant on. The same id again is the same job: the first is kept. */
export async function putJob(boss: PgBoss, job: Job, at: Date | null): Promise<void> {
  await boss.send(job.name, job.data, {
    id: job.data.eventId,
    ...(at ? { startAfter: at } : {}),
    ...(job.name === DEPLOYMENT ? { group: { id: job.data.organizationId } } : {}),
  })
}

async function run(shell: Shell, name: (typeof NAMES)[number], data: unknown, jobId: string): Promise<void> {
  try {
    switch (name) {
      case 'validate-connection':
      case 'list-repositories':
      case 'destroy-credential': {
        const job = jobSchemas[name].parse(data)
        await deeds[name](shell, job, causeOf(name, job))
        return
      }
      case 'keep-alive':
      case 'settle-refresh': {
        const job = jobSchemas[name].parse(data)
        await deeds[name](shell, job, causeOf(name, job))
        return
      }
      case 'heal-grants': {
        const job = jobSchemas[name].parse(data)
        await deeds[name](shell, job, causeOf(name, job))
        return
      }
      case 'remove-releases': {
        const job = jobSchemas[name].parse(data)
        await deeds[name](shell, job, causeOf(name, job))
      }
    }
  } catch (error) {
    // A connection that was deleted meanwhile needs nothing more.
    if (error instanceof DomainError && error.code === 'ConnectionMissing') return
    shell.log.error({ err: error, job: name, jobId }, 'a job failed')
    throw error
  }
}

function causeOf(name: JobName, job: { organizationId: string; eventId: string }): Cause {
  return {
    actor: { kind: 'job', id: name, name: titles[name] },
    organizationId: job.organizationId,
    commandId: uuidv5(`${name} ${job.eventId}`, NAMESPACE),
    correlationId: job.eventId,
    causationId: job.eventId,
  }
}
