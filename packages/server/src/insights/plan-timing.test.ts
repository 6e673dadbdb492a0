import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { shopTiming, timingsOf } from './plan-timing.ts'
import { addedUp, type Rhythm, type RhythmRow, rhythmFrom } from './rhythm.ts'

/** The rhythm of buyers, each a list of cells (weekday × 6 + band) that they ordered in. */
function rhythmOf(buyers: readonly (readonly number[])[]): Rhythm {
  const sums = new Map<string, RhythmRow & { orders: number; squares: number; crossed: number }>()
  for (const cells of buyers) {
    const own = new Map<string, { weekday: number | null; band: number | null; orders: number }>()
    for (const cell of cells) {
      const [weekday, band] = [Math.floor(cell / 6), cell % 6]
      for (const slot of [
        { weekday, band },
        { weekday, band: null },
        { weekday: null, band },
        { weekday: null, band: null },
      ]) {
        const key = JSON.stringify(slot)
        own.set(key, { ...slot, orders: (own.get(key)?.orders ?? 0) + 1 })
      }
    }
    for (const [key, { weekday, band, orders }] of own) {
      const sum = sums.get(key) ?? { weekday, band, orders: 0, squares: 0, crossed: 0 }
      sum.orders += orders
      sums.set(key, {
        ...sum,
        squares: sum.squares + orders * orders,
        crossed: sum.crossed + orders * cells.length,
      })
    }
  }
  return rhythmFrom([...sums.values()])
}

const once = (cell: number, buyers: number): number[][] => Array.from({ length: buyers }, () => [cell])
const evenly = (each: number): number[][] => Array.from({ length: 42 }, (_, cell) => once(cell, each)).flat()
const timings = (...segments: number[][][]) => {
  const rhythms = segments.map(rhythmOf)
  return timingsOf(rhythms, addedUp(rhythms)).map(({ timing }) => timing)
}

test('an even spread names no time, for the shop or a segment', () => {
  expect(timings(evenly(10), evenly(3))).toEqual([null, null])
  expect(shopTiming(rhythmOf(evenly(10)))).toMatchObject({ weekday: null, from: null })
})

test('a time that stands out in the shop holds for segments that do not differ from it', () => {
  const shop = [...evenly(20), ...once(3 * 6 + 4, 300)]
  const [many, few] = timings(shop, once(6 * 6 + 2, 2))
  expect(many).toMatchObject({ weekday: 'Thursday', from: 16, until: 20 })
  expect(few).toMatchObject({ weekday: 'Thursday', from: 16, until: 20 })
  expect(few!.words).toContain('these do not differ')
})

test('a segment that differs beyond chance has its own time', () => {
  const shop = [...evenly(20), ...once(3 * 6 + 4, 300)]
  const [, own] = timings(shop, once(6 * 6 + 2, 400))
  expect(own).toMatchObject({ weekday: 'Sunday', from: 8, until: 12 })
  expect(own!.words).toContain('67 % by their own 400 orders')
})

test('hours alone, or a weekday alone, are named alone', () => {
  const evenings = Array.from({ length: 7 }, (_, day) => once(day * 6 + 5, 40)).flat()
  expect(shopTiming(rhythmOf([...evenly(10), ...evenings]))).toMatchObject({ weekday: null, from: 20, until: 24 })
  const sundays = Array.from({ length: 6 }, (_, band) => once(36 + band, 40)).flat()
  expect(shopTiming(rhythmOf([...evenly(10), ...sundays]))).toMatchObject({ weekday: 'Sunday', from: null })
})

test('one customer who always orders at the same hour is no rule for the others', () => {
  const [timing] = timings([...evenly(10), new Array<number>(150).fill(20)])
  expect(timing).toBeNull()
  expect(timings([...evenly(10), ...once(20, 150)])[0]).not.toBeNull()
})

test('dates without a time of day name a weekday at most', () => {
  const midnights = Array.from({ length: 7 }, (_, day) => once(day * 6, day === 1 ? 200 : 50)).flat()
  expect(timings(midnights)[0]).toMatchObject({ weekday: 'Tuesday', from: null })
  const even = Array.from({ length: 7 }, (_, day) => once(day * 6, 50)).flat()
  const rhythm = rhythmOf(even)
  expect(timingsOf([rhythm], rhythm)[0]!.timingUnknownBecause).toContain('no time of day')
})

test('nobody’s orders tell nothing', () => {
  const nothing = rhythmOf([])
  expect(timingsOf([nothing], nothing)[0]).toMatchObject({ timing: null })
  expect(shopTiming(nothing)).toMatchObject({ weekday: null, from: null })
})

// 400 shops in which every time is alike, of buyers with several orders: at 5 %, more than 32 have a chance of 0.4 %.
test('a shop where every time is alike is told of one no more often than the error rate allows', () => {
  const random = seededRandom(11)
  let claims = 0
  for (let shop = 0; shop < 400; shop += 1) {
    const segments = Array.from({ length: 4 }, () =>
      rhythmOf(
        Array.from({ length: 60 }, () => Array.from({ length: 1 + random.integer(4) }, () => random.integer(42))),
      ),
    )
    if (timingsOf(segments, addedUp(segments)).some(({ timing }) => timing !== null)) claims += 1
  }
  expect(claims).toBeLessThanOrEqual(32)
})
