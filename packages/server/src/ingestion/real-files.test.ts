import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dataPath, withoutData } from '../../../../tooling/test-data.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { importFiles } from './index.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-real-files-'))
  warehouse = await openWarehouse(folder)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const retail = dataPath('online_retail_ii_2009', 'online_retail_II_2009_2010.parquet')

// The totals are those of the data set's README, computed there with DuckDB on the file itself.
test.skipIf(withoutData).each([{ preset: 'online-retail-ii' as const }, { currency: 'GBP' }])(
  'online_retail_ii_2009: every line is accounted for, with %o',
  async (known) => {
    const summary = await importFiles(warehouse, { kind: 'orders', files: [retail], ...known })
    expect(summary).toMatchObject({ read: 525_461, accepted: 525_461, duplicates: 0, quarantined: 0 })
    expect(summary.repeatedLinesKept).toBe(6865)
    expect(summary.mapping).toEqual({
      order_id: 'Invoice',
      customer_id: 'Customer ID',
      occurred_at: 'InvoiceDate',
      product_id: 'StockCode',
      description: 'Description',
      quantity: 'Quantity',
      unit_price: 'Price',
      country: 'Country',
    })
    const [totals] = await warehouse.rows(
      `select count(distinct customer_id) as customers, count(distinct order_id) as invoices,
        count(distinct order_id) filter (kind = 'cancellation') as cancellations,
        count_if(kind = 'cancellation')::bigint as "cancelledLines",
        count_if(unit_price_micros < 0 and kind = 'adjustment')::bigint as "negativePrices",
        count_if(ordinal > 0)::bigint as repeated,
        sum(quantity::bigint)::bigint as quantity, sum(amount_micros)::bigint as micros
      from order_lines`,
    )
    expect(totals).toEqual({
      customers: 4383,
      invoices: 28_816,
      cancellations: 4592,
      cancelledLines: 10_206,
      negativePrices: 3,
      repeated: 6865,
      quantity: 5_432_041,
      micros: 9_539_484_634_000,
    })
    const codes = await warehouse.rows<{ product_id: string }>('select product_id from non_products')
    const found = codes.map(({ product_id }) => product_id)
    expect(found).toEqual(
      expect.arrayContaining(['POST', 'DOT', 'M', 'D', 'BANK CHARGES', 'AMAZONFEE', 'B', 'TEST001']),
    )
    const again = await importFiles(warehouse, { kind: 'orders', files: [retail], ...known })
    expect(again).toMatchObject({ batchId: null, accepted: 0, duplicates: 525_461 })
  },
)

test.skipIf(withoutData)('rfm_orders: orders and customers, mapped without help', async () => {
  const orders = await importFiles(warehouse, {
    kind: 'orders',
    files: [dataPath('rfm_orders', 'rfm_data_orders.csv.gz')],
    currency: 'USD',
  })
  expect(orders).toMatchObject({ read: 4906, accepted: 4906, quarantined: 0 })
  expect(orders.mapping).toEqual({ customer_id: 'customer_id', occurred_at: 'order_date', amount: 'revenue' })
  const customers = await importFiles(warehouse, {
    kind: 'customers',
    files: [dataPath('rfm_orders', 'rfm_data_customer.csv.gz')],
  })
  expect(customers).toMatchObject({ read: 39_999, quarantined: 0 })
  expect(customers.mapping).toEqual({
    customer_id: 'customer_id',
    email: 'email',
    first_name: 'first_name',
    last_name: 'last_name',
  })
  expect(await warehouse.rows('select count(distinct customer_id) as n from order_lines')).toEqual([{ n: 995 }])
})

test.skipIf(withoutData)('customer_personality: traits, mapped without help', async () => {
  const summary = await importFiles(warehouse, {
    kind: 'customers',
    files: [dataPath('customer_personality', 'marketing_campaign.tsv.gz')],
  })
  expect(summary).toMatchObject({ read: 2240, accepted: 2240, quarantined: 0 })
  expect(summary.mapping).toEqual({
    customer_id: 'ID',
    birth_date: 'Year_Birth',
    income: 'Income',
    education: 'Education',
    created_at: 'Dt_Customer',
  })
  const [first] = await warehouse.rows(
    `select created_at::date::varchar as day, income, traits->>'MntWines' as wines from customers where customer_id = '5524'`,
  )
  expect(first).toEqual({ day: '2012-09-04', income: 58_138, wines: '635' })
})

// Counts and the span of days as the README has them.
test.skipIf(withoutData)('cdnow: the whole file without help, the headerless sample by preset', async () => {
  const master = dataPath('cdnow', 'CDNOW_master.txt.gz')
  const summary = await importFiles(warehouse, { kind: 'orders', files: [master], currency: 'USD' })
  expect(summary).toMatchObject({ read: 69_659, accepted: 69_659, quarantined: 0 })
  const [span] = await warehouse.rows(
    `select count(distinct customer_id) as customers, min(occurred_at)::date::varchar as first,
      max(occurred_at)::date::varchar as last from order_lines`,
  )
  expect(span).toEqual({ customers: 23_570, first: '1997-01-01', last: '1998-06-30' })
  const sample = dataPath('cdnow', 'CDNOW_sample.txt')
  const part = await importFiles(warehouse, { kind: 'orders', files: [sample], preset: 'cdnow' })
  // The sample is a part of the whole: its orders are there already.
  expect(part).toMatchObject({ read: 6919, accepted: 0, duplicates: 6919 })
})
