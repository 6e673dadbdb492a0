import { type Matrix, matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitBoosting } from './fit-boosting.ts'
import { fitBoostingClasses } from './fit-boosting-classes.ts'
import { fitBoostingRanking } from './fit-boosting-ranking.ts'
import { fitBoostingRegression } from './fit-boosting-regression.ts'
import { predictBoosting } from './predict-boosting.ts'

/** Numbers, numbers with gaps, and categories. */
function makeRows(rows: number, seed: number): { data: Matrix; amounts: number[]; weights: number[] } {
  const random = seededRandom(seed)
  const amounts: number[] = []
  const values = Array.from({ length: rows }, () => {
    const [a, b, c] = [random.normal(), random.normal(), random.integer(8)]
    amounts.push(Math.exp(a * b + (c % 3) / 2 + 0.3 * random.normal()))
    return [a, random.uniform() < 0.2 ? NaN : b, c]
  })
  return { data: matrixFromRows(values), amounts, weights: values.map(() => random.integer(3)) }
}

const { data, amounts, weights } = makeRows(500, 1)
const labels = amounts.map((amount) => Number(amount > 1.4))
const classes = amounts.map((amount) => (amount > 2 ? 2 : Number(amount > 1)))
const grades = amounts.map((amount) => Math.min(4, Math.floor(amount)))
const queries = amounts.map((_, row) => row % 25)
const options = { rowsPerLeafMin: 5, categorical: [2], weights, seed: 3 }

test('going on gives the bytes of one longer run: yes or no', async () => {
  const whole = await fitBoosting(data, labels, { ...options, rounds: 12 })
  const start = await fitBoosting(data, labels, { ...options, rounds: 5 })
  const before = structuredClone(start)
  expect(await fitBoosting(data, labels, { ...options, rounds: 7, start })).toEqual(whole)
  expect(start).toEqual(before)
})

test.each(['squared', 'absolute', 'poisson'] as const)('the same for a number, %s', async (kind) => {
  const own = { ...options, loss: { kind } }
  const start = await fitBoostingRegression(data, amounts, { ...own, rounds: 5 })
  expect(await fitBoostingRegression(data, amounts, { ...own, rounds: 7, start })).toEqual(
    await fitBoostingRegression(data, amounts, { ...own, rounds: 12 }),
  )
})

test('the same for classes and for an order, and for data of single precision', async () => {
  const start = await fitBoostingClasses(data, classes, { ...options, rounds: 3 })
  expect(await fitBoostingClasses(data, classes, { ...options, rounds: 4, start })).toEqual(
    await fitBoostingClasses(data, classes, { ...options, rounds: 7 }),
  )
  const order = await fitBoostingRanking(data, grades, queries, { ...options, rounds: 3 })
  expect(await fitBoostingRanking(data, grades, queries, { ...options, rounds: 4, start: order })).toEqual(
    await fitBoostingRanking(data, grades, queries, { ...options, rounds: 7 }),
  )
  const single = matrix(500, 3, Float32Array.from(data.values))
  const half = await fitBoosting(single, labels, { ...options, rounds: 4 })
  expect(await fitBoosting(single, labels, { ...options, rounds: 4, start: half })).toEqual(
    await fitBoosting(single, labels, { ...options, rounds: 8 }),
  )
})

test('on newer rows it goes on learning, with its own bins and baseline', async () => {
  const start = await fitBoosting(data, labels, { ...options, rounds: 20 })
  const newer = makeRows(500, 2)
  const turned = newer.amounts.map((amount) => Number(amount <= 1.4))
  const later = await fitBoosting(newer.data, turned, {
    rowsPerLeafMin: 5,
    categorical: [2],
    rounds: 60,
    seed: 3,
    start,
  })
  expect(later.rounds).toBe(80)
  expect(later.bins).toEqual(start.bins)
  expect(later.baseline).toBe(start.baseline)
  const errors = (model: typeof start): number =>
    predictBoosting(model, newer.data).reduce((sum, p, row) => sum + Math.abs(p - turned[row]!), 0) / 500
  expect(errors(later)).toBeLessThan(errors(start) - 0.3)
})

test('with early stopping, rounds are kept only while they help', async () => {
  const start = await fitBoosting(data, labels, { ...options, rounds: 60 })
  const earlyStopping = { share: 0.2, patience: 3 }
  const later = await fitBoosting(data, labels, { ...options, rounds: 50, earlyStopping, start })
  expect(later.rounds).toBeGreaterThanOrEqual(60)
  expect(later.rounds).toBeLessThan(110)
})

test('a model that cannot be gone on from is refused', async () => {
  const start = await fitBoosting(data, labels, { ...options, rounds: 2 })
  const refuse = (run: Promise<unknown>, message: string) => expect(run).rejects.toThrow(message)
  await refuse(
    fitBoosting(matrixFromRows(labels.map((label) => [label])), labels, { seed: 1, start }),
    'start must have the 1 columns of data, got 3',
  )
  await refuse(
    fitBoosting(data, labels, { seed: 1, start }),
    'the same columns as categories, column 2 is one only there',
  )
  const amount = await fitBoostingRegression(data, amounts, { ...options, rounds: 2 })
  await refuse(
    fitBoostingRegression(data, amounts, { ...options, loss: { kind: 'gamma' }, start: amount }),
    'start must have the gamma loss, got the squared loss',
  )
  const three = await fitBoostingClasses(data, classes, { ...options, rounds: 2 })
  await refuse(
    fitBoostingClasses(data, labels, { ...options, start: three }),
    'start must have the 2 classes of labels, got 3',
  )
})
