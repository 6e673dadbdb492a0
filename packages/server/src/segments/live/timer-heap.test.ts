import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TimerHeap } from './timer-heap.ts'

it('has the earliest at hand, whatever was set, moved and taken away', () => {
  const change = fc.tuple(fc.nat({ max: 200 }), fc.oneof(fc.nat({ max: 20 }), fc.constant(Infinity)))
  const before = fc.array(fc.oneof(fc.nat({ max: 20 }), fc.constant(null)), { maxLength: 200 })
  fc.assert(
    fc.property(before, fc.array(change, { maxLength: 400 }), (moments, changes) => {
      const heap = new TimerHeap((who, other) => who < other)
      heap.setAll(moments)
      const due = new Map<number, number>()
      moments.forEach((at, who) => {
        if (at !== null) due.set(who, at)
      })
      expect(heap.first?.at).toBe(due.size === 0 ? undefined : Math.min(...due.values()))
      for (const [who, at] of changes) {
        heap.set(who, at)
        if (at === Infinity) due.delete(who)
        else due.set(who, at)
        const [first] = [...due].sort((left, right) => left[1] - right[1] || left[0] - right[0])
        expect(heap.first).toEqual(first === undefined ? undefined : { who: first[0], at: first[1] })
        expect(heap.dueAt(who)).toBe(at)
      }
    }),
  )
})
