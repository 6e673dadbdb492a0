import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Instant, isoOf } from '../base/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { clockWords } from './clock.ts'
import { findCustomers } from './find-customers.ts'
import { lastMoment } from './first-look.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-clock-'))
let warehouse: Warehouse

beforeAll(async () => {
  warehouse = await openWarehouse(folder)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const event = (key: number, batch: number, name: string, at: string): Promise<unknown> =>
  warehouse.run(
    `insert into events (event_key, batch_id, customer_id, call, name, occurred_at, received_at)
     values (${key}, ${batch}, 'c000332', 'track', '${name}', timestamptz '${at}', timestamptz '${at}')`,
  )

test('a demo stands at the end of its history, whatever is sent later', async () => {
  await event(1, 2, 'Product Viewed', '2025-12-30 10:00:00+00')
  await event(2, 2, 'Email Sent', '2025-12-31 20:00:00+00')
  await event(3, 3, 'Consent Recorded', '2026-11-28 09:00:00+00')
  expect(isoOf(await lastMoment(warehouse))).toContain('2026-11-28T09:00:01')
  await warehouse.run(
    "insert into batches values (2, 'demo', '[]', '{}', '{}', timestamptz '2026-01-01 00:00:00+00', 2, 2, 0, 0, null)",
  )
  expect(isoOf(await lastMoment(warehouse))).toContain('2025-12-31T20:00:01')
})

test('somebody was last seen when they did something, and is found by what is inside their id', async () => {
  const { customers } = await findCustomers(warehouse, { search: '00332', after: '', limit: 5 })
  expect(customers.map(({ customerId, lastSeenAt }) => [customerId, lastSeenAt?.slice(0, 10)])).toEqual([
    ['c000332', '2025-12-30'],
  ])
})

const day = (text: string): Instant => Date.parse(`${text}T12:00:00Z`)
const words = (asOf: string, until: string | null, lastSale: string, horizon: number | null) =>
  clockWords(
    {
      ...{ asOf: day(asOf), simulatedUntil: until === null ? null : day(until), lastSaleAt: day(lastSale) },
      lapseHorizonDays: horizon,
    },
    (at) => isoOf(at).slice(0, 10),
  )

test('what is said of the moment of an analysis', () => {
  expect(words('2025-12-31', '2025-12-31', '2025-12-31', 90)).toBe(
    'This shop is simulated up to 2025-12-31; what was sent since is kept, and not analysed',
  )
  expect(words('2026-11-28', null, '2025-12-31', 90)).toMatch(
    /^No sale for 332 days before 2026-11-28.*--as-of 2025-12-31/,
  )
  // As of a moment that was asked for, what was sent is analysed.
  expect(words('2026-11-28', '2025-12-31', '2025-12-31', 90)).toMatch(/^No sale for 332 days/)
  expect(words('2026-03-15', null, '2025-12-31', 90)).toBeUndefined()
  expect(words('2026-03-15', null, '2025-12-31', null)).toMatch(/^No sale for 74 days/)
})
