import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Timed, Timers } from './timers.ts'

it('gives what is due in the order of its moments, wherever it was moved before', () => {
  const moves = fc.array(fc.tuple(fc.nat(9), fc.oneof(fc.nat(50), fc.constant(Infinity))), {
    maxLength: 3000,
    size: 'max',
  })
  fc.assert(
    fc.property(moves, fc.nat(50), (moved, by) => {
      const timers = new Timers<Timed>()
      const items: Timed[] = Array.from({ length: 10 }, () => ({ dueAt: Infinity }))
      for (const [item, dueAt] of moved) timers.set(items[item]!, dueAt)
      const expected = items.map(({ dueAt }) => dueAt).filter((dueAt) => dueAt <= by)
      const waiting = items.filter(({ dueAt }) => dueAt > by && dueAt !== Infinity).length
      const taken: number[] = []
      const before = new Map(items.map((item) => [item, item.dueAt]))
      for (let item = timers.take(by); item !== undefined; item = timers.take(by)) taken.push(before.get(item)!)
      expect(taken).toEqual(expected.sort((left, right) => left - right))
      // What was left behind by moves is thrown out in time.
      expect(timers.size).toBeLessThanOrEqual(2 * waiting + 2 * 1024 + 2)
    }),
  )
})
