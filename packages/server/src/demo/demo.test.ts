import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { isDemoIncomplete, makeDemo, readTruth, removeIncompleteDemo } from './index.ts'
import { truthFileOf } from './truth.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-demo-'))
  warehouse = await openWarehouse(folder)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const fashionDigest = '6f9cb962da486b89c007903462ade6b70796f300efc297789c07ce39e5d14305'
const small = { scenario: 'fashion', customers: 300, seed: 7 } as const

/** Columns that later schemas added for what a demo shop has none of. */
const added: Readonly<Record<string, string>> = {
  events: 'position, anonymous_id, other_id, context, repeats_ids',
  products: 'stock',
}

/** A digest of every row of the store, table by table in a fixed order, and of the truth. */
async function digest(): Promise<string> {
  const hash = createHash('sha256')
  for (const [table, key] of [
    ['products', 'product_id'],
    ['customers', 'customer_id'],
    ['consents', 'customer_id, purpose, occurred_at, is_granted'],
    ['order_lines', 'line_key'],
    ['events', 'event_key'],
    ['non_products', 'product_id'],
  ]) {
    const rows = table! in added ? `(select * exclude (${added[table!]}) from ${table})` : table
    const columns = await warehouse.columns(`select to_json(t)::varchar as row from ${rows} as t order by ${key}`)
    for (const row of columns.keys('row')) hash.update(row).update('\n')
  }
  return hash.update(readFileSync(truthFileOf(folder))).digest('hex')
}

// The shops of a version are frozen: a change of any digest needs a new `demoVersion`.
test.each([
  ['fashion', 'on', fashionDigest],
  ['fashion', 'off', 'fa6efa85de84f0ca388b869f45101416a71a0a96d610ca748be7ea97ee6e03e0'],
  ['watches', 'on', 'eeb17ac92dddf1fff1a4df8230b3eed00ea728a7994a176b0958655ef348d4a0'],
  ['subscription', 'on', '731e6fb2f3bf6693cb46e27198bbdf78a8ed7b2352445fd430162b2397f081fb'],
] as const)('the %s shop with effects %s has the same bytes for ever', async (scenario, effects, expected) => {
  await makeDemo(warehouse, { ...small, scenario, effects })
  expect(await digest()).toBe(expected)
})

test('another seed makes another shop', async () => {
  await makeDemo(warehouse, { ...small, seed: 8 })
  expect(await digest()).not.toBe(fashionDigest)
})

test('a customer is the same person in a bigger shop', async () => {
  await makeDemo(warehouse, { ...small, customers: 40 })
  const few = (await readTruth(folder)).customers
  const [spent] = await warehouse.rows<{ spent: number }>(
    "select sum(amount_micros)::bigint as spent from order_lines where customer_id <= 'c000040'",
  )
  const other = mkdtempSync(join(tmpdir(), 'rapport-demo-'))
  const bigger = await openWarehouse(other)
  await makeDemo(bigger, { ...small, customers: 60 })
  expect((await readTruth(other)).customers.slice(0, 40)).toEqual(few)
  const again = await bigger.rows(
    "select sum(amount_micros)::bigint as spent from order_lines where customer_id <= 'c000040'",
  )
  expect(again).toEqual([spent])
  await bigger.close()
  rmSync(other, { recursive: true })
})

test('the store says what it is, and everything in it happened before the end', async () => {
  const until = Date.UTC(2024, 5, 30)
  const summary = await makeDemo(warehouse, { ...small, until })
  expect(summary.until).toBe(until)
  expect(await warehouse.rows('select name, value from store_settings order by name')).toEqual([
    { name: 'currency', value: 'EUR' },
    { name: 'demo', value: 'fashion' },
    { name: 'timezone', value: 'Europe/Berlin' },
  ])
  const [late] = await warehouse.rows<{ events: number; lines: number; consents: number }>(
    `select
      (select count(*) from events where occurred_at >= $until or received_at <> occurred_at) as events,
      (select count(*) from order_lines where occurred_at >= $until or received_at <> occurred_at) as lines,
      (select count(*) from consents where occurred_at >= $until) as consents`,
    { until: { instant: until } },
  )
  expect(late).toEqual({ events: 0, lines: 0, consents: 0 })
  const [batch] = await warehouse.rows<{ kind: string; adds_up: boolean }>(
    `select kind, rows_read = rows_accepted and rows_accepted = (select count(*) from events)
      + (select count(*) from order_lines) + (select count(*) from customers) as adds_up from batches`,
  )
  expect(batch).toEqual({ kind: 'demo', adds_up: true })
})

test('keys are unique, amounts are quantity × price, and a completed order has lines of that sum', async () => {
  await makeDemo(warehouse, small)
  const [wrong] = await warehouse.rows(
    `select
      (select count(*) - count(distinct event_key) from events) as event_keys,
      (select count(*) - count(distinct line_key) from order_lines) as line_keys,
      (select count(*) from order_lines where amount_micros <> quantity * unit_price_micros) as amounts,
      (select count(*) from order_lines where kind = 'cancellation' and amount_micros >= 0) as cancellations,
      (select count(*) from (
        select price_micros, (
          select sum(amount_micros) from order_lines
          where order_id = (events.properties ->> 'order_id') and ordinal = 0
            and product_id not in ('SHIPPING', 'GIFT-CARD')
        ) as lines_micros
        from events where name = 'Order Completed'
      ) where lines_micros > price_micros or lines_micros is null) as orders`,
  )
  expect(wrong).toEqual({ event_keys: 0, line_keys: 0, amounts: 0, cancellations: 0, orders: 0 })
})

test('nobody gets email who did not agree, or after taking it back', async () => {
  await makeDemo(warehouse, { ...small, customers: 1000 })
  const [wrong] = await warehouse.rows<{ sends: number; all: number }>(
    `with asked as (
      select customer_id, min(occurred_at) filter (is_granted) as from_at, min(occurred_at) filter (not is_granted) as to_at
      from consents where purpose = 'marketing.email' group by customer_id
    )
    select count(*) as all, count(*) filter (
      asked.from_at is null or events.occurred_at < asked.from_at or events.occurred_at > asked.to_at
    ) as sends
    from events join asked using (customer_id) where name in ('Email Sent', 'Email Held Out')`,
  )
  expect(wrong!.all).toBeGreaterThan(3000)
  expect(wrong!.sends).toBe(0)
})

test('a store that holds anything is refused', async () => {
  await makeDemo(warehouse, { ...small, customers: 5 })
  await expect(makeDemo(warehouse, small)).rejects.toThrow('must be empty to take a demo shop')
})

test('a shop whose making was stopped says so, is refused, and can be removed and made again', async () => {
  const stop = new AbortController()
  const onProgress = ({ done }: { done: number }): void => {
    if (done > 0) stop.abort()
  }
  const making = makeDemo(warehouse, { ...small, customers: 9000 }, { signal: stop.signal, onProgress })
  await expect(making).rejects.toThrow('stopped before it was done')
  expect(await isDemoIncomplete(warehouse)).toBe(true)
  await expect(makeDemo(warehouse, small)).rejects.toThrow('a demo shop whose making was stopped')
  await removeIncompleteDemo(warehouse)
  await makeDemo(warehouse, small)
  expect(await digest()).toBe(fashionDigest)
  await expect(removeIncompleteDemo(warehouse)).rejects.toThrow('must hold a demo shop that is not whole')
})

test('what means nothing is refused', async () => {
  await expect(makeDemo(warehouse, { scenario: 'fashion', customers: 0 })).rejects.toThrow('from 1 to 1000000, got 0')
  await expect(makeDemo(warehouse, { scenario: 'shoes' as 'fashion' })).rejects.toThrow('got shoes')
  await expect(makeDemo(warehouse, { ...small, until: Number.NaN })).rejects.toThrow('until must be from')
  await expect(readTruth(folder)).rejects.toThrow("must hold a demo shop's truth")
})
