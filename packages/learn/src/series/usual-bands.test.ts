import { seededRandom } from '@rapport/numerics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitted } from './forecast.contract.ts'
import { findUsualBands, type PastDays } from './usual-bands.ts'

const steps = 6
const rhythm = [0, 2, 8, 10, 6, 1]

/** Counts that come by chance, on weekdays more than at the end of the week. */
function shop(days: number, seed: number): PastDays {
  const random = seededRandom(seed)
  const values = Float64Array.from({ length: days * steps }, (_, at) => {
    const weekday = Math.floor(at / steps) % 7
    return random.poisson(rhythm[at % steps]! * (weekday < 5 ? 1 : 0.5))
  })
  return { steps, values, totals: totalsOf(values) }
}

const totalsOf = (values: Float64Array): Float64Array =>
  Float64Array.from({ length: values.length / steps }, (_, day) =>
    values.subarray(day * steps, (day + 1) * steps).reduce((sum, value) => sum + value, 0),
  )

test('what happens by chance lies within the bands about as often as they say, on days that they have not seen', () => {
  const all = shop(400, 7)
  let [inside, judged, alarms] = [0, 0, 0]
  for (let day = 100; day < 400; day += 1) {
    const before = { steps, values: all.values.slice(0, day * steps), totals: all.totals.slice(0, day) }
    const bands = fitted(findUsualBands(before, { confidence: 0.8, alarmDays: 0.05 }))
    let isAlarm = false
    for (let step = 1; step < steps; step += 1) {
      const value = all.values[day * steps + step]!
      judged += 1
      inside += Number(value >= bands.low[step]! && value <= bands.high[step]!)
      isAlarm ||= value < bands.alarmLow[step]! || value > bands.alarmHigh[step]!
    }
    alarms += Number(isAlarm)
  }
  // Counts take whole values only, so that bands hold a little more than they must.
  expect(inside / judged).toBeGreaterThan(0.78)
  expect(inside / judged).toBeLessThan(0.9)
  expect(alarms / 300).toBeLessThan(0.07)
})

test('one odd day moves what is usual less than an ordinary day is wide', () => {
  const past = shop(100, 3)
  const values = past.values.map((value, at) => (Math.floor(at / steps) === 93 ? value * 20 : value))
  const usual = fitted(findUsualBands(past))
  const odd = fitted(findUsualBands({ steps, values, totals: past.totals }))
  for (let step = 0; step < steps; step += 1)
    expect(Math.abs(odd.expected[step]! - usual.expected[step]!)).toBeLessThanOrEqual(
      usual.high[step]! - usual.low[step]!,
    )
})

test('twice as much of everything has bands twice as high', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(0.25, 2, 64), (seed, times) => {
      const past = shop(80, seed)
      const more = {
        steps,
        values: past.values.map((value) => value * times),
        totals: past.totals.map((value) => value * times),
      }
      const [one, other] = [fitted(findUsualBands(past)), fitted(findUsualBands(more, { unit: times }))]
      for (const bound of ['expected', 'low', 'high', 'alarmLow', 'alarmHigh'] as const)
        one[bound].forEach((value, step) => {
          expect(other[bound][step]).toBeCloseTo(value * times, 9)
        })
    }),
    { numRuns: 20 },
  )
})

test('bounds stand in their order, and the input stays as it was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 60, max: 140 }), (seed, days) => {
      const past = shop(days, seed)
      const before = past.values.slice()
      const bands = fitted(findUsualBands(past))
      expect(past.values).toEqual(before)
      bands.expected.forEach((_, step) => {
        const inOrder = [bands.alarmLow, bands.low, bands.high, bands.alarmHigh].map((bound) => bound[step]!)
        expect([...inOrder].sort((a, b) => a - b)).toEqual(inOrder)
      })
    }),
    { numRuns: 20 },
  )
})

test('too few days are told with what is needed', () => {
  const found = findUsualBands(shop(40, 1))
  expect(found).toMatchObject({ kind: 'too-short', observations: 40, needed: 56 })
  const empty = findUsualBands({ steps, values: new Float64Array(0), totals: new Float64Array(0) })
  expect(empty.kind).toBe('too-short')
})

test('what is no history or no option is refused', () => {
  const past = shop(80, 1)
  const refused = [
    [() => findUsualBands({ ...past, steps: 5 }), 'usual-bands.series'],
    [() => findUsualBands({ ...past, values: past.values.map(() => -1) }), 'usual-bands.series'],
    [() => findUsualBands(past, { weeks: 3 }), 'usual-bands.options'],
    [() => findUsualBands(past, { confidence: 1 }), 'usual-bands.options'],
    [() => findUsualBands(past, { unit: 0 }), 'usual-bands.options'],
  ] as const
  for (const [call, code] of refused) expect(call).toThrow(expect.objectContaining({ code }))
})
