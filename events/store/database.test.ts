import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { openPool, queryBuilder } from './database.ts'
import { createTestDatabase } from './testing.ts'

describe('a connection that breaks while it is in use', () => {
  test('fails what it is used for, and neither the process nor what comes next', async () => {
    await using database = await createTestDatabase()
    const pool = openPool(database.connectionString, { max: 1 })
    const other = openPool(database.connectionString, { max: 1 })
    const db = queryBuilder<never>(pool)
    // Without a listener an error of the connection would be an uncaught exception, which fails the run.
    const cut = db.connection().execute(async (connection) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(connection)
      await other.query('select pg_terminate_backend($1)', [rows[0]?.pid])
      await sql`select 1`.execute(connection)
    })
    await expect(cut).rejects.toThrow(/connection/i)
    // The end of the connection may be heard a moment after its error; from then on the pool opens another.
    const next = () =>
      sql<{ one: number }>`select 1 as one`.execute(db).then(
        ({ rows }) => rows,
        () => [],
      )
    await expect.poll(next).toEqual([{ one: 1 }])
    await pool.end()
    await other.end()
  })
})
