import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@rapport/numerics'
import { build } from '@rapport/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs } from '../../base/index.ts'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { declareFeatures, shareDefinitions } from '../../features/index.ts'
import { type EventRow, storeEventRows } from '../../features/point-in-time/stored-facts.contract.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { type PlantedSale, plantedEnd, storeSales } from '../planted-shop.contract.ts'
import { declarePrediction, namedPrediction, trainPrediction } from './index.ts'

// A shop where an event of its own, which the catalogue knows nothing of, goes before a purchase: who answered a quiz well
// in the last thirty days buys soon, all others seldom do. Both answer as often, and buy as often before.

const { events, feature } = build
const options = { asOf: plantedEnd, seed: 1, budgetMs: 20_000 }
const buying = {
  ...{ name: 'buys', label: 'a purchase in the next 30 days', horizonDays: 30 },
  target: { kind: 'happens', of: { purchase: true } },
} as const
const quizzes = events('Quiz Answered').where('properties.result', '=', 'fits').count().last(30, 'days')
const goodQuizzes = feature('good_quizzes_30d', 'Good quizzes in the last 30 days', quizzes)

let folder: string
let warehouse: Warehouse
let state: State

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-declared-predict-'))
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  await profileEverybody(warehouse)
  const random = seededRandom(5)
  const [sales, answers]: [PlantedSale[], EventRow[]] = [[], []]
  for (let customer = 0; customer < 900; customer += 1) {
    const id = `c${String(customer).padStart(5, '0')}`
    sales.push({ customerId: id, at: plantedEnd - 400 * dayMs + Math.floor(random.uniform() * 30 * dayMs) })
    for (let month = 12; month >= 1; month -= 1) {
      const at = plantedEnd - month * 30 * dayMs
      const fits = random.uniform() < 0.4
      const properties = JSON.stringify({ result: fits ? 'fits' : 'does not' })
      const customerFacts = { customer: id, name: 'Quiz Answered', properties }
      answers.push({ key: answers.length + 1, at: at - Math.floor(random.uniform() * 25 * dayMs), ...customerFacts })
      if (random.uniform() < (fits ? 0.6 : 0.1))
        sales.push({ customerId: id, at: at + Math.floor(random.uniform() * 29 * dayMs) })
    }
  }
  await storeSales(warehouse, sales)
  await storeEventRows(warehouse, answers)
})

afterAll(async () => {
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

async function declare(...definitions: readonly object[]): Promise<void> {
  await state.transaction((queries) => declareFeatures(queries, definitions))
  await shareDefinitions(warehouse, state.queries)
}

async function auc(): Promise<{ readonly value: number; readonly drivers: readonly string[] }> {
  const trained = await trainPrediction(warehouse, await namedPrediction(warehouse, 'buys', plantedEnd), options)
  if (!trained.found) throw new Error(trained.because)
  if (trained.card.kind !== 'customers') throw new Error('it is about customers')
  const { quality, drivers } = trained.card
  const { value } = quality.figures.find(({ name }) => name === 'ROC AUC')!
  return { value, drivers: drivers.map((driver) => driver.feature) }
}

test('a declared feature that carries the signal raises the area under the curve on customers not seen', async () => {
  await declarePrediction(warehouse, buying)
  const before = await auc()
  await declare(goodQuizzes)
  const after = await auc()
  expect(before.value).toBeLessThan(0.6)
  expect(after.value).toBeGreaterThan(0.7)
  expect(after.drivers[0]).toBe('good_quizzes_30d')
})

test('a prediction can ask for declared features alone, by name or as a family', async () => {
  for (const features of [['good_quizzes_30d'], ['declared']]) {
    await declarePrediction(warehouse, { ...buying, features })
    expect((await auc()).drivers).toEqual(['good_quizzes_30d'])
  }
  await expect(declarePrediction(warehouse, { ...buying, features: ['no_such'] })).rejects.toThrow(
    'must be families or names of features, got no_such',
  )
})

test('a declared feature that gives the answer away is found out', async () => {
  // Written after the purchase and dated back before it.
  await warehouse.run(`insert into events (event_key, batch_id, customer_id, call, name, properties, occurred_at, received_at)
    select 1000000 + row_number() over (), 1, customer_id, 'track', 'Purchase Expected', null,
      occurred_at - interval 30 day, occurred_at - interval 30 day from order_lines`)
  const expected = events('Purchase Expected').count().last(31, 'days')
  await declare(goodQuizzes, feature('expected_30d', 'Purchases expected', expected))
  await declarePrediction(warehouse, { ...buying, features: ['expected_30d', 'good_quizzes_30d'] })
  const trained = await trainPrediction(warehouse, await namedPrediction(warehouse, 'buys', plantedEnd), options)
  expect(trained).toMatchObject({ found: false, because: expect.stringContaining('Purchases expected') })
})
