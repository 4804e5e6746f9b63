import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { createTestDatabase } from './testing.ts'

describe('a test database', () => {
  it('is a PostgreSQL 18 of its own', async () => {
    await using one = await createTestDatabase()
    await using other = await createTestDatabase()
    expect(one.connectionString).not.toBe(other.connectionString)
    const client = new pg.Client({ connectionString: one.connectionString })
    await client.connect()
    await client.query('create table only_here (id int)')
    const { rows } = await client.query('show server_version_num')
    expect(Number(rows[0].server_version_num)).toBeGreaterThanOrEqual(180000)
    await client.end()
  })

  it('is gone afterwards', async () => {
    const database = await createTestDatabase()
    await database[Symbol.asyncDispose]()
    const client = new pg.Client({ connectionString: database.connectionString })
    await expect(client.connect()).rejects.toThrow(/does not exist/)
  })
})
