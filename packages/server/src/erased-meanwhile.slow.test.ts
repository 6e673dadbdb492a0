import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { analyzeApart } from './analyze-apart.ts'
import { storeDefaults, syncConsents } from './consent/index.ts'
import { makeDemo } from './demo/index.ts'
import { openPrivacy } from './privacy.ts'
import { openState } from './state/index.ts'
import { openWarehouse, type Warehouse } from './warehouse/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-meanwhile-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Stages read beside each other: by what its reading says, not by when it comes. */
const readings = {
  segments: 'product_categories as (',
  predictions: 'as lapsed',
  recommendations: 'from profiled_customers where known_at is null',
}

/** A store that calls `meanwhile` once, after a question that has `words` was answered. */
function interrupted(warehouse: Warehouse, words: string, meanwhile: () => Promise<unknown>): Warehouse {
  let hasCome = false
  return new Proxy(warehouse, {
    get: (whole, name: keyof Warehouse) => {
      if (name !== 'columns')
        return typeof whole[name] === 'function' ? (whole[name] as () => void).bind(whole) : whole[name]
      return async (...asked: Parameters<Warehouse['columns']>) => {
        const found = await whole.columns(...asked)
        if (!hasCome && asked[0].includes(words)) {
          hasCome = true
          await meanwhile()
        }
        return found
      }
    },
  })
}

test('who is erased while an analysis runs is in nothing that it publishes', async () => {
  const warehouse = await openWarehouse(folder)
  const state = await openState(folder)
  await storeDefaults(state.queries, { rule: 'by-region', declared: null })
  await syncConsents(warehouse, state)
  await makeDemo(warehouse, { scenario: 'fashion', customers: 600 })
  const privacy = await openPrivacy(warehouse, state, { eraseWithinDays: 7 })
  const report = join(folder, 'report.html')
  await analyzeApart(warehouse, {}, report)
  const left: Record<string, number> = {}
  for (const [moment, words] of Object.entries(readings)) {
    const [most] = await warehouse.rows<{ id: string }>(
      `select customer_id as id from scores
      where customer_id in (select customer_id from recommendations) and customer_id in (select customer_id from segment_members)
      group by customer_id order by count(*) desc, customer_id limit 1`,
    )
    const { id } = most!
    const erased = vi.fn(() => privacy.erase(id))
    await analyzeApart(interrupted(warehouse, words, erased), {}, report)
    expect(erased).toHaveBeenCalledOnce()
    expect(await privacy.erasures(1)).toMatchObject([{ removedAt: expect.any(Number) }])
    const columns = await warehouse.rows<{ table: string; column: string }>(
      `select table_name as "table", column_name as "column" from duckdb_columns() where not internal
      and table_name in (select table_name from duckdb_tables() where not temporary) and data_type = 'VARCHAR'`,
    )
    for (const { table, column } of columns) {
      const [row] = await warehouse.rows<{ n: number }>(
        `select count(*) as n from "${table}" where contains("${column}", $id)`,
        { id },
      )
      if (row!.n > 0) left[`${moment} ${table}.${column}`] = row!.n
    }
    if (readFileSync(report, 'utf8').includes(id)) left[`${moment} report`] = 1
  }
  expect(left).toEqual({})
  await state.close()
  await warehouse.close()
}, 240_000)
