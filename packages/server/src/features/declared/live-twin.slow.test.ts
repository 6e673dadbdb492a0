import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs } from '../../base/index.ts'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { featureCatalogue } from '../catalogue.ts'
import type { Feature } from '../definition.ts'
import type { History } from '../interpret.ts'
import { randomHistory, storeHistory, testMoment } from '../random-history.ts'
import { type FeatureMatrix, featuresInMemory } from '../read-features.ts'
import { liveTwin } from './live-twin.ts'

const catalogue = featureCatalogue({ categories: ['Women', 'Men'], areTraitsDated: true })
const pairs = catalogue.flatMap((feature) => {
  const twin = liveTwin(feature)
  return twin === null ? [] : [{ feature, twin }]
})
/** Windows of whole days are those of the catalogue in the last millisecond of a day. */
const endOfDay = Math.floor(testMoment / dayMs) * dayMs + dayMs - 1

let folder: string
let warehouse: Warehouse

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-twins-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

/** Orders of one line of a product each, in one currency, from one source a customer; moments kept on the edges of windows. */
function plainHistory(seed: number): History {
  const { lines, events, ...rest } = randomHistory(seed, 4, 60)
  const moved = <Fact extends { occurredAt: number; receivedAt: number }>(fact: Fact): Fact => ({
    ...fact,
    occurredAt: fact.occurredAt + endOfDay - testMoment,
    receivedAt: fact.receivedAt + endOfDay - testMoment,
  })
  const plain = lines.map((line, at) => ({
    ...moved(line),
    ...{ orderId: `o${at}`, productId: line.productId === 'POST' ? 'p1' : line.productId, currency: 'EUR' },
    ...{ source: line.customerId === 'c0' ? null : `of ${line.customerId}`, country: 'DE' },
  }))
  return { ...rest, lines: plain, events: events.map(moved), traits: [] }
}

const compared = (features: readonly Feature[]): readonly Feature[] =>
  features.filter(({ group }) => group !== 'traits')

const rowsOf = ({ customerIds, names, matrix, categories }: FeatureMatrix) =>
  new Map(
    customerIds.flatMap((customer, row) =>
      names.map((name, column): [string, number | string] => {
        const value = matrix.values[row * names.length + column]!
        return [`${name} of ${customer}`, categories.get(name)?.[value] ?? value]
      }),
    ),
  )

test('what is live of the catalogue is what the catalogue computes, at the end of a day', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 1e9 }), async (seed) => {
      for (const table of ['events', 'order_lines', 'customers', 'non_products', 'store_settings'])
        await warehouse.run(`delete from ${table}`)
      await storeHistory(warehouse, plainHistory(seed))
      const read = (features: readonly Feature[]) =>
        featuresInMemory(warehouse, { asOf: endOfDay, catalogue: compared(features) }).then(rowsOf)
      const [own, twins] = [await read(pairs.map(({ feature }) => feature)), await read(pairs.map(({ twin }) => twin))]
      expect(own.size).toBe(twins.size)
      for (const [cell, value] of own) {
        const other = twins.get(cell)!
        if (typeof value === 'string') expect(other, cell).toBe(value)
        else if (Number.isNaN(value)) expect(other, cell).toBeNaN()
        else expect(Math.abs((other as number) - value), cell).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)))
      }
    }),
    { numRuns: 40 },
  )
})

test('most of the catalogue is live, and what is not is known', () => {
  const live = new Set(pairs.map(({ feature }) => feature.name))
  const left = catalogue.filter(({ name }) => !live.has(name)).map(({ name }) => name.replace(/_\d+d$/, ''))
  expect([...new Set(left)]).toEqual([
    ...[
      'purchase_days',
      'mean_gap_days',
      'gap_deviation_days',
      'overdue_ratio',
      'price_level',
      'returned',
      'return_rate',
    ],
    ...['discount_share', 'monday_share', 'tuesday_share', 'wednesday_share', 'thursday_share', 'friday_share'],
    ...['saturday_share', 'sunday_share', 'weekend_share', 'night_share', 'morning_share', 'afternoon_share'],
    ...['evening_share', 'carts', 'abandoned_carts', 'cart_abandonment', 'visits_trend', 'age'],
  ])
  expect(pairs.length).toBeGreaterThan(60)
})
