import { matrix, matrixFromRows, seededRandom, takeRows } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitLogistic, predictLogistic } from '../linear/index.ts'
import { metricValue, rocAuc } from '../metrics/index.ts'
import { crossValidate, stratifiedKFold } from '../selection/index.ts'
import { classWeights, correctClassPriors, correctPrior, resampleClasses } from './index.ts'

const random = seededRandom(5)
const rows = 4000
const data = matrix(
  rows,
  2,
  Float64Array.from({ length: 2 * rows }, () => random.normal()),
)
/** One in twelve buys, by both columns. */
const labels = Int32Array.from({ length: rows }, (_, row) => {
  const score = 1.2 * data.values[2 * row]! - 0.8 * data.values[2 * row + 1]! - 3
  return random.uniform() < 1 / (1 + Math.exp(-score)) ? 1 : 0
})
const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
const share = mean(labels)
const methods = ['under', 'over', 'smote'] as const

test.each(methods)('%s balances the classes; rows of before are themselves, in their order', (method) => {
  const shape = fc.record({
    share: fc.constantFrom(0.3, 0.5, 1),
    seed: fc.nat(),
    rows: fc.integer({ min: 13, max: 40 }),
  })
  fc.assert(
    fc.property(shape, ({ share: wanted, seed, rows: n }) => {
      const own = takeRows(
        data,
        Array.from({ length: n }, (_, row) => row),
      )
      const classes = Array.from({ length: n }, (_, row) => (row % 4 === 0 ? (row % 8 === 0 ? 2 : 1) : 0))
      const found = resampleClasses(own, classes, { method, share: wanted, seed })
      expect(found).toEqual(resampleClasses(own, classes, { method, share: wanted, seed }))
      const counts = [0, 0, 0]
      found.labels.forEach((label, row) => {
        counts[label]! += 1
        const origin = found.origin[row]!
        if (origin < 0) return
        expect(label).toBe(classes[origin])
        expect([...found.data.values.subarray(2 * row, 2 * row + 2)]).toEqual([
          ...own.values.subarray(2 * origin, 2 * origin + 2),
        ])
      })
      const before = [0, 1, 2].map((label) => classes.filter((own) => own === label).length)
      const largest = Math.max(...before)
      const smallest = Math.min(...before)
      const expected = before.map((count) =>
        method === 'under'
          ? Math.min(count, Math.floor(smallest / wanted))
          : Math.max(count, Math.floor(largest * wanted)),
      )
      expect(counts).toEqual(expected)
      expect([...found.prior.actual]).toEqual(before.map((count) => count / n))
      expect([...found.prior.trained]).toEqual(counts.map((count) => count / found.labels.length))
    }),
    { numRuns: 40 },
  )
})

test('a new row lies between two rows of its class', () => {
  const line = matrixFromRows([
    [0, 0],
    [1, 2],
    [2, 4],
    [3, 6],
    [9, 0],
    [8, 0],
    [7, 0],
    [6, 0],
    [5, 0],
    [4, 0],
    [3, 0],
  ])
  const found = resampleClasses(line, [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], { method: 'smote', neighbours: 1, seed: 3 })
  for (let row = 11; row < found.labels.length; row += 1) {
    expect(found.origin[row]).toBe(-1)
    const [x, y] = found.data.values.subarray(2 * row, 2 * row + 2)
    expect(y).toBeCloseTo(2 * x!, 12)
    expect(x! >= 0 && x! <= 3).toBe(true)
  }
})

test('codes stay codes, also where all columns are codes and rows are equal', () => {
  const codes = matrixFromRows(Array.from({ length: 30 }, (_, row) => [row % 2, row % 3]))
  const classes = Array.from({ length: 30 }, (_, row) => (row < 6 ? 1 : 0))
  const found = resampleClasses(codes, classes, { method: 'smote', categorical: [0, 1], seed: 1 })
  expect(found.labels).toHaveLength(48)
  expect(found.data.values.every((value: number) => [0, 1, 2].includes(value))).toBe(true)
})

// The law that resampling stands on: in training folds alone, and with the prior put right, probabilities are as honest as
// without, and the ranking is as good.
test.each([...methods, 'weights' as const])(
  '%s inside training folds, and the prior put right: honest out of fold',
  async (method) => {
    const folds = stratifiedKFold(labels, { folds: 4, seed: 1 })
    const { outOfFold } = await crossValidate(rows, folds, {
      fit: (train) => {
        const own = takeRows(data, train)
        const ownLabels = Int32Array.from(train, (row) => labels[row]!)
        if (method === 'weights') {
          const { rows: weights, prior } = classWeights(ownLabels)
          return { model: fitLogistic(own, ownLabels, { weights }), prior }
        }
        const found = resampleClasses(own, ownLabels, { method, seed: 2 })
        return { model: fitLogistic(found.data, found.labels), prior: found.prior }
      },
      predict: ({ model, prior }, test) => correctPrior(prior, predictLogistic(model, takeRows(data, test))),
    })
    // Two standard errors of the share are 0.009.
    expect(Math.abs(mean(outOfFold) - share)).toBeLessThan(0.009)
    expect(metricValue(rocAuc(outOfFold, labels))).toBeGreaterThan(0.8)
  },
)

test('without the correction a balanced model says five times as much as is true', () => {
  const { data: own, labels: ownLabels, prior } = resampleClasses(data, labels, { method: 'under', seed: 1 })
  const predicted = predictLogistic(fitLogistic(own, ownLabels), data)
  expect(mean(predicted)).toBeGreaterThan(3 * share)
  expect(Math.abs(mean(correctPrior(prior, predicted)) - share)).toBeLessThan(0.01)
})

test('the correction: training share becomes actual share, ends stay, two classes as two columns', () => {
  const { prior } = classWeights([0, 0, 0, 1])
  const corrected = correctPrior(structuredClone(prior), [0, 0.5, 1])
  expect(corrected[0]).toBe(0)
  expect(corrected[1]).toBeCloseTo(0.25, 15)
  expect(corrected[2]).toBe(1)
  const both = correctClassPriors(prior, matrixFromRows([[0.7, 0.3]]))
  expect(both.values[1]).toBeCloseTo(correctPrior(prior, [0.3])[0]!, 15)
  expect(both.values[0]! + both.values[1]!).toBeCloseTo(1, 15)
})

test('what means nothing is refused, and it stops when asked', () => {
  const few = matrixFromRows([[1], [2], [3]])
  const smote = { method: 'smote', seed: 1 } as const
  expect(() => resampleClasses(few, [0, 0, 1], smote)).toThrow('class 1 must have at least 2 rows')
  expect(() => resampleClasses(few, [0, 0, 0], smote)).toThrow('got class 0 only')
  expect(() => resampleClasses(few, [0, 0], smote)).toThrow('one number a row (3), got 2')
  expect(() => resampleClasses(few, [0, 0, 1], { ...smote, share: 0 })).toThrow('share must be above 0')
  expect(() => resampleClasses(few, [0, 0, 1], { ...smote, neighbours: 0 })).toThrow(
    'neighbours must be a whole number',
  )
  expect(() => resampleClasses(few, [0, 0, 1], { ...smote, categorical: [1] })).toThrow('columns from 0 to 0, got 1')
  const hole = matrixFromRows([[1], [Number.NaN], [3]])
  expect(() => resampleClasses(hole, [0, 0, 1], smote)).toThrow('every value must be finite, got NaN at row 1')
  expect(resampleClasses(hole, [0, 0, 1], { method: 'over', seed: 1 }).labels).toHaveLength(4)
  expect(() => resampleClasses(few, [0, 0, 1], smote, { signal: AbortSignal.abort() })).toThrow('stopped')
  const { prior } = classWeights([0, 1])
  expect(() => correctPrior(prior, [1.2])).toThrow('every probability must be from 0 to 1, got 1.2')
  expect(() => correctClassPriors(prior, matrix(1, 3))).toThrow('there must be 2 columns, got 3')
  expect(() => correctPrior(classWeights([0, 1, 2]).prior, [0.5])).toThrow('there must be two classes, got 3')
})

test.each(methods)('%s: classes are as heavy after it as if rows stood there as often as they weigh', (method) => {
  const own = takeRows(data, [...Array(24).keys()])
  const classes = Array.from({ length: 24 }, (_, row) => (row % 3 === 0 ? 1 : 0))
  const weights = classes.map((_, row) => row % 5)
  const repeatedRows = classes.flatMap((_, row) => Array.from({ length: weights[row]! }, () => row))
  const found = resampleClasses(own, classes, { method, weights, share: 0.8, seed: 1 })
  const repeated = resampleClasses(
    takeRows(own, repeatedRows),
    repeatedRows.map((row) => classes[row]!),
    { method, share: 0.8, seed: 1 },
  )
  expect(found.prior).toEqual(repeated.prior)
  expect(found.weights).toHaveLength(found.labels.length)
  found.origin.forEach((row, at) => {
    if (row >= 0) expect(found.weights[at]).toBeLessThanOrEqual(Math.max(1, weights[row]!))
    else expect(found.weights[at]).toBe(1)
  })
  expect([...repeated.weights]).toEqual(repeatedRows.length > 0 ? [...repeated.labels].map(() => 1) : [])
})

test('over and smote start from a row as often as it weighs', () => {
  const line = matrixFromRows([[0], [1], [10], [11], ...Array.from({ length: 400 }, () => [5])])
  const classes = Array.from({ length: 404 }, (_, row) => (row < 4 ? 1 : 0))
  const weights = classes.map((_, row) => (row < 2 ? 9 : 1))
  const { origin } = resampleClasses(line, classes, { method: 'over', weights, seed: 1 })
  const repeats = Array.from(origin).slice(404)
  expect(repeats).toHaveLength(380)
  // Nine of ten, within three standard errors of 380 draws.
  expect(Math.abs(repeats.filter((row) => row < 2).length / 380 - 0.9)).toBeLessThan(0.047)
  const smote = resampleClasses(line, classes, { method: 'smote', neighbours: 1, weights, seed: 1 })
  const low = Array.from(smote.data.values.slice(404)).filter((value) => value <= 1)
  expect(Math.abs(low.length / 380 - 0.9)).toBeLessThan(0.047)
  expect(() => resampleClasses(line, classes, { method: 'over', weights: [1], seed: 1 })).toThrow(
    'one number a row (404), got 1',
  )
})
