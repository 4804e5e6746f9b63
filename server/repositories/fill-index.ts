import { DomainError, type LinkedConnection } from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import { readLinked } from '../commands/connection.ts'
import type { Cause } from '../commands/execute.ts'
import type { Listing } from '../providers/listed.ts'
import type { Shell } from '../shell.ts'
import { beginRun, breakOff, dropUnseen, finishRun, hasUnseen, knownPages, type Run, takePage } from './run.ts'

/** How long a listing may take: a hundred pages and more, each within the deadline of a call. */
const LISTING_MS = 10 * 60_000
/** A listing that is younger is as good as a new one. */
const FRESH_MS = 30_000
const RETRY_MS = 60_000
/** More than anybody has; an instance that never ends its list must not fill ours. */
const MOST_PAGES = 1_000

type Indexing = Pick<Shell, 'store' | 'db' | 'clock' | 'reach' | 'credentials' | 'enqueue'>

/** What came of reading the whole list once. */
type Pass =
  | { readonly is: 'whole'; readonly pages: number; readonly incomplete: string | null }
  | {
      readonly is: 'stopped'
      readonly message: string
      readonly retryAfterMs: number | null
      readonly unauthorized: boolean
    }

/**
 * Reads all that a connection reaches into the index, page by page; what is there stays readable meanwhile. One server
 * at a time does it for a connection. What is gone leaves the index once the whole list was read; where reading breaks
 * off nothing leaves, the reason is kept, and it is tried again by itself.
 * @throws {DomainError} ConnectionMissing
 */
export async function fillIndex(shell: Indexing, connectionId: string, by: Cause): Promise<void> {
  const linked = await readLinked(shell, connectionId, by)
  if (!linked.enabled) return
  const key = { organizationId: by.organizationId, connectionId }
  const { credentialVersion } = linked
  const run = await beginRun(shell, key, { credentialVersion, lengthMs: LISTING_MS, freshMs: FRESH_MS })
  if (!run) return
  try {
    const pass = await readAll(shell, run, { linked, by })
    if (pass.is === 'whole') {
      await dropUnseen(shell.db, run)
      await finishRun(shell, run, { credentialVersion, incomplete: pass.incomplete })
      return
    }
    await breakOff(shell.db, run, pass.message)
    const eventId = uuidv7()
    if (pass.unauthorized) await shell.enqueue({ name: 'validate-connection', data: { ...key, eventId } }, null)
    else {
      const at = new Date(shell.clock().getTime() + (pass.retryAfterMs ?? RETRY_MS))
      await shell.enqueue({ name: 'list-repositories', data: { ...key, eventId } }, at)
    }
  } catch (error) {
    const told = error instanceof DomainError && error.code !== 'ConnectionMissing'
    await breakOff(shell.db, run, told ? error.message : 'The list could not be read. It is tried again by itself.')
    if (!told) throw error
  }
}

/**
 * Pages of a list that is sorted by activity shift while they are read, and what shifts past the reader is not seen. So
 * where something known is missing after one reading, or nothing was known before, a second one decides.
 */
async function readAll(shell: Indexing, run: Run, of: { linked: LinkedConnection; by: Cause }): Promise<Pass> {
  const { linked, by } = of
  const refused = (pass: Pass) => pass.is === 'stopped' && pass.unauthorized
  const use = { ...run.key, by, purpose: 'list', needMs: LISTING_MS, refused } as const
  const provider = shell.reach(linked.certificateAuthority).providers[linked.provider]
  return shell.credentials.useToken(use, async ({ token }) => {
    const first = await readOnce(shell, run, { linked, pages: (listing) => provider.listRepositories(token, listing) })
    const shifts = provider.name === 'github' && first.is === 'whole' && first.pages > 1
    if (!shifts || !(run.isFirst || (await hasUnseen(shell.db, run)))) return first
    return readOnce(shell, run, { linked, pages: (listing) => provider.listRepositories(token, listing) })
  })
}

async function readOnce(
  shell: Indexing,
  run: Run,
  from: {
    linked: LinkedConnection
    pages: (listing: Listing) => ReturnType<ReturnType<Shell['reach']>['providers']['github']['listRepositories']>
  },
): Promise<Pass> {
  const { baseUrl, credential } = from.linked
  const of = credential.kind === 'githubApp' ? 'installation' : 'person'
  let pages = 0
  let incomplete: string | null = null
  for await (const page of from.pages({ baseUrl, of, known: await knownPages(shell.db, run.key) })) {
    if (page.is === 'stopped') return page
    pages++
    incomplete = page.incomplete ?? incomplete
    if (!(await takePage(shell.db, run, { number: pages, page }))) {
      return { is: 'stopped', message: 'Another reading took over.', retryAfterMs: null, unauthorized: false }
    }
    if (pages === MOST_PAGES)
      return { is: 'whole', pages, incomplete: 'Only the first 100,000 repositories are shown.' }
  }
  return { is: 'whole', pages, incomplete }
}
