import { describe, expect, it } from 'vitest'
import { suggestDatabase } from './database-name.ts'

describe('the database that is suggested', () => {
  it('is named after project and environment, in what PostgreSQL takes without quotes', () => {
    expect(suggestDatabase('Shop & Stock', 'Staging (2)')).toBe('shop_stock_staging_2')
    expect(suggestDatabase('Café', 'Übung')).toBe('cafe_ubung')
    expect(suggestDatabase('商店', '測試')).toBe('odoo')
    expect(suggestDatabase('a'.repeat(80), 'b'.repeat(80))).toBe('a'.repeat(63))
  })
})
