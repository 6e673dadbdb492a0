import type { UsualBands } from '@rapport/learn'
import { expect, test } from 'vitest'
import { departuresIn } from './watch.ts'

const flat = (steps: number): UsualBands => {
  const of = (value: number): Float64Array => new Float64Array(steps).fill(value)
  return {
    ...{ kind: 'usual-bands', expected: of(10), low: of(6), high: of(14), alarmLow: of(3), alarmHigh: of(20) },
    ...{ confidence: 0.9, alarmDays: 0.05, weeks: 6, calibrationDays: 56 },
  }
}
const departures = (values: readonly number[], least = 1) => departuresIn(values, flat(values.length), least)

test('one value beyond the bounds of alarm is chance, two are told, and told once', () => {
  expect(departures([10, 1, 10, 25, 10])).toEqual([])
  expect(departures([10, 2, 0, 1, 2])).toEqual([{ side: 'below', toldAt: 2, overAt: null, farthestAt: 2 }])
})

test('it is over when two in a row are usual again, and flickering at a bound ends and begins nothing', () => {
  expect(departures([25, 25, 10, 19, 10, 21, 30, 10, 10, 10])).toEqual([
    { side: 'above', toldAt: 1, overAt: 8, farthestAt: 6 },
  ])
  expect(departures([25, 2, 25, 2])).toEqual([])
})

test('after it is over the next one is told anew', () => {
  expect(departures([25, 25, 10, 10, 0, 0]).map(({ side }) => side)).toEqual(['above', 'below'])
})

test('a missing value tells nothing, and a little too much is none', () => {
  expect(departures([25, Number.NaN, 25])).toMatchObject([{ toldAt: 2 }])
  expect(departures([25, 25, 25], 16)).toEqual([])
})
