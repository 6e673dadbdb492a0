import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@rapport/numerics'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs } from '../../base/index.ts'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { type PlantedSale, plantedEnd, storeSales } from '../planted-shop.contract.ts'
import { topCustomers } from '../stored-scores.ts'
import {
  declarePrediction,
  evaluatePrediction,
  explainPrediction,
  forecastPrediction,
  namedPrediction,
  scorePrediction,
  trainPrediction,
} from './index.ts'

// A shop of two kinds of customers: those who first came by 'ads' order every 60 days or so, the others every 15.

let folder: string
let warehouse: Warehouse
const options = { asOf: plantedEnd, seed: 1, budgetMs: 60_000 }
const active = { feature: 'recency_days', op: '<=', value: 90 }

function paced(customers: number, seed: number): PlantedSale[] {
  const random = seededRandom(seed)
  return Array.from({ length: customers }, (_, customer) => {
    const source = customer % 2 === 0 ? 'ads' : 'organic'
    const pace = source === 'ads' ? 60 : 15
    const sales: PlantedSale[] = []
    for (let at = plantedEnd - (300 + 100 * random.uniform()) * dayMs; at < plantedEnd; ) {
      sales.push({ customerId: `c${String(customer).padStart(4, '0')}`, at: Math.floor(at), source })
      at += pace * (0.5 + random.uniform()) * dayMs
    }
    return sales
  }).flat()
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-targets-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await storeSales(warehouse, paced(600, 5))
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

async function trained(definition: Readonly<Record<string, unknown>> & { readonly name: string }) {
  await declarePrediction(warehouse, { label: 'planted', ...definition })
  const known = await namedPrediction(warehouse, definition.name, plantedEnd)
  const made = await trainPrediction(warehouse, known, options)
  if (!made.found) throw new Error(made.because)
  return { known, card: made.card }
}

test('an amount: expectations add up to what came, and the interval holds what it says', async () => {
  const { known, card } = await trained({
    name: 'spending',
    population: active,
    horizonDays: 60,
    target: { kind: 'amount', of: 'spend' },
  })
  if (card.kind !== 'customers') throw new Error('it is about customers')
  const figures = new Map(card.quality.figures.map(({ name, value }) => [name, value]))
  expect(figures.get('expected in all over what came')).toBeGreaterThan(0.95)
  expect(figures.get('expected in all over what came')).toBeLessThan(1.05)
  expect(figures.get('share within the 80 % interval')).toBeGreaterThan(0.75)
  expect(card.gain.mean).toBeGreaterThan(1.96 * card.gain.error)
  await scorePrediction(warehouse, known, plantedEnd)
  const [top] = await topCustomers(warehouse, 'spending', 1)
  // Four orders of 10 in 60 days.
  expect(top!.value).toBeGreaterThan(30)
  expect(top!.low).toBeLessThanOrEqual(top!.value)
  expect(top!.high).toBeGreaterThanOrEqual(top!.value)
  expect((await explainPrediction(warehouse, known.prediction, top!.customerId)).score!.reasons.length).toBeGreaterThan(
    0,
  )

  const judged = await evaluatePrediction(warehouse, known.prediction, options)
  if (!judged.found) throw new Error(judged.because)
  // The newest customers whose horizon is over are those of the training's hold-out.
  expect(judged.now.figures[0]!.value).toBeCloseTo(judged.trained.figures[0]!.value, 10)
  expect(judged.outcome.verdict).toBe('steady')
  expect(judged.drift.scores.psi).toBeLessThan(1e-9)
})

test('when: the day that is said is near the pace of each customer', async () => {
  const { known, card } = await trained({
    name: 'next',
    population: active,
    horizonDays: 60,
    target: { kind: 'when', of: { purchase: true } },
  })
  if (card.kind !== 'customers') throw new Error('it is about customers')
  expect(card.method).toBe('proportional hazards (Cox)')
  const figure = (wanted: string) => card.quality.figures.find(({ name }) => name === wanted)!
  expect(figure('concordance').value).toBeGreaterThan(0.65)
  expect(figure('share within the 80 % interval').interval!.high).toBeGreaterThan(0.8)
  expect(figure('share within the 80 % interval').value).toBeLessThan(0.9)
  await scorePrediction(warehouse, known, plantedEnd)
  const scores = await warehouse.rows<{ pace: number; days: number }>(
    `select right(customer_id, 1)::integer % 2 as pace, avg(value) as days from scores where score = 'next' group by 1 order by 1`,
  )
  // From any moment on, half a pace on average.
  const [slow, fast] = scores
  expect(fast!.days).toBeLessThan(12)
  expect(slow!.days).toBeGreaterThan(2 * fast!.days)
})

test('a series: what the shop sells is forecast from its own days, and is of no customer', async () => {
  const { known, card } = await trained({ name: 'sold', horizonDays: 14, target: { kind: 'series', of: 'revenue' } })
  if (card.kind !== 'series') throw new Error('it is of the shop')
  expect(card.tried.map(({ name }) => name)).toEqual(['seasonal naive', 'Theta', 'ETS', 'ARIMA', 'boosting on lags'])
  // Twenty moments a week apart, the first of them after more than 200 days.
  expect(card.bounds).toMatchObject({ moments: 20, coverage: expect.any(Number), totalCoverage: expect.any(Number) })
  expect(card.bounds.coverage).toBeGreaterThan(0.65)
  const forecast = await forecastPrediction(warehouse, known, plantedEnd)
  expect(forecast.days[0]!.day).toBe('2025-06-29')
  expect(forecast.days).toHaveLength(14)
  expect(forecast.total.mean / forecast.before).toBeGreaterThan(0.8)
  expect(forecast.total.mean / forecast.before).toBeLessThan(1.2)
  expect(await scorePrediction(warehouse, known, plantedEnd)).toMatchObject({ found: false })
  const { prediction } = await namedPrediction(warehouse, 'spending', plantedEnd)
  expect(() => forecastPrediction(warehouse, { prediction, version: 1, isOff: false }, plantedEnd)).toThrow(
    'of a series',
  )
})

test('without time only the baseline is tried, and the card says what was not', async () => {
  await declarePrediction(warehouse, {
    ...{ name: 'hurried', label: 'planted', population: active, horizonDays: 30 },
    target: { kind: 'happens', of: { purchase: true } },
  })
  const known = await namedPrediction(warehouse, 'hurried', plantedEnd)
  const made = await trainPrediction(warehouse, known, { ...options, budgetMs: 1 })
  if (!made.found || made.card.kind !== 'customers') throw new Error('it must be trained')
  expect(made.card.tried).toEqual(['recency only'])
  expect(made.card.notTried).toEqual(['logistic regression', 'random forest', 'gradient boosting'])
})
