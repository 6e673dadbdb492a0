import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Instant } from '../../../base/index.ts'
import { makeDemo } from '../../../demo/index.ts'
import { openWarehouse, type Warehouse } from '../../../warehouse/index.ts'
import { moneyAndZone } from '../../first-look.ts'
import { localDay } from '../usual/local-day.ts'
import { learnUsualDay } from '../usual/usual.ts'
import { type Anomaly, anomaliesOfDay } from './anomalies-of-day.ts'

// Drops and peaks planted into a simulated shop, whose rows are the same each time, as of moments of its history.

const hourMs = 3_600_000
let folder: string
let warehouse: Warehouse
let zone: string
let currency: string
let end: Instant

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-anomalies-'))
  warehouse = await openWarehouse(folder)
  const { until } = await makeDemo(warehouse, { scenario: 'fashion', customers: 12_000 })
  end = until
  const found = await moneyAndZone(warehouse)
  zone = found.timezone
  currency = found.currency
  await warehouse.run('create table kept_events as from events; create table kept as from order_lines')
}, 300_000)
afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Ten o'clock in the evening of a day so many days before the end. */
const evening = (ago: number): Instant => localDay(zone, end - 1, ago).from + 22 * hourMs

async function look(at: Instant): Promise<readonly Anomaly[]> {
  const usual = await learnUsualDay(warehouse, { zone, currency, at, simulatedUntil: null })
  return anomaliesOfDay(warehouse, { zone, currency, at, usual, before: [] })
}

/** Runs SQL on the events of some hours before a moment, looks, and puts them back. */
async function planted(at: Instant, sql: string): Promise<readonly Anomaly[]> {
  const hours = { from: { instant: at - 10 * hourMs }, until: { instant: at - 3 * hourMs } }
  await warehouse.run(sql, hours)
  try {
    return await look(at)
  } finally {
    await warehouse.run('delete from events; insert into events from kept_events')
  }
}

test('an event that is not sent any more is told once, with its name', async () => {
  const found = await planted(
    evening(3),
    "delete from events where name = 'Product Viewed' and received_at >= $from and received_at < $until",
  )
  const below = found.filter(({ measure, side }) => measure === 'events' && side === 'below')
  expect(below).toHaveLength(1)
  expect(below[0]!.overAt).not.toBe(null)
  const [most] = below[0]!.explanation
  expect([most!.side, most!.values[0]]).toMatchObject(['event', { value: 'Product Viewed', now: 0 }])
})

test('a channel that is three times as loud is named', async () => {
  const found = await planted(
    evening(10),
    `insert into events select events.* replace (event_key + n::uhugeint as event_key)
     from events, (select unnest([1, 2, 3, 4, 5]) as n) as copies where source = 'paid-social' and received_at >= $from and received_at < $until`,
  )
  const above = found.find(({ measure, side }) => measure === 'events' && side === 'above')
  expect(above?.explanation.find(({ side }) => side === 'source')?.values.map(({ value }) => value)).toEqual([
    'paid-social',
  ])
})

test('on days on which nothing was planted little is told', async () => {
  let told = 0
  for (let ago = 1; ago <= 30; ago += 1) told += (await look(evening(ago))).length
  // Three measures on thirty days; the bounds of alarm alone would let through five in a hundred of each.
  expect(told).toBeLessThanOrEqual(3)
}, 300_000)
