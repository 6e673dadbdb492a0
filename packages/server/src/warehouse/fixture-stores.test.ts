import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { openWarehouse } from './index.ts'

// One small store of each release, made by tooling/make-fixture-store.mjs and never changed again.
const fixtures = new URL('./fixtures/', import.meta.url)

test.each(readdirSync(fixtures))('%s opens, is brought up to date and keeps what it held', async (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-fixture-'))
  try {
    writeFileSync(join(folder, 'warehouse.duckdb'), gunzipSync(readFileSync(new URL(name, fixtures))))
    const warehouse = await openWarehouse(folder)
    const [held] = await warehouse.rows<Record<string, number>>(`
      select (select count(*) from events) as events, (select count(*) from order_lines) as lines,
        (select count(*) from current_customers) as customers, (select count(*) from current_products) as products,
        (select count(*) from quarantine) as quarantined, (select count(*) from orders) as orders`)
    expect(held!['events']).toBeGreaterThan(100)
    expect(held!['lines']).toBeGreaterThan(10)
    expect(held).toMatchObject({ customers: 12, quarantined: 1 })
    await warehouse.close()
    const again = await openWarehouse(folder)
    expect(await again.rows('select count(*) as n from events')).toEqual([{ n: held!['events'] }])
    await again.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
