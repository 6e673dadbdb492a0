import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayMs } from '../base/index.ts'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { featureCatalogue } from './catalogue.ts'
import { computeFeatures } from './compute-features.ts'
import type { Feature } from './definition.ts'
import { type History, interpret } from './interpret.ts'
import { randomHistory, storeEvents, storeHistory, storeLines, testMoment } from './random-history.ts'
import { readFeatures } from './read-features.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-features-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const catalogue = featureCatalogue({ categories: ['Women', 'Women > Dresses', 'Men'] }).filter(
  ({ name }) => !['country', 'region', 'education'].includes(name),
)
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const runs = { numRuns: 25, examples: [[1], [2], [3]] as [number][] }

async function emptied(history: History): Promise<void> {
  for (const table of ['order_lines', 'events', 'customers', 'store_settings', 'non_products']) {
    await warehouse.run(`delete from ${table}`)
  }
  await storeHistory(warehouse, history)
}

async function computed(table: string, features: readonly Feature[] = catalogue): Promise<string> {
  await computeFeatures(warehouse, { asOf: testMoment, table, catalogue: features })
  const { customerIds, matrix, categories } = await readFeatures(warehouse, table)
  return JSON.stringify([customerIds, [...matrix.values].map(String), [...categories]])
}

function mustEqual(
  { customerIds, names, features, matrix, categories, asOf }: Awaited<ReturnType<typeof readFeatures>>,
  history: History,
): void {
  customerIds.forEach((customer, row) => {
    features.forEach(({ definition, name, type }, column) => {
      const value = matrix.values[row * names.length + column]!
      const got = Number.isNaN(value) ? null : type === 'number' ? value : categories.get(name)![value]
      expect({ name, customer, value: got }).toEqual({
        name,
        customer,
        value: interpret(definition, history, customer, asOf[row]!),
      })
    })
  })
}

test('every feature equals the interpreter’s, for everybody with a purchase or an event by then', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const history = randomHistory(seed)
      await emptied(history)
      await computeFeatures(warehouse, { asOf: testMoment, catalogue })
      const read = await readFeatures(warehouse, 'customer_features')
      const active = [...history.lines.filter(({ kind }) => kind === 'sale'), ...history.events]
        .filter((fact) => fact.customerId !== null && fact.occurredAt <= testMoment && fact.receivedAt <= testMoment)
        .map(({ customerId }) => customerId!)
      expect(read.customerIds).toEqual([...new Set(active)].sort())
      mustEqual(read, history)
    }),
    runs,
  )
})

test('what a store has nothing of is as it is of nobody: no events, categories, discounts, returns or refunds', async () => {
  await fc.assert(
    fc.asyncProperty(
      seeds,
      fc.subarray(['events', 'categories', 'discounts', 'returns', 'refunds']),
      async (seed, without) => {
        const { lines, events, ...rest } = randomHistory(seed)
        const has = (fact: string): boolean => !without.includes(fact)
        const history: History = {
          ...rest,
          events: has('events') ? events : [],
          lines: lines
            .filter(({ kind }) => has('returns') || kind !== 'cancellation')
            .map((line) => ({
              ...line,
              category: has('categories') ? line.category : null,
              discount: has('discounts') ? line.discount : null,
              refund: has('refunds') ? line.refund : null,
            })),
        }
        await emptied(history)
        await computeFeatures(warehouse, { asOf: testMoment, catalogue })
        mustEqual(await readFeatures(warehouse, 'customer_features'), history)
      },
    ),
    { ...runs, examples: [] },
  )
})

test('a training set gets each customer’s features as of that row’s own moment', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const history = { ...randomHistory(seed), traits: [] }
      await emptied(history)
      const moments = [0, 30, 200].flatMap((days) =>
        ['c0', 'c1', 'nobody'].map((customer) => ({ customer, asOf: testMoment - days * dayMs })),
      )
      await warehouse.stage('wanted', {
        customer_id: moments.map(({ customer }) => customer),
        as_of: Float64Array.from(moments, ({ asOf }) => asOf),
      })
      await computeFeatures(warehouse, { asOf: testMoment, table: 'training', catalogue, customers: 'wanted' })
      await warehouse.run('drop table wanted')
      const read = await readFeatures(warehouse, 'training')
      expect(read.customerIds.length).toBe(moments.length)
      expect(read.names).not.toContain('income')
      mustEqual(read, history)
    }),
    runs,
  )
})

test('what becomes known later changes nothing, to the byte', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, seeds, async (seed, laterSeed) => {
      await emptied(randomHistory(seed))
      const before = await computed('before')
      const later = randomHistory(laterSeed)
      // Late by arrival (it happened long ago) or by occurrence: neither was known.
      const moved = <Fact extends { occurredAt: number; receivedAt: number }>(fact: Fact, at: number): Fact =>
        at % 2 === 0
          ? { ...fact, receivedAt: testMoment + 1 + at }
          : { ...fact, occurredAt: testMoment + 1 + at, receivedAt: testMoment + 1 + at }
      await storeLines(warehouse, later.lines.map(moved))
      await storeEvents(warehouse, later.events.map(moved))
      for (const { customerId } of later.traits) {
        await warehouse.run(
          `insert into customers (customer_id, batch_id, known_at, income, gender, birth_date)
           values ($id, 99, make_timestamptz(${(testMoment + 1) * 1000}), 1, 'late', date '1900-01-01')`,
          { id: customerId },
        )
      }
      expect(await computed('after')).toBe(before)
    }),
    { numRuns: 25 },
  )
})
