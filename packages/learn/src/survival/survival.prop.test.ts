import { matrix, seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concordance } from './concordance.ts'
import { fitCox, predictCoxRisk } from './cox.ts'
import { fitKaplanMeier, survivalAt } from './kaplan-meier.ts'
import { logRankTest } from './log-rank.ts'

const rows = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom(0, 1), fc.integer({ min: 0, max: 4 })), {
    minLength: 1,
    maxLength: 40,
  })
  .map((list) => ({
    durations: list.map(([duration]) => duration),
    events: list.map(([, event]) => event),
    scores: list.map(([, , score]) => score),
  }))

test('what is left never grows, lies within its bounds, and without censoring is the share that lasted longer', () => {
  fc.assert(
    fc.property(rows, ({ durations, events }) => {
      const model = fitKaplanMeier({ durations, events })
      let before = 1
      model.survival.forEach((share, at) => {
        expect(share).toBeLessThanOrEqual(before)
        before = share
        if (Number.isNaN(model.low[at])) return
        expect(model.low[at]!).toBeLessThanOrEqual(share)
        expect(model.high[at]!).toBeGreaterThanOrEqual(share)
      })
      const ended = fitKaplanMeier({ durations, events: durations.map(() => 1) })
      for (const time of [0, 3, 9]) {
        const share = durations.filter((duration) => duration > time).length / durations.length
        expect(survivalAt(ended, [time])[0]).toBeCloseTo(share, 12)
      }
    }),
  )
})

test('a weight of two is the row twice', () => {
  fc.assert(
    fc.property(rows, ({ durations, events, scores }) => {
      const weights = durations.map((_, row) => 1 + (row % 2))
      const twice = <T>(list: readonly T[]): T[] =>
        list.flatMap((value, row) => (row % 2 === 1 ? [value, value] : [value]))
      const doubled = { durations: twice(durations), events: twice(events) }
      expect(fitKaplanMeier({ durations, events, weights }).survival).toEqual(fitKaplanMeier(doubled).survival)
      const left = logRankTest({ durations, events, weights }, scores)
      const right = logRankTest(doubled, twice(scores))
      expect(left.defined).toBe(right.defined)
      if (left.defined && right.defined) expect(left.statistic).toBeCloseTo(right.statistic, 8)
      const [one, other] = [concordance({ durations, events, weights }, scores), concordance(doubled, twice(scores))]
      // A row beside its own copy: an event at one time knows no order, so copies add no pair.
      if (one.defined && other.defined) expect(one.value).toBeCloseTo(other.value, 12)
    }),
  )
})

test('concordance as counted pair by pair', () => {
  fc.assert(
    fc.property(rows, ({ durations, events, scores }) => {
      let [pairs, right] = [0, 0]
      for (let first = 0; first < durations.length; first += 1) {
        for (let other = 0; other < durations.length; other += 1) {
          const isFirst =
            durations[first]! < durations[other]! || (durations[first] === durations[other] && events[other] === 0)
          if (events[first] === 0 || !isFirst) continue
          pairs += 1
          if (scores[first] === scores[other]) right += 0.5
          else if (scores[first]! > scores[other]!) right += 1
        }
      }
      const found = concordance({ durations, events }, scores)
      if (pairs === 0) expect(found.defined).toBe(false)
      else expect(found.defined && found.value).toBeCloseTo(right / pairs, 12)
    }),
  )
})

// Planted truth: exponential times with hazard e^(0.8 x − 0.5 z), a third censored.
test('Cox finds planted coefficients, in any unit of the columns', () => {
  const random = seededRandom(6)
  const n = 3000
  const values = Float64Array.from({ length: 2 * n }, () => random.normal())
  const drawn = Array.from({ length: n }, (_, row) => {
    const hazard = Math.exp(0.8 * values[2 * row]! - 0.5 * values[2 * row + 1]!)
    return { time: random.exponential(hazard), end: random.exponential(0.5) }
  })
  const told = {
    durations: drawn.map(({ time, end }) => Math.min(time, end)),
    events: drawn.map(({ time, end }) => (time <= end ? 1 : 0)),
  }
  const model = fitCox(matrix(n, 2, values), told)
  if (model.kind !== 'cox') throw new Error(model.message)
  for (const [column, truth] of [0.8, -0.5].entries()) {
    expect(Math.abs(model.coefficients[column]! - truth)).toBeLessThan(3 * model.standardErrors![column]!)
  }
  const scaled = matrix(
    n,
    2,
    values.map((value, at) => (at % 2 === 0 ? 1e8 * value + 1e9 : 1e-8 * value)),
  )
  const other = fitCox(scaled, told)
  if (other.kind !== 'cox') throw new Error(other.message)
  expect(other.logLikelihood).toBeCloseTo(model.logLikelihood, 6)
  const [plain, rescaled] = [predictCoxRisk(model, matrix(n, 2, values)), predictCoxRisk(other, scaled)]
  expect(plain.every((risk, row) => Math.abs(risk - rescaled[row]!) < 1e-6)).toBe(true)
})
