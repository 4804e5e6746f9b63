import { DomainError, type LinkedConnection } from '@git-connections/events'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { ConnectionKey } from '../broker/lease.ts'
import type { Cause } from '../commands/cause.ts'
import { readLinked } from '../commands/connection.ts'
import type { RepositoryFound, Stopped } from '../providers/listed.ts'
import type { Shell } from '../shell.ts'
import { askFor } from './ask-for.ts'
import { type RepositoryView, toRepositoryView } from './browse.ts'
import type { Diagnosis, NamedConnection } from './diagnosis.ts'
import {
  type Asked,
  barredWords,
  brokenWords,
  notFoundWords,
  otherHostWords,
  reachedWords,
  unansweredWords,
  unreadableWords,
} from './diagnosis-words.ts'
import { SHOWN } from './find-page.ts'
import { findNearest } from './nearest-name.ts'
import { readAddress } from './pasted-address.ts'
import { keepFound } from './unlisted.ts'

/**
 * Tells why the repository that somebody pasted the address of is not among those of a connection, and what to do. What
 * turns out to be reached is put into the index, so that it can be chosen. Of a secret in the address nothing is kept.
 * @throws {DomainError} ConnectionMissing, VaultSealed.
 */
export async function diagnose(
  shell: Shell,
  { connectionId, pasted }: { connectionId: string; pasted: string },
  by: Cause,
): Promise<Diagnosis> {
  const linked = await readLinked(shell, connectionId, by)
  const address = readAddress(pasted, linked)
  if (address.is === 'unreadable') return unreadableWords(address)
  const key = { organizationId: by.organizationId, connectionId }
  const connections = await readConnections(shell, key.organizationId)
  if (address.is === 'elsewhere') {
    const fitting = connections.filter((each) => readAddress(pasted, each).is === 'here')
    return otherHostWords(address.host, { linked, connection: firstOf(fitting) })
  }
  const own = connections.find(({ id }) => id === connectionId)
  if (!linked.enabled) return brokenWords(linked.name, 'It is disabled.')
  if (linked.status === 'pending') return brokenWords(linked.name, 'It is still being checked.')
  if (linked.status !== 'active') return brokenWords(linked.name, own?.message ?? '')
  const asked = { linked, account: own?.account ?? null, fullName: address.fullName }
  const known = await findNamed(shell, asked.fullName, [key])
  if (known) return reachedWords(known, { asked, wasListed: true, member: true })
  const found = await ask(shell, { key, asked }, by)
  if (!('is' in found)) return found
  if (found.is === 'found') return keep(shell, { key, asked }, found)
  if (found.is === 'stopped') return stopped(shell, { key, asked }, found)
  if (found.reason !== 'notFound') return barredWords(found.reason, found, asked)
  return miss(
    shell,
    { key, asked },
    connections.filter(({ id, baseUrl }) => id !== connectionId && baseUrl === linked.baseUrl),
  )
}

type Found = Extract<RepositoryFound, { is: 'found' }>

/** What is asked of which connection. */
interface Question {
  readonly key: ConnectionKey
  readonly asked: Asked
}

async function keep(shell: Shell, { key, asked }: Question, { repository, member }: Found): Promise<Diagnosis> {
  const { wasThere } = await keepFound(shell.db, key, { repository, now: shell.clock() })
  return reachedWords({ ...repository, connectionId: key.connectionId }, { asked, wasListed: wasThere, member })
}

async function stopped(shell: Shell, { key, asked }: Question, answer: Stopped): Promise<Diagnosis> {
  if (!answer.unauthorized) return unansweredWords(answer, asked.linked)
  await shell.enqueue({ name: 'validate-connection', data: { ...key, eventId: uuidv7() } }, null)
  return brokenWords(asked.linked.name, `${answer.message} It is being checked.`)
}

/** Where neither name nor access can be told apart, what is like it, and who else reaches it. */
async function miss(shell: Shell, { key, asked }: Question, others: readonly Known[]): Promise<Diagnosis> {
  const { organizationId } = key
  const [nearest, elsewhere] = await Promise.all([
    findNearest(shell, key, asked.fullName),
    findNamed(
      shell,
      asked.fullName,
      others.map(({ id }) => ({ organizationId, connectionId: id })),
    ),
  ])
  const through = firstOf(others.filter(({ id }) => id === elsewhere?.connectionId))
  return notFoundWords(asked, { nearest, through })
}

/** What the provider says; a diagnosis where there is no token to ask it with. */
async function ask(shell: Shell, { key, asked }: Question, by: Cause): Promise<RepositoryFound | Diagnosis> {
  const { linked, fullName } = asked
  try {
    return await askFor(shell, { key, linked, named: { fullName } }, by)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    if (error.code === 'CredentialUnchecked') {
      return unansweredWords({ message: error.message, retryAfterMs: null }, linked)
    }
    if (error.code !== 'CredentialRefused' && error.code !== 'RefreshFailed') throw error
    return brokenWords(linked.name, error.message)
  }
}

interface Known extends Pick<LinkedConnection, 'provider' | 'baseUrl'> {
  readonly id: string
  readonly name: string
  readonly message: string
  readonly account: Asked['account']
}

/** The connections of the organization, those that work first. */
async function readConnections({ db }: Pick<Shell, 'db'>, organizationId: string): Promise<Known[]> {
  return db
    .selectFrom('connection_status')
    .select(['connection_id as id', 'name', 'provider', 'base_url as baseUrl', 'message', 'account'])
    .where('organization_id', '=', organizationId)
    .where('deleted_at', 'is', null)
    .orderBy(sql`enabled and status = 'active'`, 'desc')
    .orderBy('name')
    .execute()
}

function firstOf([first]: readonly Known[]): NamedConnection | null {
  return first ? { id: first.id, name: first.name } : null
}

/** What one of these connections of an organization has in its index under a name. */
async function findNamed(
  { db }: Pick<Shell, 'db'>,
  fullName: string,
  keys: readonly ConnectionKey[],
): Promise<RepositoryView | null> {
  const [first] = keys
  if (!first) return null
  const row = await db
    .selectFrom('repository')
    .select(SHOWN)
    .where('organization_id', '=', first.organizationId)
    .where(
      'connection_id',
      'in',
      keys.map(({ connectionId }) => connectionId),
    )
    .where(sql<string>`lower(full_name)`, '=', fullName.toLowerCase())
    .executeTakeFirst()
  return row ? toRepositoryView(row) : null
}
