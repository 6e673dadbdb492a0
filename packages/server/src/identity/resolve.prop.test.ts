import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Identity, keyOf, type Link } from './identity.ts'
import { resolve } from './resolve.ts'

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
const user = id.map((value): Identity => ({ kind: 'user', value }))
const email = id.map((value): Identity => ({ kind: 'email', value }))
const browser = fc.record({ kind: fc.constantFrom('anonymous' as const, 'device' as const), value: id })
const link: fc.Arbitrary<Link> = fc.oneof(
  fc.record({ from: user, to: user, reason: fc.constant('alias' as const) }),
  fc.record({ from: browser, to: user, reason: fc.constantFrom('alias' as const, 'together' as const) }),
  fc.record({ from: user, to: email, reason: fc.constant('email' as const) }),
)
const links = fc.array(link, { maxLength: 25 })
const customers = (list: readonly Link[]) => [...resolve([], list)].sort(([a], [b]) => (a < b ? -1 : 1))

test('any order of the same links gives the same customers', () => {
  fc.assert(
    fc.property(
      links.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, shuffled]) => {
        expect(customers(shuffled)).toEqual(customers(list))
      },
    ),
  )
})

test('a link seen again changes nothing', () => {
  fc.assert(
    fc.property(links, (list) => {
      expect(customers([...list, ...list])).toEqual(customers(list))
    }),
  )
})

test('aliases join, also through a chain or a ring of them', () => {
  fc.assert(
    fc.property(fc.uniqueArray(id, { minLength: 2 }), fc.boolean(), (ids, isRing) => {
      const chain = ids.slice(1).map((to, step): Link => alias(ids[step]!, to))
      const all = isRing ? [...chain, alias(ids.at(-1)!, ids[0]!)] : chain
      const joined = new Set([...resolve([], all).values()].map(({ customerId }) => customerId))
      expect([...joined]).toEqual([isRing ? [...ids].sort()[0] : ids.at(-1)])
    }),
  )
})

test('a browser or device never joins users, however many it is seen with', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ from: browser, to: user, reason: fc.constant('together' as const) })), (seen) => {
      for (const [key, { customerId }] of resolve([], seen)) {
        if (key.startsWith('user:')) expect(`user:${customerId}`).toBe(key)
      }
    }),
  )
})

test('an identity belongs to a customer of the same component, or is its own', () => {
  fc.assert(
    fc.property(links, (list) => {
      const placed = resolve([], list)
      const names = new Set([...placed.keys()].filter((key) => key.startsWith('user:')).map((key) => key.slice(5)))
      for (const [key, { customerId }] of placed) expect(names.has(customerId) || customerId === key).toBe(true)
    }),
  )
})

test('taking links away and bringing them back restores every customer', () => {
  fc.assert(
    fc.property(links, links, (kept, severed) => {
      const before = customers([...kept, ...severed])
      const all = new Map([...kept, ...severed].map((one) => [JSON.stringify(one), one]))
      for (const one of severed) all.delete(JSON.stringify(one))
      for (const one of severed) all.set(JSON.stringify(one), one)
      expect(customers([...all.values()])).toEqual(before)
    }),
  )
})

const alias = (from: string, to: string): Link => ({
  ...{ from: { kind: 'user', value: from }, to: { kind: 'user', value: to } },
  reason: 'alias',
})

test('keys are one-to-one, whatever the value holds', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const [a, b] = [keyOf({ kind: 'user', value: one }), keyOf({ kind: 'user', value: other })]
      expect(a === b).toBe(one === other)
    }),
  )
})
