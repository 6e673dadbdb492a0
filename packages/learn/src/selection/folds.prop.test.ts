import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Fold, foldsFrom, groupKFold, kFold, moduloFolds, stratifiedKFold, timeSplit } from './index.ts'

const everyRowOnce = (folds: readonly Fold[], rows: number): void => {
  const tested = folds.flatMap(({ test }) => [...test]).sort((left, right) => left - right)
  expect(tested).toEqual(Array.from({ length: rows }, (_, row) => row))
  for (const { train, test } of folds) {
    expect(new Set([...train, ...test]).size).toBe(rows)
    expect(train.length + test.length).toBe(rows)
  }
}
const sizes = (folds: readonly Fold[]): number[] => folds.map(({ test }) => test.length)
const shape = fc.record({
  rows: fc.integer({ min: 6, max: 80 }),
  folds: fc.integer({ min: 2, max: 6 }),
  seed: fc.nat(),
})

test('k folds test every row once, in sizes that differ by one at most; the seed decides', () => {
  fc.assert(
    fc.property(shape, ({ rows, folds, seed }) => {
      const split = kFold(rows, { folds, seed })
      everyRowOnce(split, rows)
      expect(Math.max(...sizes(split)) - Math.min(...sizes(split))).toBeLessThanOrEqual(1)
      expect(kFold(rows, { folds, seed })).toEqual(split)
      everyRowOnce(moduloFolds(rows, folds), rows)
    }),
  )
  expect(kFold(50, { seed: 1 })).not.toEqual(kFold(50, { seed: 2 }))
})

test('stratified folds hold each class to within one row, and stay equal in size', () => {
  fc.assert(
    fc.property(shape, ({ rows, folds, seed }) => {
      const labels = Array.from({ length: rows + 2 * folds }, (_, row) => (row < folds ? 1 : row % 4 === 0 ? 1 : 0))
      if (labels.filter((label) => label === 0).length < folds) return
      const split = stratifiedKFold(labels, { folds, seed })
      everyRowOnce(split, labels.length)
      const positives = split.map(({ test }) => test.filter((row) => labels[row] === 1).length)
      expect(Math.max(...positives) - Math.min(...positives)).toBeLessThanOrEqual(1)
      expect(Math.max(...sizes(split)) - Math.min(...sizes(split))).toBeLessThanOrEqual(1)
    }),
  )
})

test('no group is on both sides', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 60 }), (drawn) => {
      const groups = [...drawn, 0, 1, 2]
      const split = groupKFold(groups, { folds: 3 })
      everyRowOnce(split, groups.length)
      for (const { train, test } of split) {
        const tested = new Set(Array.from(test, (row) => groups[row]))
        expect(train.some((row) => tested.has(groups[row]))).toBe(false)
      }
    }),
  )
})

test('time splits never train on what is not earlier than the test by the gap', () => {
  const moments = fc.uniqueArray(fc.integer({ min: 0, max: 10_000 }), { minLength: 30, maxLength: 90 })
  fc.assert(
    fc.property(moments, fc.integer({ min: 1, max: 4 }), (drawn, folds) => {
      const times = [...drawn, -500, drawn[0]!]
      const split = timeSplit(times, { folds, gap: 50 })
      const lastTested: number[] = []
      for (const { train, test } of split) {
        const latest = Math.max(...Array.from(train, (row) => times[row]!))
        const earliest = Math.min(...Array.from(test, (row) => times[row]!))
        expect(latest).toBeLessThanOrEqual(earliest - 50)
        expect(earliest).toBeGreaterThan(lastTested.at(-1) ?? -Infinity)
        lastTested.push(Math.max(...Array.from(test, (row) => times[row]!)))
      }
      expect(lastTested.at(-1)).toBe(Math.max(...times))
    }),
  )
})

test('splits that cannot be are refused', () => {
  expect(() => kFold(3, { folds: 4, seed: 1 })).toThrow('folds must be a whole number from 2 to 3 (rows), got 4')
  expect(() => groupKFold(['a', 'a'], { folds: 2 })).toThrow('from 2 to 1 (groups), got 2')
  expect(() => stratifiedKFold([0, 0, 0, 1], { folds: 2, seed: 1 })).toThrow('class 1 has 1')
  expect(() => timeSplit([1, 1, 1], { folds: 2 })).toThrow('every fold must have rows before and in its period')
  expect(() => timeSplit([1, Number.NaN])).toThrow('every time must be finite, got NaN at row 1')
  expect(() => foldsFrom([0, 2])).toThrow('every fold must have rows, fold 1 has none')
  expect(() => foldsFrom([0, -1])).toThrow('got -1 at row 1')
})
