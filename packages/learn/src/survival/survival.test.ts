import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { concordance } from './concordance.ts'
import { fitCox, predictCoxRisk, predictCoxSurvival } from './cox.ts'
import { fitKaplanMeier, survivalAt, survivalTime } from './kaplan-meier.ts'
import { logRankTest } from './log-rank.ts'

const rows = { durations: [2, 3, 3, 5], events: [1, 1, 0, 0] }

test('Kaplan-Meier by hand', () => {
  const model = fitKaplanMeier(rows)
  expect([...model.times]).toEqual([2, 3, 5])
  expect([...model.survival]).toEqual([0.75, 0.75 * (1 - 1 / 3), 0.75 * (1 - 1 / 3)])
  expect([...survivalAt(model, [0, 2, 2.9, 5, 5.1])]).toEqual([1, 0.75, 0.75, model.survival[2], Number.NaN])
  expect(survivalTime(model, 0.5)).toBe(3)
  expect(survivalTime(model, 0.25)).toBe(Infinity)
  const all = fitKaplanMeier({ durations: [1, 2], events: [1, 1] })
  expect([...all.survival]).toEqual([0.5, 0])
  expect(all.low[1]).toBeNaN()
  expect([...survivalAt(all, [9])]).toEqual([0])
})

test('what none of them can use', () => {
  const one = matrixFromRows([[1], [2], [3], [4]])
  for (const [method, fit] of [
    ['kaplan-meier', fitKaplanMeier],
    ['log-rank', (bad: typeof rows) => logRankTest(bad, ['a', 'b', 'a', 'b'])],
    ['concordance', (bad: typeof rows) => concordance(bad, [1, 2, 3, 4])],
    ['cox', (bad: typeof rows) => fitCox(one, bad)],
  ] as const) {
    const codeOf = (bad: { durations: number[]; events: number[]; weights?: number[] }) => {
      try {
        return fit(bad)
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    expect(codeOf({ durations: [], events: [] })).toBe(`${method}.lengths`)
    expect(codeOf({ ...rows, events: [1] })).toBe(`${method}.lengths`)
    expect(codeOf({ ...rows, durations: [1, 2, 3, -1] })).toBe(`${method}.durations`)
    expect(codeOf({ ...rows, durations: [1, 2, 3, Number.NaN] })).toBe(`${method}.durations`)
    expect(codeOf({ ...rows, events: [0, 1, 2, 0] })).toBe(`${method}.events`)
    expect(codeOf({ ...rows, weights: [1, 1, 1, Infinity] })).toBe(`${method}.weights`)
  }
  expect(() => fitKaplanMeier(rows, { confidence: 1 })).toThrow('confidence must be')
  expect(() => survivalAt(fitKaplanMeier(rows), [-1])).toThrow('at least 0, got -1')
  expect(() => survivalTime(fitKaplanMeier(rows), 0)).toThrow('share must be')
  expect(() => logRankTest(rows, ['a'])).toThrow('groups must hold one a row (4), got 1')
  expect(() => concordance(rows, [1])).toThrow('risks must hold one a row (4), got 1')
  expect(() => concordance(rows, [1, 2, 3, Number.NaN])).toThrow('got NaN')
})

test('log-rank says why there is nothing to compare', () => {
  expect(logRankTest(rows, ['a', 'a', 'a', 'a'])).toEqual({ defined: false, because: 'one-group' })
  expect(logRankTest({ ...rows, events: [0, 0, 0, 0] }, ['a', 'b', 'a', 'b'])).toEqual({
    defined: false,
    because: 'no-events',
  })
})

test('Cox says why there is no model, or which columns are at fault', () => {
  const data = matrixFromRows([[1], [2], [4], [3]])
  expect(fitCox(data, { ...rows, events: [0, 0, 0, 0] })).toMatchObject({ kind: 'unfitted', because: 'no-events' })
  expect(fitCox(data, { durations: [4, 4, 1, 4], events: [1, 1, 0, 1] })).toMatchObject({ because: 'no-comparison' })
  expect(() => fitCox(matrixFromRows([[1], [1], [1], [1]]), rows)).toThrow(
    expect.objectContaining({ code: 'cox.dependent' }),
  )
  const twice = matrixFromRows([
    [1, 2],
    [2, 4],
    [4, 8],
    [3, 6],
  ])
  expect(() => fitCox(twice, rows)).toThrow(expect.objectContaining({ code: 'cox.dependent' }))
  expect(fitCox(twice, rows, { penalty: 0.1 })).toMatchObject({ kind: 'cox', converged: true, standardErrors: null })
  expect(() => fitCox(data, { durations: [1], events: [1] })).toThrow('one row a duration (1), got 4')
  expect(() => fitCox(data, rows, { penalty: -1 })).toThrow('penalty must be finite')
  expect(() => fitCox(matrixFromRows([[Number.NaN], [1], [1], [1]]), rows)).toThrow('every value must be finite')
  expect(() => fitCox(data, rows, {}, { signal: AbortSignal.abort() })).toThrow('stopped before')
})

test('a column that tells exactly who goes first is not called converged', () => {
  const model = fitCox(matrixFromRows([[9], [8], [7], [6], [5]]), {
    durations: [1, 2, 3, 4, 5],
    events: [1, 1, 1, 1, 0],
  })
  expect(model).toMatchObject({ kind: 'cox', converged: false, concordance: 1 })
})

test('a row of means survives by the baseline, and higher risk is sooner', () => {
  const data = matrixFromRows([[1], [3], [2], [0], [2], [1]])
  const model = fitCox(data, { durations: [5, 1, 3, 6, 4, 2], events: [1, 1, 0, 0, 1, 1] })
  if (model.kind !== 'cox') throw new Error(model.message)
  const middle = predictCoxSurvival(model, matrixFromRows([[1.5]]), [0, 1, 4.5])
  expect([...middle.values]).toEqual([1, Math.exp(-model.cumulativeHazard[0]!), Math.exp(-model.cumulativeHazard[2]!)])
  const [high, low] = predictCoxRisk(model, matrixFromRows([[3], [0]]))
  expect(high).toBeGreaterThan(low!)
  expect(() => predictCoxRisk(model, matrixFromRows([[1, 2]]))).toThrow('must have the 1 columns of training, got 2')
  expect(() => predictCoxSurvival(model, data, [Number.NaN])).toThrow('every time must be at least 0')
})
