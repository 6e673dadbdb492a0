import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { rollingFolds } from './index.ts'

// Reference: scikit-learn 1.9.1 TimeSeriesSplit over rows one unit apart; made by golden/make/rolling-folds.py. The same rows.
const { values: golden, agree } = readGolden<{
  cases: {
    rows: number
    origins: number
    horizon: number
    gap: number
    window: number | null
    folds: { train: number[]; test: number[] }[]
  }[]
}>(new URL('golden/rolling-folds.json', import.meta.url))

test.each(golden.cases)('as TimeSeriesSplit: $rows rows, $origins origins, horizon $horizon, gap $gap', (of) => {
  const times = Array.from({ length: of.rows }, (_, row) => row)
  const found = rollingFolds(times, { ...of, window: of.window ?? Infinity })
  expect(found).toHaveLength(of.folds.length)
  of.folds.forEach(({ train, test: tested }, at) => {
    agree('rolling origin', found[at]!.train, train, 0)
    agree('rolling origin', found[at]!.test, tested, 0)
  })
})

test('nothing is learned from what came after the origin less the gap, nor from before the window', () => {
  const shape = fc.record({
    drawn: fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 150, maxLength: 250 }),
    horizon: fc.integer({ min: 20, max: 60 }),
    gap: fc.integer({ min: 0, max: 30 }),
    window: fc.integer({ min: 60, max: 200 }),
  })
  fc.assert(
    fc.property(shape, ({ drawn, horizon, gap, window }) => {
      const times = [...drawn, 400]
      rollingFolds(times, { horizon, gap, window, origins: 2, step: 15 }).forEach(({ train, test: tested }, at) => {
        const origin = 400 - (1 - at) * 15 - horizon
        for (const row of tested) expect(times[row]! > origin && times[row]! <= origin + horizon).toBe(true)
        for (const row of train) expect(times[row]! <= origin - gap && times[row]! > origin - gap - window).toBe(true)
        const within = times.filter((time) => time > origin && time <= origin + horizon)
        expect(tested).toHaveLength(within.length)
      })
    }),
  )
})

test('splits that cannot be are refused', () => {
  expect(() => rollingFolds([1, 2, 3], { horizon: 1, origins: 0 })).toThrow('origins must be a whole number ≥ 1, got 0')
  expect(() => rollingFolds([1, 2, 3], { horizon: 0 })).toThrow('must be above 0 and gap at least 0, got 0, 0,')
  expect(() => rollingFolds([1, Number.NaN], { horizon: 1 })).toThrow('every time must be finite, got NaN at row 1')
  expect(() => rollingFolds([1, 2, 3], { horizon: 1, origins: 3 })).toThrow('fold 0 has 0 before and 1 after')
  expect(() => rollingFolds([], { horizon: 1 })).toThrow('fold 0 has 0 before and 0 after')
})
