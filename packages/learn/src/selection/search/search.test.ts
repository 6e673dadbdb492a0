import { matrixFromRows, seededRandom, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import { fitLeastSquares, predictLeastSquares } from '../../linear/index.ts'
import { metricValue, rootMeanSquaredError } from '../../metrics/index.ts'
import { type Fold, kFold, moduloFolds, searchGrid, searchHalving, searchRandom, type TimeBudget } from '../index.ts'
import { gridOf } from './search-space.ts'

// Reference: scikit-learn 1.9.1 GridSearchCV of Ridge on the same folds; made by golden/make/selection.py. Ridge itself agrees to
// 1e-10, and so do its errors.
const { values: golden, agree } = readGolden<
  Record<'y' | 'penalties' | 'means', number[]> & { x: number[][]; errors: number[][]; best: number }
>(new URL('../golden/search.json', import.meta.url))

test('a grid as GridSearchCV: errors of every fold, means, and the best', async () => {
  const data = matrixFromRows(golden.x)
  const { best, trials, endedBy } = await searchGrid(
    { penalty: golden.penalties },
    moduloFolds(60, 4),
    ({ penalty }, { train, test: held }) => {
      const own = (rows: Int32Array) => Array.from(rows, (row) => golden.y[row]!)
      const model = fitLeastSquares(takeRows(data, train), own(train), { penalty })
      return metricValue(rootMeanSquaredError(predictLeastSquares(model, takeRows(data, held)), own(held))) ** 2
    },
  )
  trials.forEach(({ errors, error }, at) => {
    agree(
      'grid search',
      errors,
      golden.errors.map((fold) => fold[at]!),
      1e-10,
    )
    agree('grid search', error, golden.means[at]!, 1e-10)
  })
  expect(best.options.penalty).toBe(golden.best)
  expect(endedBy).toBe('all-tried')
  expect(best.rows).toBe(45)
})

interface Point {
  readonly x: number
  readonly y: number
}
const folds = kFold(30, { folds: 3, seed: 1 })
const bowl = ({ x, y }: Point): number => (x - 2) ** 2 + (y + 1) ** 2

/** A clock that goes on by one second with every look. */
const ticking = (milliseconds: number): TimeBudget => {
  let now = 0
  return {
    milliseconds,
    clock: () => {
      now += 1000
      return now
    },
  }
}

test('a grid has every combination, the last option changing fastest', () => {
  expect(gridOf({ x: [1, 2], y: ['a', 'b'] })).toEqual([
    { x: 1, y: 'a' },
    { x: 1, y: 'b' },
    { x: 2, y: 'a' },
    { x: 2, y: 'b' },
  ])
})

test('drawn combinations lie in their ranges and come near the best; more draws only add', async () => {
  const space = { x: { from: -5, to: 5 }, y: { from: -5, to: 5, scale: 'whole' as const } }
  const few = await searchRandom<Point>(space, folds, bowl, { draws: 40, seed: 3 })
  const many = await searchRandom<Point>(space, folds, bowl, { draws: 80, seed: 3 })
  expect(many.trials.slice(0, 40)).toEqual(few.trials)
  expect(few.best.error).toBeLessThan(2)
  for (const { options } of many.trials) {
    expect(Math.abs(options.x) <= 5 && Number.isInteger(options.y) && Math.abs(options.y) <= 5).toBe(true)
  }
  const scaled = { x: { from: 1e-4, to: 1e4, scale: 'log' as const }, y: [7] }
  const { trials } = await searchRandom<Point>(scaled, folds, bowl, { draws: 400, seed: 1 })
  const below = trials.filter(({ options }) => options.x < 1).length
  // Half of them, ± 4 standard errors of 10.
  expect(Math.abs(below - 200)).toBeLessThan(40)
})

test('a budget that does not bind changes nothing; one that binds stops between folds and keeps whole trials', async () => {
  const space = { x: [0, 1, 2, 3], y: [-1] }
  const plain = await searchGrid<Point>(space, folds, bowl)
  expect(await searchGrid<Point>(space, folds, bowl, { budget: ticking(1e9) })).toEqual(plain)
  // The first trial looks at no clock; each later one looks before each of three folds.
  const cut = await searchGrid<Point>(space, folds, bowl, { budget: ticking(6500) })
  expect(cut.trials).toEqual(plain.trials.slice(0, 3))
  expect(cut.endedBy).toBe('time')
  const least = await searchGrid<Point>(space, folds, bowl, { budget: ticking(1) })
  expect(least.trials).toEqual(plain.trials.slice(0, 1))
})

test('options without a fit come last, and none with one is an error', async () => {
  const some = ({ x, y }: Point): number => (x < 2 ? Number.NaN : bowl({ x, y }))
  const { best } = await searchGrid<Point>({ x: [0, 1, 3], y: [0] }, folds, some)
  expect(best.options.x).toBe(3)
  await expect(searchGrid<Point>({ x: [0], y: [0] }, folds, some)).rejects.toThrow('got none in 1 trials')
})

/** Noisy on few rows: the error is the bowl and noise whose deviation falls with the root of the training rows. */
const noisy = (point: Point, { train }: Fold, at: number): number => {
  const random = seededRandom(Math.round(1e6 * (point.x + 10)) + at)
  return bowl(point) + (4 * random.normal()) / Math.sqrt(train.length)
}
const space = { x: { from: -5, to: 5 }, y: { from: -5, to: 5 } }
const big = kFold(4000, { folds: 2, seed: 2 })

test('halving keeps one in three on three times the rows, up to all of them', async () => {
  const { trials, best } = await searchHalving<Point>(space, big, noisy, { draws: 27, rowsMin: 200, seed: 4 })
  const rows = [...new Set(trials.map((trial) => trial.rows))]
  expect(rows).toEqual([223, 667, 2000])
  expect(rows.map((own) => trials.filter((trial) => trial.rows === own).length)).toEqual([27, 9, 3])
  expect(best.rows).toBe(2000)
  const full = await searchRandom<Point>(space, big, noisy, { draws: 27, seed: 4 })
  expect(best.options).toEqual(full.best.options)
})

test('smaller samples are part of larger ones, never of the test rows, and keep the mix of classes', async () => {
  const strata = Array.from({ length: 4000 }, (_, row) => (row % 20 === 0 ? 1 : 0))
  const seen: Fold[] = []
  await searchHalving<Point>(
    space,
    big,
    (point, fold, at) => {
      if (at === 0) seen.push(fold)
      const positive = fold.train.filter((row) => strata[row] === 1).length
      const all = big[at]!.train.filter((row) => strata[row] === 1).length / big[at]!.train.length
      expect(Math.abs(positive - all * fold.train.length)).toBeLessThanOrEqual(1)
      return bowl(point)
    },
    { draws: 9, rowsMin: 200, strata, seed: 1 },
  )
  const [small, large] = [seen[0]!, seen.at(-1)!]
  const within = new Set(large.train)
  expect(small.train.every((row) => within.has(row))).toBe(true)
  const held = new Set(large.test)
  expect(large.train.some((row) => held.has(row))).toBe(false)
})

test('halving cut off by time answers with the last round that had a trial', async () => {
  const options = { draws: 27, rowsMin: 200, seed: 4 }
  const all = await searchHalving<Point>(space, big, noisy, options)
  const cut = await searchHalving<Point>(space, big, noisy, { ...options, budget: ticking(60_500) })
  expect(cut.endedBy).toBe('time')
  expect(cut.trials).toEqual(all.trials.slice(0, cut.trials.length))
  expect(cut.trials.length).toBeGreaterThan(27)
  expect(cut.best.rows).toBe(cut.trials.at(-1)!.rows)
  const few = await searchHalving<Point>(space, folds, noisy, { ...options, budget: ticking(1) })
  expect(few.trials).toHaveLength(1)
})

test('where rows are few, all rounds are one', async () => {
  const { trials } = await searchHalving<Point>(space, folds, noisy, { draws: 5, seed: 1 })
  expect(trials.map(({ rows }) => rows)).toEqual(Array(5).fill(20))
})

test('what means nothing is refused, progress is told, and it stops when asked', async () => {
  const seed = 1
  await expect(async () => searchGrid<Point>({ x: [], y: [1] }, folds, bowl)).rejects.toThrow('at least one value of x')
  await expect(searchGrid<Point>({ x: [1], y: [1] }, [], bowl)).rejects.toThrow('at least one fold, got none')
  await expect(searchRandom<Point>(space, folds, bowl, { draws: 0, seed })).rejects.toThrow('draws must be')
  const turned = { x: { from: 2, to: 1 }, y: [0] }
  await expect(searchRandom<Point>(turned, folds, bowl, { seed })).rejects.toThrow('got 2 to 1')
  const log = { x: { from: 0, to: 1, scale: 'log' as const }, y: [0] }
  await expect(searchRandom<Point>(log, folds, bowl, { seed })).rejects.toThrow('log range')
  await expect(searchHalving<Point>(space, folds, bowl, { factor: 1, seed })).rejects.toThrow(
    'factor must be at least 2',
  )
  await expect(searchHalving<Point>(space, folds, bowl, { draws: 1, seed })).rejects.toThrow('draws must be')
  await expect(searchHalving<Point>(space, folds, bowl, { strata: [0], seed })).rejects.toThrow('one class a row')
  const budget = { milliseconds: 0, clock: () => 0 }
  await expect(searchGrid<Point>({ x: [1], y: [1] }, folds, bowl, { budget })).rejects.toThrow(
    'milliseconds must be above 0',
  )
  const done: number[] = []
  const told = { onProgress: ({ done: now, total }: { done: number; total: number }) => done.push(now / total) }
  await searchHalving<Point>(space, big, noisy, { draws: 9, seed }, told)
  expect(done.at(-1)).toBe(1)
  const stopped = { signal: AbortSignal.abort() }
  await expect(searchGrid<Point>({ x: [1], y: [1] }, folds, bowl, {}, stopped)).rejects.toThrow('stopped')
})
