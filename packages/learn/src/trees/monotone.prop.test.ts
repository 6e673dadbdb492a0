import { matrix, seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitBoosting } from './fit-boosting.ts'
import { fitBoostingRegression } from './fit-boosting-regression.ts'
import { predictBoosting, predictBoostingRegression } from './predict-boosting.ts'

/** Four columns, the last one of categories, with gaps; the target pays no heed to any direction. */
const tables = fc.nat(1e6).map((seed) => {
  const random = seededRandom(seed)
  const data = matrix(250, 4)
  data.values.forEach((_, at) => {
    data.values[at] = at % 4 === 3 ? random.integer(5) : random.uniform() < 0.1 ? NaN : random.normal()
  })
  const targets = Float64Array.from({ length: 250 }, (_, row) => {
    const [a, b, c, code] = data.values.subarray(4 * row, 4 * row + 4)
    return Math.sin(3 * (a || 0)) + Math.cos(2 * (b || 0)) * ((c || 1) > 0 ? 1 : -1) + code! / 4 + random.normal() / 4
  })
  return { data, targets, random }
})

test('a prediction never falls with a rising column and never rises with a falling one', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ data, targets, random }) => {
      const options = {
        monotone: { rising: [0], falling: [1] },
        categorical: [3],
        rounds: 15,
        rowsPerLeafMin: 5,
        seed: 1,
      }
      const number = await fitBoostingRegression(data, targets, options)
      const yes = await fitBoosting(
        data,
        targets.map((target) => (target > 0 ? 1 : 0)),
        options,
      )
      for (const [column, sign] of [
        [0, 1],
        [1, -1],
      ] as const) {
        const from = data.values.slice(0, 4).map((value) => value || random.normal())
        const walk = matrix(
          60,
          4,
          Float64Array.from({ length: 240 }, (_, at) => from[at % 4]!),
        )
        for (let row = 0; row < 60; row += 1) walk.values[4 * row + column] = (row - 30) / 10
        for (const predicted of [predictBoostingRegression(number, walk), predictBoosting(yes, walk)]) {
          for (let row = 1; row < 60; row += 1)
            expect(sign * (predicted[row]! - predicted[row - 1]!)).toBeGreaterThanOrEqual(0)
        }
      }
    }),
    { numRuns: 15 },
  )
})

// Bounds lie halfway between siblings, so single trees are cut short; boosting makes most of it good again.
test('constraints that the data keep to by themselves leave the fit good', async () => {
  const random = seededRandom(4)
  const data = matrix(
    800,
    2,
    Float64Array.from({ length: 1600 }, () => random.uniform()),
  )
  const targets = Float64Array.from({ length: 800 }, (_, row) => 3 * data.values[2 * row]! - data.values[2 * row + 1]!)
  const model = await fitBoostingRegression(data, targets, { monotone: { rising: [0], falling: [1] }, seed: 1 })
  const squares = predictBoostingRegression(model, data).map((prediction, row) => (prediction - targets[row]!) ** 2)
  // The variance of the targets is 10/12.
  expect(squares.reduce((sum, square) => sum + square, 0) / 800).toBeLessThan(0.01 * (10 / 12))
})

test('constraints that cannot be kept are refused', async () => {
  const data = matrix(30, 2).values.map((_, at) => at)
  const rows = matrix(30, 2, data)
  const targets = Float64Array.from({ length: 30 }, (_, row) => row)
  const refuse = (options: object, message: string) =>
    expect(fitBoostingRegression(rows, targets, { seed: 1, ...options })).rejects.toThrow(message)
  await refuse({ monotone: { rising: [2] } }, 'monotone must be a whole number from 0 to 1, got 2')
  await refuse({ monotone: { rising: [1], falling: [1] } }, 'monotone must name columns of numbers once, got 1, twice')
  await refuse({ monotone: { rising: [1] }, categorical: [1] }, 'got 1, which holds categories')
  await refuse({ monotone: { rising: [1] }, loss: { kind: 'absolute' } }, 'monotone needs a loss of a mean')
})
