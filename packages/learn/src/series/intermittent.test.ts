import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectClearRefusals, fitted } from './forecast.contract.ts'
import { fitCroston, fitTsb, forecastIntermittent } from './intermittent.ts'

const demand = [0, 0, 3, 0, 2, 0, 0, 4, 0, 0, 0, 5]

test('what they cannot use', () => {
  expectClearRefusals('croston', fitCroston)
  expectClearRefusals('tsb', fitTsb)
  expect(fitCroston([0, 0, 5, 0])).toMatchObject({ kind: 'too-short', observations: 1, needed: 2 })
  expect(() => fitTsb([1, -2, 3])).toThrow('every value must be at least 0, got -2 at position 1')
  expect(() => fitCroston(demand, { smoothing: 0 })).toThrow('smoothing must be above 0 and at most 1, got 0')
  expect(() => fitTsb(demand, { chanceSmoothing: 2 })).toThrow(expect.objectContaining({ code: 'tsb.chanceSmoothing' }))
})

test('by hand: sizes 3, 2 and gaps 3, 2 smoothed by a half', () => {
  const model = fitted(fitCroston([0, 0, 3, 0, 2], { smoothing: 0.5, unbiased: false }))
  expect(model).toMatchObject({ size: 2.5, chance: 0.4, mean: 1 })
  expect(fitted(fitCroston([0, 0, 3, 0, 2], { smoothing: 0.5 })).mean).toBe(0.75)
})

test('what is no longer asked for fades away by TSB only', () => {
  const gone = [...demand, ...new Array<number>(40).fill(0)]
  expect(fitted(fitTsb(gone)).mean).toBeLessThan(0.05 * fitted(fitTsb(demand)).mean)
  expect(fitted(fitCroston(gone)).mean).toBe(fitted(fitCroston(demand)).mean)
})

test('bounds hold the mean, begin at nothing, and grow with the confidence', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 8, maxLength: 40 }), (values) => {
      const model = fitTsb(values)
      if (model.kind === 'too-short') return
      const wide = forecastIntermittent(model, { horizon: 2, confidence: 0.98 })
      const narrow = forecastIntermittent(model, { horizon: 2, confidence: 0.5 })
      expect(wide.low[1]).toBe(wide.low[0])
      expect(wide.low[0]!).toBeLessThanOrEqual(narrow.low[0]!)
      expect(wide.high[0]!).toBeGreaterThanOrEqual(narrow.high[0]!)
      if (model.chance < 0.99) expect(wide.low[0]).toBe(0)
    }),
  )
})

test('missing steps are taken out', () => {
  const gaps = demand.flatMap((value) => [value, Number.NaN])
  expect(fitCroston(gaps)).toEqual(fitCroston(demand))
  expect(fitTsb(gaps)).toEqual(fitTsb(demand))
})
