import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll } from 'vitest'
import { takeIn } from '../../packages/server/src/identity/graph.ts'
import { keyOf } from '../../packages/server/src/identity/identity.ts'
import { type IdentifyingEvent, linksOf } from '../../packages/server/src/identity/links-of.ts'
import { sever } from '../../packages/server/src/identity/unmerge.ts'
import { openState, type State } from '../../packages/server/src/state/index.ts'
import { count, prove } from './record.ts'

// What a shop's log can say of who did it, over few ids, so that most events meet others: aliases in chains and rings,
// shared browsers and devices, verified addresses of several users, ids of other alphabets.

const folder = mkdtempSync(join(tmpdir(), 'rapport-identity-proof-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const none = { call: 'track', userId: null, anonymousId: null, previousId: null, traits: null, deviceId: null }
const user = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'Ärger', '漢', 'g:h', '%')
const browser = fc.constantFrom('x1', 'x2', 'x3', 'x4', 'x5', 'x6')
const device = fc.option(fc.constantFrom('phone', 'tablet', 'kiosk'))
const part = (fields: Parameters<typeof fc.record>[0]): fc.Arbitrary<IdentifyingEvent> =>
  fc.record(fields).map((given) => ({ ...none, ...given }) as IdentifyingEvent)
const together = part({ userId: user, anonymousId: fc.option(browser), deviceId: device })
const alias = part({ call: fc.constant('alias'), userId: user, previousId: fc.oneof(user, browser) })
const email = part({
  ...{ call: fc.constant('identify'), userId: user, anonymousId: fc.option(browser) },
  traits: user.map((name) => JSON.stringify({ email: `${name}@s.example`, email_verified: true })),
})
const nameless = part({ anonymousId: browser, deviceId: device })
const events = fc.array(fc.oneof(together, together, alias, email, nameless), { minLength: 20, maxLength: 60 })

const sightingOf = (event: IdentifyingEvent, position: number) => {
  const { identities, links } = linksOf(event)
  return { identities: identities.map(keyOf), links, position, seenAt: 1000 + position }
}
const take = (state: State, batch: readonly IdentifyingEvent[], from = 1): Promise<unknown> =>
  state.transaction((queries) =>
    takeIn(
      queries,
      batch.map((event, at) => sightingOf(event, from + at)),
    ),
  )

let stores = 0
const freshStore = (): string => {
  stores += 1
  return mkdtempSync(join(folder, `${stores}-`))
}
async function graphOf(state: State): Promise<string> {
  const rows = await state.queries.selectFrom('identities').selectAll().orderBy('identity').execute()
  return rows.map(({ identity, customer_id, why }) => `${identity} → ${customer_id}: ${why}`).join('\n')
}

const graphs = 100

prove({
  name: 'identity-order',
  claim: `${graphs} random logs of 20 to 60 events, each taken in as written, and again shuffled, in batches, with a third of the events twice and the store closed and opened between batches: the same graph`,
  measure: async () => {
    let [different, all, moved] = [0, 0, 0]
    const shuffled = events.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length }),
        fc.subarray(list, { maxLength: Math.ceil(list.length / 3) }),
        fc.integer({ min: 1, max: 9 }),
      ),
    )
    for (const [list, order, twice, size] of fc.sample(shuffled, { numRuns: graphs, seed: 1 })) {
      const one = await openState(freshStore())
      for (const [at, event] of list.entries()) await take(one, [event], at + 1)
      const store = freshStore()
      const again = [...order, ...twice]
      for (let start = 0; start < again.length; start += size) {
        const state = await openState(store)
        await take(state, again.slice(start, start + size), start + 1)
        await state.close()
      }
      const other = await openState(store)
      const [expected, got] = [await graphOf(one), await graphOf(other)]
      if (expected !== got) different += 1
      moved += (await one.queries.selectFrom('customer_moves').selectAll().execute()).length
      all += list.length
      await one.close()
      await other.close()
    }
    return {
      figure: `${count(all)} events, ${different} of ${graphs} graphs different; customers that gained or lost identities on the way: ${count(moved)}`,
      isMet: different === 0 && moved > graphs,
    }
  },
})

prove({
  name: 'identity-unmerge',
  claim: `in ${graphs} random graphs two customers are joined by an alias and parted again: every identity is back where it was, and stays when the alias is seen again`,
  measure: async () => {
    let [joined, wrong] = [0, 0]
    for (const list of fc.sample(events, { numRuns: graphs, seed: 2 })) {
      const state = await openState(freshStore())
      await take(state, list)
      const users = await state.queries
        .selectFrom('identities')
        .selectAll()
        .where('identity', 'like', 'user:%')
        .execute()
      const [one] = users
      const other = users.find(({ customer_id }) => customer_id !== one!.customer_id)
      if (other) {
        const before = await graphOf(state)
        const ids = { userId: one!.identity.slice(5), previousId: other.identity.slice(5) }
        const event = { ...none, ...ids, call: 'alias' }
        await take(state, [event], 100)
        if ((await graphOf(state)) !== before) joined += 1
        await state.transaction((queries) => sever(queries, one!.identity, other.identity, 5000))
        // The alias also named a browser of that id, which stays known: alone, if nobody knew it before.
        const named = new Set(before.split('\n').map((line) => line.split(' → ')[0]))
        const known = (graph: string): string =>
          graph
            .split('\n')
            .filter((line) => named.has(line.split(' → ')[0]))
            .join('\n')
        if (known(await graphOf(state)) !== before) wrong += 1
        await take(state, [event], 101)
        if (known(await graphOf(state)) !== before) wrong += 1
      }
      await state.close()
    }
    return {
      figure: `${joined} pairs joined and parted; graphs that were not as before: ${wrong}`,
      isMet: joined >= 20 && wrong === 0,
    }
  },
})

prove({
  name: 'identity-household',
  claim: `${graphs} random households, up to 10 people on up to 9 shared browsers and devices, up to 60 events each: nobody is joined with anybody, and what two were seen with belongs to neither`,
  measure: async () => {
    const homes = fc.array(fc.oneof({ weight: 5, arbitrary: together }, nameless), { minLength: 10, maxLength: 60 })
    let [people, joined, owned, shared] = [0, 0, 0, 0]
    for (const list of fc.sample(homes, { numRuns: graphs, seed: 3 })) {
      const state = await openState(freshStore())
      await take(state, list)
      const seenWith = new Map<string, Set<string>>()
      for (const { links } of list.map((event) => linksOf(event))) {
        for (const { from, to } of links)
          seenWith.set(keyOf(from), (seenWith.get(keyOf(from)) ?? new Set()).add(to.value))
      }
      for (const { identity, customer_id } of await state.queries.selectFrom('identities').selectAll().execute()) {
        if (identity.startsWith('user:')) {
          people += 1
          if (identity !== `user:${customer_id}`) joined += 1
        } else if ((seenWith.get(identity)?.size ?? 0) > 1) {
          shared += 1
          if (customer_id !== identity) owned += 1
        }
      }
      await state.close()
    }
    return {
      figure: `${count(people)} people, ${joined} of them joined with another; ${count(shared)} shared browsers and devices, ${owned} of them given to somebody`,
      isMet: people > 3 * graphs && joined === 0 && shared > graphs && owned === 0,
    }
  },
})
