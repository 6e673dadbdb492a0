import { expect, it } from 'vitest'
import type { Due } from './affected.ts'
import type { Evaluation } from './evaluation.ts'
import { WatchMoments } from './watch-moments.ts'

const due = (place: number, at: number, isPart = false): Due => ({ place, next: () => at, isPart })
const set = (moments: WatchMoments, customer: number, watches: readonly Due[]): void =>
  moments.set(customer, watches, {} as Evaluation, { leafValue: () => null, leafChangesAt: () => Infinity })

it('knows of each customer what is due, and when the first is', () => {
  const moments = new WatchMoments(3)
  expect(moments.first(2000)).toBe(Infinity)
  set(moments, 2000, [due(0, 50), due(2, 30)])
  set(moments, 7, [due(1, 10)])
  expect([moments.first(2000), moments.first(7), moments.first(8)]).toEqual([30, 10, Infinity])
  expect([moments.due(2000, 29), moments.due(2000, 50)]).toEqual([[], [0, 2]])
})

it('keeps the moment that was said for leaves which were not looked at', () => {
  const moments = new WatchMoments(1)
  set(moments, 0, [due(0, 50)])
  set(moments, 0, [due(0, 90, true)])
  expect(moments.first(0)).toBe(50)
  set(moments, 0, [due(0, 20, true)])
  expect(moments.first(0)).toBe(20)
  set(moments, 0, [due(0, 90)])
  expect(moments.first(0)).toBe(90)
})
