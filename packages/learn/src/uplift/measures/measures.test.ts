import { type Progress, seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { gainScores } from './gain-scores.ts'
import { upliftAtTop } from './uplift-at-top.ts'
import { upliftBySlice } from './uplift-by-slice.ts'
import { upliftIntervals } from './uplift-intervals.ts'
import { auuc, qini, upliftCurve } from './uplift-scores.ts'

const row = fc.record({
  score: fc.integer({ min: 0, max: 6 }),
  treated: fc.integer({ min: 0, max: 1 }),
  outcome: fc.integer({ min: 0, max: 1 }),
  weight: fc.integer({ min: 1, max: 3 }),
})

/** Experiments in which each arm has a customer. */
const trials = fc
  .array(row, { minLength: 2, maxLength: 40 })
  .map((rows) => [{ ...rows[0]!, treated: 0 }, { ...rows[1]!, treated: 1 }, ...rows.slice(2)])

const armsOf = (rows: readonly { treated: number; outcome: number; weight: number }[], isWeighted = false) => ({
  treated: rows.map(({ treated }) => treated),
  outcomes: rows.map(({ outcome }) => outcome),
  ...(isWeighted ? { weights: rows.map(({ weight }) => weight) } : {}),
})

const scoresOf = (rows: readonly { score: number }[]): number[] => rows.map(({ score }) => score)

const near = (found: ReturnType<typeof qini>, expected: ReturnType<typeof qini>): void => {
  expect(found.defined).toBe(expected.defined)
  if (found.defined && expected.defined) expect(found.value).toBeCloseTo(expected.value, 9)
}

test('areas do not depend on the order of rows, nor on the scale of scores', () => {
  fc.assert(
    fc.property(trials, (rows) => {
      const turned = [...rows].reverse()
      for (const area of [qini, auuc]) {
        const found = area(scoresOf(rows), armsOf(rows))
        near(area(scoresOf(turned), armsOf(turned)), found)
        near(
          area(
            scoresOf(rows).map((score) => Math.exp(score) - 5),
            armsOf(rows),
          ),
          found,
        )
      }
    }),
  )
})

test('a weight counts as repeated rows', () => {
  fc.assert(
    fc.property(trials, (rows) => {
      const repeated = rows.flatMap((one) => Array.from({ length: one.weight }, () => one))
      near(qini(scoresOf(rows), armsOf(rows, true)), qini(scoresOf(repeated), armsOf(repeated)))
      near(auuc(scoresOf(rows), armsOf(rows, true)), auuc(scoresOf(repeated), armsOf(repeated)))
      const share = 0.5
      const whole = repeated.length % 2 === 0
      if (!whole) return
      near(
        upliftAtTop(scoresOf(rows), armsOf(rows, true), { share }),
        upliftAtTop(scoresOf(repeated), armsOf(repeated), { share }),
      )
    }),
  )
})

test('one score for all is a random ranking, the perfect one has a Qini of 1', () => {
  fc.assert(
    fc.property(trials, (rows) => {
      const arms = armsOf(rows)
      const random = qini(
        rows.map(() => 1),
        arms,
      )
      if (!random.defined) return
      expect(random.value).toBeCloseTo(0, 9)
      const perfect = rows.map(({ treated, outcome }) => (treated === 1 ? outcome : -outcome))
      near(qini(perfect, arms), { defined: true, value: 1 })
      const found = auuc(
        rows.map(() => 1),
        arms,
      )
      if (found.defined) expect(found.value).toBeCloseTo(0, 9)
    }),
  )
})

test('slices hold every customer once, and the curve ends at the effect on all', () => {
  fc.assert(
    fc.property(trials, fc.integer({ min: 1, max: 2 }), (rows, slices) => {
      const arms = armsOf(rows)
      const found = upliftBySlice(scoresOf(rows), arms, { slices })
      expect(found.reduce((sum, slice) => sum + slice.treated + slice.control, 0)).toBe(rows.length)
      const [all] = upliftBySlice(scoresOf(rows), arms, { slices: 1 })
      expect(upliftCurve('uplift', scoresOf(rows), arms).at(-1)!.gained / rows.length).toBeCloseTo(all!.uplift, 9)
      const top = upliftAtTop(scoresOf(rows), arms, { share: 1 })
      expect(top.defined && top.value).toBeCloseTo(all!.uplift, 9)
    }),
  )
})

/** Customers whose effect is their own feature, which is also their score. */
function makeTrial(rows: number, seed: number) {
  const random = seededRandom(seed)
  const scores = Float64Array.from({ length: rows }, () => random.uniform())
  const treated = Uint8Array.from(scores, () => (random.uniform() < 0.5 ? 1 : 0))
  const outcomes = Uint8Array.from(scores, (score, at) => (random.uniform() < 0.1 + 0.3 * treated[at]! * score ? 1 : 0))
  return { scores, treated, outcomes }
}

test('intervals hold the value of a large sample about as often as they say', () => {
  const { scores, ...large } = makeTrial(100_000, 1)
  const truth = qini(scores, large)
  if (!truth.defined) throw new Error(truth.because)
  const truthAtTop = upliftAtTop(scores, large)
  if (!truthAtTop.defined) throw new Error(truthAtTop.because)
  let held = 0
  let heldAtTop = 0
  for (let seed = 1; seed <= 60; seed += 1) {
    const trial = makeTrial(400, seed + 1)
    const found = upliftIntervals(trial.scores, trial, { resamples: 150, level: 0.9, seed })
    held += Number(found.qini.low <= truth.value && truth.value <= found.qini.high)
    heldAtTop += Number(found.atTop.low <= truthAtTop.value && truthAtTop.value <= found.atTop.high)
  }
  // 54 are expected, and 47 to 60 are within three standard deviations.
  expect(held).toBeGreaterThanOrEqual(47)
  expect(heldAtTop).toBeGreaterThanOrEqual(47)
})

test('intervals are the same for the same seed, and around their value', () => {
  const trial = makeTrial(300, 7)
  const seen: Progress[] = []
  const options = { resamples: 100, seed: 3 }
  const found = upliftIntervals(trial.scores, trial, options, { onProgress: (progress) => seen.push(progress) })
  expect(upliftIntervals(trial.scores, trial, options)).toEqual(found)
  expect(seen.at(-1)).toEqual({ stage: 'uplift resample', done: 100, total: 100 })
  for (const { value, low, high } of Object.values(found)) {
    expect(low).toBeLessThan(value)
    expect(high).toBeGreaterThan(value)
  }
  const stop = new AbortController()
  stop.abort()
  expect(() => upliftIntervals(trial.scores, trial, options, { signal: stop.signal })).toThrow('stopped')
})

test('what has no answer says why, and what means nothing is refused', () => {
  const arms = { treated: [1, 0], outcomes: [0, 0] }
  expect(qini([1, 2], arms)).toEqual({ defined: false, because: 'no-variation' })
  expect(auuc([1, 2], arms)).toEqual({ defined: false, because: 'no-variation' })
  expect(gainScores([1, 2], arms).qini).toEqual({ defined: false, because: 'no-variation' })
  expect(upliftAtTop([1, 2], arms, { share: 0.5 })).toEqual({ defined: false, because: 'one-arm' })
  expect(() => qini([], { treated: [], outcomes: [] })).toThrow('got 0 treated and 0 not')
  expect(() => qini([1, NaN], arms)).toThrow('scores must be numbers, one a row, got NaN at row 1')
  expect(() => qini([1], arms)).toThrow('treated must hold one number a row (1), got 2')
  expect(() => qini([1, 2], { treated: [1, 1], outcomes: [0, 1] })).toThrow('got 2 treated and 0 not')
  expect(() => qini([1, 2], { treated: [1, 2], outcomes: [0, 1] })).toThrow('treated must be 0 or 1, got 2 at row 1')
  expect(() => qini([1, 2], { treated: [1, 0], outcomes: [0, 7] })).toThrow('outcomes must be 0 or 1')
  expect(() => upliftAtTop([1, 2], arms, { share: 0 })).toThrow('share must be above 0 and up to 1, got 0')
  expect(() => upliftBySlice([1, 2], arms, { slices: 3 })).toThrow('whole number from 1 to 2 (customers), got 3')
  expect(() => upliftIntervals([1, 2], arms, { resamples: 9, seed: 1 })).toThrow('at least 100, got 9')
})
