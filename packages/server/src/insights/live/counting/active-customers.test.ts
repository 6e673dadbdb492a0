import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ActiveCustomers } from './active-customers.ts'

const minute = 60_000

const history = fc.array(fc.tuple(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 9 })), { maxLength: 100 })

test('is the same as looking through everything that happened', () => {
  fc.assert(
    fc.property(history, (seen) => {
      const active = new ActiveCustomers()
      for (const [at, who] of seen) active.see(`c${who}`, at * minute + 7)
      const since = (from: number): number => new Set(seen.flatMap(([at, who]) => (at >= from ? [who] : []))).size
      expect(active.now(120 * minute, 60 * minute)).toEqual({
        ...{ fiveMinutes: since(116), halfHour: since(91), today: since(60), isAtLeast: false },
      })
    }),
  )
})

test('who signs in is no second customer, and who was seen before today is forgotten', () => {
  const active = new ActiveCustomers()
  active.see('anonymous:b1', 100 * minute)
  active.see('ann', 101 * minute)
  active.see('bob', 10 * minute)
  const customers = new Map([['anonymous:b1', 'ann']])
  for (const _ of active.renew((id) => customers.get(id) ?? id, 60 * minute));
  expect(active.now(101 * minute, 0)).toEqual({ fiveMinutes: 1, halfHour: 1, today: 1, isAtLeast: false })
})

test('of more customers than are told apart it is said that they are at least so many', () => {
  const active = new ActiveCustomers(2)
  for (const id of ['a', 'b', 'c']) active.see(id, 5 * minute)
  expect(active.now(5 * minute, 0)).toMatchObject({ today: 2, isAtLeast: true })
  expect(active.now(30 * minute, 10 * minute).isAtLeast).toBe(false)
})
