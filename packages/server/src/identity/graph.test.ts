import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onEachDatabase } from '../state/each-database.contract.ts'
import type { State } from '../state/index.ts'
import { takeIn } from './graph.ts'
import { keyOf } from './identity.ts'
import { type IdentifyingEvent, linksOf } from './links-of.ts'
import { resolve } from './resolve.ts'
import { sever } from './unmerge.ts'

const none = { call: 'track', userId: null, anonymousId: null, previousId: null, traits: null, deviceId: null }
const seen = (part: Partial<IdentifyingEvent>, position = 1) => {
  const { identities, links } = linksOf({ ...none, ...part })
  return { identities: identities.map(keyOf), links, position, seenAt: 1000 + position }
}
const customersOf = async (state: State) =>
  Object.fromEntries(
    (await state.queries.selectFrom('identities').selectAll().execute()).map((row) => [row.identity, row.customer_id]),
  )

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const event: fc.Arbitrary<Partial<IdentifyingEvent>> = fc.oneof(
  fc.record({ userId: id, anonymousId: id.map((value) => `x${value}`) }),
  fc.record({ userId: id, previousId: id, call: fc.constant('alias') }),
  fc.record({
    userId: id,
    call: fc.constant('identify'),
    traits: id.map((name) => JSON.stringify({ email: `${name}@s.example`, email_verified: true })),
  }),
  fc.record({ anonymousId: id.map((value) => `x${value}`) }),
)

onEachDatabase((fresh) => {
  test('taken in one by one, in batches, twice or in any order, the graph is the one of all its links', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (events, size) => {
          const state = await fresh()
          const sightings = events.map((part, at) => seen(part, at + 1))
          for (let start = 0; start < sightings.length; start += size) {
            await state.transaction((queries) => takeIn(queries, sightings.slice(start, start + size)))
          }
          await state.transaction((queries) => takeIn(queries, [...sightings].reverse()))
          const all = resolve(
            sightings.flatMap(({ identities }) => identities),
            sightings.flatMap(({ links }) => links),
          )
          expect(await customersOf(state)).toEqual(
            Object.fromEntries([...all].map(([key, { customerId }]) => [key, customerId])),
          )
        },
      ),
      { numRuns: 12 },
    )
  })

  test.each([
    ['of three bytes a character', '漢'],
    ['of four bytes a character', '🦜'],
    ['that JSON writes longer', '\u0001'],
  ])('ids as long as the wire takes them, %s, are linked and parted', async (_, character) => {
    const state = await fresh()
    // Without a pattern, so that the database cannot make them shorter.
    const long = (start: string) =>
      start +
      Array.from({ length: 510 }, (_, at) =>
        at % 3 === 0 ? character : String.fromCharCode(0x4e00 + ((at * 7919) % 20_000)),
      )
        .join('')
        .slice(0, 508)
    const [user, browser, old] = [long('u'), long('b'), long('o')]
    await state.transaction((queries) =>
      takeIn(queries, [
        seen({ userId: user, anonymousId: browser, deviceId: long('d') }),
        seen({ call: 'alias', userId: user, previousId: old }, 2),
      ]),
    )
    const joined = await customersOf(state)
    expect([joined[`anonymous:${browser}`], joined[`user:${old}`]]).toEqual([user, user])
    await state.transaction((queries) => sever(queries, `user:${old}`, `user:${user}`, 5000))
    expect((await customersOf(state))[`user:${old}`]).toBe(old)
  })

  test('what moved is told: a browser that signs in, and nothing when it is seen again', async () => {
    const state = await fresh()
    await state.transaction((queries) => takeIn(queries, [seen({ anonymousId: 'x' })]))
    const moved = await state.transaction((queries) => takeIn(queries, [seen({ anonymousId: 'x', userId: 'ann' }, 2)]))
    expect(moved).toEqual([
      { identity: 'user:ann', from: undefined, to: 'ann' },
      { identity: 'anonymous:x', from: 'anonymous:x', to: 'ann' },
    ])
    expect(
      await state.transaction((queries) => takeIn(queries, [seen({ anonymousId: 'x', userId: 'ann' }, 3)])),
    ).toEqual([])
  })

  test('unmerging parts what a link joined, restores both, and the same link does not join them again', async () => {
    const state = await fresh()
    const events = [seen({ userId: 'old', anonymousId: 'x' }), seen({ userId: 'new', anonymousId: 'y' }, 2)]
    await state.transaction((queries) => takeIn(queries, events))
    const before = await customersOf(state)
    const alias = seen({ call: 'alias', userId: 'new', previousId: 'old' }, 3)
    await state.transaction((queries) => takeIn(queries, [alias]))
    expect(await customersOf(state)).toMatchObject({ 'user:old': 'new', 'anonymous:x': 'new' })
    const moved = await state.transaction((queries) => sever(queries, 'user:old', 'user:new', 5000))
    expect(moved.map(({ identity, to }) => [identity, to])).toEqual([
      ['user:old', 'old'],
      ['anonymous:old', 'anonymous:old'],
      ['anonymous:x', 'old'],
    ])
    expect(await customersOf(state)).toMatchObject(before)
    await state.transaction((queries) => takeIn(queries, [alias]))
    expect(await customersOf(state)).toMatchObject(before)
  })
})

test('an address that nobody verified is no identity', () => {
  const traits = JSON.stringify({ email: 'a@b.example' })
  expect(linksOf({ ...none, call: 'identify', userId: 'a', traits }).links).toEqual([])
})
