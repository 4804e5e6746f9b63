import { DomainError, type LinkedConnection } from '@git-connections/events'
import { v7 as uuidv7 } from 'uuid'
import type { Cause } from '../commands/cause.ts'
import { readLinked } from '../commands/connection.ts'
import type { RepositoryPage, Stopped } from '../providers/listed.ts'
import type { Shell } from '../shell.ts'
import { followAccess } from './follow-access.ts'
import { beginRun, breakOff, dropUnseen, finishRun, hasUnseen, knownPages, type Run, takePage } from './run.ts'
import { askAgain } from './unlisted.ts'

/** How long a listing may take: a hundred pages and more, each within the deadline of a call. */
const LISTING_MS = 10 * 60_000
/** A listing that is younger is as good as a new one. */
const FRESH_MS = 5_000
/** A page and the deadline of its call. */
const PAGE_MS = 60_000
/** More than anybody has; an instance that never ends its list must not fill ours. */
const MOST_PAGES = 1_000

type Indexing = Pick<Shell, 'store' | 'db' | 'clock' | 'reach' | 'credentials' | 'enqueue'>

/** What came of reading the whole list once. */
type Pass = Stopped | { readonly is: 'whole'; readonly pages: number; readonly incomplete: string | null }

/**
 * Reads all that a connection reaches into the index, page by page; what is there stays readable meanwhile. One server
 * at a time does it for a connection. What is gone leaves the index once the whole list was read; where reading breaks
 * off nothing leaves and the reason is kept. It is tried again when the provider allows; else when somebody looks, and
 * after the daily check.
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
      await askAgain(shell, { key, linked }, by)
      await followAccess(shell, { key, linked }, by)
      await finishRun(shell, run, { credentialVersion, incomplete: pass.incomplete })
      return
    }
    await breakOff(shell.db, run, pass.message)
    const data = { ...key, eventId: uuidv7() }
    if (pass.unauthorized) await shell.enqueue({ name: 'validate-connection', data }, null)
    if (pass.retryAfterMs !== null) {
      const at = new Date(shell.clock().getTime() + pass.retryAfterMs)
      await shell.enqueue({ name: 'list-repositories', data }, at)
    }
  } catch (error) {
    const told = error instanceof DomainError && error.code !== 'ConnectionMissing'
    await breakOff(shell.db, run, told ? error.message : 'The list could not be read.')
    if (!told) throw error
  }
}

/**
 * Pages of a list that is sorted by activity shift while they are read, and what shifts past the reader is not seen. So
 * where something known is missing after one reading, or nothing was known before, a second one decides.
 */
async function readAll(shell: Indexing, run: Run, of: { linked: LinkedConnection; by: Cause }): Promise<Pass> {
  const first = await readOnce(shell, run, of)
  const shifts = of.linked.provider === 'github' && first.is === 'whole' && first.pages > 1
  if (!shifts || !(run.isFirst || (await hasUnseen(shell.db, run)))) return first
  return readOnce(shell, run, of)
}

/** Each page is a use of its own: the token may be refreshed between two, also when a server dies in the middle. */
async function readOnce(shell: Indexing, run: Run, of: { linked: LinkedConnection; by: Cause }): Promise<Pass> {
  const { provider, baseUrl, credential, certificateAuthority } = of.linked
  const { listRepositories } = shell.reach(certificateAuthority).providers[provider]
  const refused = (page: RepositoryPage) => page.is === 'stopped' && page.unauthorized
  const use = { ...run.key, by: of.by, purpose: 'list', needMs: PAGE_MS, refused } as const
  const asked = { baseUrl, of: credential.kind === 'githubApp' ? ('installation' as const) : ('person' as const) }
  const askFor = (place: string | null, etag: string | null) =>
    shell.credentials.useToken(use, ({ token }) => listRepositories(token, { ...asked, place, etag }))
  const known = await knownPages(shell.db, run.key)
  let place: string | null = null
  let incomplete: string | null = null
  for (let number = 1; number <= MOST_PAGES; number++) {
    const before = known.get(number)
    const page = await askFor(place, before?.etag ?? null)
    if (page.is === 'stopped') return page
    if (!(await takePage(shell.db, run, { number, page }))) {
      return { is: 'stopped', message: 'Another reading took over.', retryAfterMs: null, unauthorized: false }
    }
    incomplete = page.incomplete ?? incomplete
    place = page.is === 'unchanged' ? (before?.next ?? null) : page.next
    if (place === null) return { is: 'whole', pages: number, incomplete }
  }
  return { is: 'whole', pages: MOST_PAGES, incomplete: 'Only the first 100,000 repositories are shown.' }
}
