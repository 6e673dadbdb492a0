import { matrixFromRows, seededRandom, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitLeastSquares, predictLeastSquares } from '../linear/index.ts'
import { metricValue, rootMeanSquaredError } from '../metrics/index.ts'
import { type Fold, kFold, learningCurve } from './index.ts'

const random = seededRandom(6)
const rows = Array.from({ length: 600 }, () => Array.from({ length: 10 }, () => random.normal()))
const data = matrixFromRows(rows)
const targets = rows.map(([first]) => first! + random.normal())
const folds = kFold(600, { folds: 3, seed: 1 })

const evaluate = ({ train, test: held }: Fold) => {
  const own = (some: Int32Array) => Array.from(some, (row) => targets[row]!)
  const model = fitLeastSquares(takeRows(data, train), own(train))
  const errorOn = (some: Int32Array): number =>
    metricValue(rootMeanSquaredError(predictLeastSquares(model, takeRows(data, some)), own(some))) ** 2
  return { train: errorOn(train), test: errorOn(held) }
}

test('least squares: test and training errors are those that theory gives for noise of variance 1', async () => {
  const points = await learningCurve(folds, evaluate, { shares: [0.05, 0.1, 0.3, 1], seed: 2 })
  expect(points.map(({ rows: count }) => count)).toEqual([20, 40, 120, 400])
  for (const { rows: n, train, test: held, testStandardError } of points) {
    // With p = 11 coefficients and normal columns: training 1 − p/n, test 1 + (1/n) + 10 (1 + 1/n) / (n − 12).
    const wanted = 1 + 1 / n + (10 * (1 + 1 / n)) / (n - 12)
    expect(Math.abs(train - (1 - 11 / n))).toBeLessThan(0.25)
    expect(Math.abs(held - wanted)).toBeLessThan(4 * testStandardError + 0.2)
  }
  expect(points[0]!.test).toBeGreaterThan(points[3]!.test)
  expect(points[0]!.train).toBeLessThan(points[3]!.train)
  expect(await learningCurve(folds, evaluate, { shares: [0.05, 0.1, 0.3, 1], seed: 2 })).toEqual(points)
})

test('the last point is what cross-validation on all training rows gives', async () => {
  const [point] = await learningCurve(folds, evaluate, { shares: [1], seed: 9 })
  const errors = folds.map((fold) => evaluate(fold).test)
  expect(point!.test).toBeCloseTo(
    errors.reduce((sum, error) => sum + error / 3, 0),
    12,
  )
})

test('samples keep the mix of classes', async () => {
  const strata = targets.map((target) => (target > 1 ? 1 : 0))
  await learningCurve(
    folds,
    (fold, at) => {
      const count = (of: Int32Array): number => of.reduce((sum, row) => sum + strata[row]!, 0)
      const share = count(folds[at]!.train) / folds[at]!.train.length
      expect(Math.abs(count(fold.train) - share * fold.train.length)).toBeLessThanOrEqual(1)
      return { train: 0, test: 0 }
    },
    { strata, seed: 1 },
  )
})

test('what means nothing is refused, progress is told, and it stops when asked', async () => {
  await expect(learningCurve([], evaluate, { seed: 1 })).rejects.toThrow('at least one fold, got none')
  await expect(learningCurve(folds, evaluate, { shares: [], seed: 1 })).rejects.toThrow('got none')
  await expect(learningCurve(folds, evaluate, { shares: [0.5, 0.2], seed: 1 })).rejects.toThrow('got 0.5, 0.2')
  await expect(learningCurve(folds, evaluate, { strata: [1], seed: 1 })).rejects.toThrow(
    'one class a row (over 599), got 1',
  )
  const done: number[] = []
  const work = { onProgress: (progress: { done: number }) => done.push(progress.done) }
  await learningCurve(folds, () => ({ train: 1, test: 1 }), { shares: [0.5, 1], seed: 1 }, work)
  expect(done).toEqual([1, 2])
  const stopped = { signal: AbortSignal.abort() }
  await expect(learningCurve(folds, evaluate, { seed: 1 }, stopped)).rejects.toThrow('stopped')
})
