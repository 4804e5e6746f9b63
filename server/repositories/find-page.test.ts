import { randomUUID } from 'node:crypto'
import { openPool, queryBuilder } from '@git-connections/events/store'
import { createTestDatabase } from '@git-connections/events/store/testing'
import type { Kysely } from 'kysely'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Tables } from '../database/tables.ts'
import { findPage, MOST_WALKED } from './find-page.ts'

const [organizationId, connectionId, other] = [randomUUID(), randomUUID(), randomUUID()]
const ACTIVE = MOST_WALKED + 5_000
const ALL = ACTIVE + 500

let database: Awaited<ReturnType<typeof createTestDatabase>>
let pool: pg.Pool
let db: Kysely<Tables>
beforeAll(async () => {
  database = await createTestDatabase()
  pool = openPool(database.connectionString)
  db = queryBuilder<Tables>(pool)
  // Five at a time were active together, the last never; the oldest of each kind has a name of its own.
  await pool.query(
    `insert into repository (organization_id, connection_id, repository_id, full_name, url, private, archived, fork,
       pushed_at, run)
     select $1, case when n % 3 = 0 then $3::uuid else $2::uuid end, n::text,
       'acme/r' || n || case when n in (${ACTIVE}, ${ALL}) then '-zz' else '' end, '', true, false, false,
       case when n <= ${ACTIVE} then timestamptz '2026-01-01' - n / 5 * interval '1 minute' end, $1
     from generate_series(1, ${ALL}) as n`,
    [organizationId, connectionId, other],
  )
})
afterAll(async () => {
  await pool.end()
  await database[Symbol.asyncDispose]()
})

/** Every page of a search, until there is no next one. */
async function pages(search: { search: string; connectionId?: string; limit: number }): Promise<string[][]> {
  const found: string[][] = []
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof findPage>> = await findPage(
      { db },
      { organizationId, connectionId: null, cursor, ...search },
    )
    found.push(page.rows.map((row) => row.full_name))
    if (page.nextCursor === null) return found
    cursor = page.nextCursor
  }
}

async function inOrder(condition: string): Promise<string[]> {
  const { rows } = await pool.query<{ full_name: string }>(
    `select full_name from repository where ${condition} order by pushed_at desc nulls last, repository_id, connection_id`,
  )
  return rows.map((row) => row.full_name)
}

describe('a page of the repositories', () => {
  test('goes on where the one before ended, also among those of one time and those never active', async () => {
    const all = await pages({ search: '', limit: 1_700 })
    expect(all.slice(0, -1).every((page) => page.length === 1_700)).toBe(true)
    expect(all.flat()).toEqual(await inOrder('true'))
    const one = await pages({ search: '', connectionId: other, limit: 999 })
    expect(one.flat()).toEqual(await inOrder(`connection_id = '${other}'`))
  })

  test('of a word of two letters looks into so many at a time, and goes on until it has seen all', async () => {
    expect(await pages({ search: 'zz', limit: 50 })).toEqual([[], [`acme/r${ACTIVE}-zz`, `acme/r${ALL}-zz`]])
    expect(await pages({ search: 'zz', connectionId, limit: 50 })).toHaveLength(1)
  })

  test('of a frequent word of two letters holds each once', async () => {
    expect((await pages({ search: '99', limit: 200 })).flat()).toEqual(await inOrder(`full_name like '%99%'`))
  })

  test('of a longer word is found at once, wherever it is', async () => {
    expect(await pages({ search: `r${ALL}`, limit: 50 })).toEqual([[`acme/r${ALL}-zz`]])
    expect(await pages({ search: 'zzz', limit: 50 })).toEqual([[]])
  })
})
