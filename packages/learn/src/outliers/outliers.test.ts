import { matrix, matrixFromRows, seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  clipToFences,
  fitFences,
  fitIsolationForest,
  isolationOutliers,
  isolationScores,
  outsideFences,
} from './index.ts'
import { averagePath } from './isolation-tree.ts'

const column = (values: readonly number[]) => matrix(values.length, 1, Float64Array.from(values))
const random = seededRandom(4)

test('a normal column: 0.7 % lie outside by the interquartile range, 0.05 % by the median deviation', () => {
  const data = column(Array.from({ length: 40_000 }, () => random.normal()))
  const outside = (method: 'iqr' | 'mad') =>
    outsideFences(fitFences(data, { method }), data).values.filter((out: number) => out === 1).length / 40_000
  // Truth by the normal distribution: 2 Φ(−2.698) and 2 Φ(−3.5); bounds of four standard errors.
  expect(Math.abs(outside('iqr') - 0.00698)).toBeLessThan(0.0017)
  expect(Math.abs(outside('mad') - 0.00047)).toBeLessThan(0.0005)
})

test('clipped values lie at the fence, are clipped once for all, and others stay', () => {
  const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(values, fc.constantFrom('iqr' as const, 'mad' as const), (drawn, method) => {
      const data = column([...drawn, Number.NaN])
      const model = fitFences(data, { method })
      const clipped = clipToFences(model, data)
      const outside = outsideFences(model, data).values
      expect(clipToFences(structuredClone(model), clipped)).toEqual(clipped)
      clipped.values.forEach((value: number, row: number) => {
        if (outside[row] === 0) expect(value).toBe(data.values[row])
        else expect([model.lower[0], model.upper[0]]).toContain(value)
      })
    }),
  )
})

test('a column of mostly one value: no fences by quartiles, by the mean deviation otherwise; none for a constant one', () => {
  const spend = column([0, 0, 0, 0, 0, 0, 0, 0, 5, 900])
  expect(fitFences(spend).upper[0]).toBe(Infinity)
  expect([...outsideFences(fitFences(spend, { method: 'mad' }), spend).values]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
  expect(fitFences(column([7, 7]), { method: 'mad' }).lower[0]).toBe(-Infinity)
  expect(fitFences(column([Number.NaN])).lower[0]).toBe(-Infinity)
})

const crowd = matrix(
  500,
  2,
  Float64Array.from({ length: 1000 }, () => random.normal()),
)

test('a row far out scores near 1, one in the middle below 0.5; the seed decides, and the model is plain data', async () => {
  const model = await fitIsolationForest(crowd, { seed: 3 })
  const [middle, edge, far] = isolationScores(
    model,
    matrixFromRows([
      [0, 0],
      [2.5, -2.5],
      [8, 8],
    ]),
  )
  expect(middle! < 0.45 && edge! > middle! && far! > edge! && far! > 0.7).toBe(true)
  expect(await fitIsolationForest(crowd, { seed: 3 })).toEqual(model)
  expect(await fitIsolationForest(crowd, { seed: 4 })).not.toEqual(model)
  expect(isolationScores(structuredClone(model), crowd)).toEqual(isolationScores(model, crowd))
})

test('the scale of a column does not matter, and a column of nothing neither', async () => {
  const values = Float64Array.from({ length: 1500 }, (_, at) =>
    at % 3 === 2 ? 5 : crowd.values[2 * Math.floor(at / 3) + (at % 3)]! * (at % 3 === 0 ? 2 ** 300 : 1),
  )
  const stretched = await fitIsolationForest(matrix(500, 3, values), { seed: 1, trees: 300 })
  const plain = await fitIsolationForest(crowd, { seed: 1, trees: 300 })
  const scores = isolationScores(plain, crowd)
  isolationScores(stretched, matrix(500, 3, values)).forEach((score, row) => {
    expect(Math.abs(score - scores[row]!)).toBeLessThan(0.06)
  })
})

test('a share of the rows is called outliers when it is asked for', async () => {
  const model = await fitIsolationForest(crowd, { seed: 2, share: 0.04 })
  expect(isolationOutliers(model, crowd).reduce((sum, out) => sum + out, 0)).toBe(20)
})

test('the measure of paths is the mean path of a random search tree', () => {
  // 2 H(n − 1) − 2 (n − 1) / n, whose harmonic number the method takes as ln(n − 1) + γ: 1 / (n − 1) apart.
  for (const n of [3, 10, 256]) {
    let harmonic = 0
    for (let at = 1; at < n; at += 1) harmonic += 1 / at
    expect(Math.abs(averagePath(n) - (2 * harmonic - (2 * (n - 1)) / n))).toBeLessThan(1 / (n - 1))
  }
  expect(averagePath(2)).toBe(1)
  expect(averagePath(1)).toBe(0)
})

test('equal rows score 0.5, and what means nothing is refused', async () => {
  const equal = column([3, 3, 3, 3])
  await expect(fitIsolationForest(column([1]), { seed: 1 })).rejects.toThrow('at least 2 rows, got 1')
  await expect(fitIsolationForest(column([1, Number.NaN]), { seed: 1 })).rejects.toThrow('got NaN at row 1')
  await expect(fitIsolationForest(equal, { seed: 1, trees: 0 })).rejects.toThrow('trees must be a whole number')
  await expect(fitIsolationForest(equal, { seed: 1, sample: 1 })).rejects.toThrow('sample must be a whole number')
  await expect(fitIsolationForest(equal, { seed: 1, share: 0.6 })).rejects.toThrow('share must be from 0 to 0.5')
  await expect(fitIsolationForest(equal, { seed: 1 }, { signal: AbortSignal.abort() })).rejects.toThrow('stopped')
  const model = await fitIsolationForest(equal, { seed: 1 })
  for (const score of isolationScores(model, equal)) expect(score).toBeCloseTo(0.5, 12)
  expect([...isolationOutliers(model, equal)]).toEqual([0, 0, 0, 0])
  expect(() => isolationScores(model, matrix(1, 2))).toThrow('data must have the 1 columns of the fit, got 2')
  expect(() => fitFences(equal, { width: 0 })).toThrow('width must be finite and above 0, got 0')
  expect(() => outsideFences(fitFences(equal), matrix(1, 2))).toThrow('data must have the 1 columns of the fit')
})

test('isolation forest: a weight counts as the row so many times, and 0 as no row, to the last bit', async () => {
  const rows = Array.from({ length: 60 }, () => [random.normal(), random.normal()])
  const weights = rows.map((_, row) => row % 4)
  const options = { trees: 10, sample: 32, share: 0.1, seed: 1 }
  const model = await fitIsolationForest(matrixFromRows(rows), { ...options, weights })
  const repeated = rows.flatMap((row, at) => Array.from({ length: weights[at]! }, () => row))
  const other = await fitIsolationForest(matrixFromRows(repeated), { ...options, weights: repeated.map(() => 1) })
  expect(other).toEqual(model)
  await expect(fitIsolationForest(matrixFromRows(rows), { ...options, weights: [1] })).rejects.toMatchObject({
    code: 'isolation-forest.weights',
  })
})

test('isolation forest: a far group that weighs as much as all others is not far out', async () => {
  const rows = Array.from({ length: 200 }, (_, row) => [row < 190 ? random.normal() : 12 + random.normal()])
  const data = matrixFromRows(rows)
  const plain = await fitIsolationForest(data, { sample: 64, seed: 1 })
  const weights = rows.map((_, row) => (row < 190 ? 1 : 19))
  const weighed = await fitIsolationForest(data, { sample: 64, weights, seed: 1 })
  expect(isolationScores(plain, data)[195]).toBeGreaterThan(0.55)
  expect(isolationScores(weighed, data)[195]).toBeLessThan(isolationScores(plain, data)[195]! - 0.03)
})
