import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followIdentities, partIdentities } from '../identity/index.ts'
import { appendCalls, type EventLog, openEventLog } from '../ingestion/index.ts'
import { type LogFollower, openState, type State } from '../state/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { findCustomers, profileCustomer, timelineOf } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-profile-'))
let warehouse: Warehouse
let state: State
let log: EventLog
let identities: LogFollower

beforeAll(async () => {
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  log = await openEventLog(warehouse)
  identities = await followIdentities(warehouse, state)
})
afterAll(async () => {
  await log.close()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

async function happens(call: object): Promise<void> {
  await appendCalls(log, [call])
  await identities.catchUp(log.position)
}

/** An analysis that ended now and took no time. */
const analysed = (): Promise<void> =>
  warehouse.run(
    `insert into analyses select coalesce(max(analysis_id), 0) + 1, $at, $at, '{"timings":[]}' from analyses`,
    { at: { instant: Date.now() - 1 } },
  )
const isBeforeMove = async (id: string) => (await profileCustomer(warehouse, state, id)).analysis?.isBeforeMove

test('scores of before a merge or an unmerge say so until the next analysis, of both customers', async () => {
  await happens({ type: 'track', event: 'A', userId: 'old', anonymousId: 'b' })
  await happens({ type: 'track', event: 'A', userId: 'new' })
  await analysed()
  expect([await isBeforeMove('old'), await isBeforeMove('new')]).toEqual([false, false])
  await happens({ type: 'alias', userId: 'new', previousId: 'old' })
  expect(await isBeforeMove('new')).toBe(true)
  expect((await profileCustomer(warehouse, state, 'new')).timeline.occurrences).toHaveLength(3)
  await new Promise((wait) => setTimeout(wait, 5))
  await analysed()
  expect(await isBeforeMove('new')).toBe(false)
  await partIdentities(warehouse, state, 'user:old', 'user:new')
  expect([await isBeforeMove('old'), await isBeforeMove('new')]).toEqual([true, true])
  // What is read as of now is right at once.
  expect((await profileCustomer(warehouse, state, 'old')).timeline.occurrences).toHaveLength(1)
})

test('an imported customer is the one who sends events under that id, and not who has the same address', async () => {
  await warehouse.run("insert into customers (customer_id, batch_id, email) values ('c1', 1, 'ann@s.example')")
  await happens({ type: 'track', event: 'A', userId: 'c1', anonymousId: 'b1' })
  const traits = { email: 'ann@s.example', emailVerified: true }
  await happens({ type: 'identify', userId: 'c2', traits })
  const profile = await profileCustomer(warehouse, state, 'c1')
  expect(profile.traits['email']).toBe('ann@s.example')
  expect(profile.identities.map(({ identity }) => identity)).toEqual(['anonymous:b1', 'user:c1'])
  const { customers } = await findCustomers(warehouse, { search: 'ann@', after: '', limit: 10 })
  expect(customers.map(({ customerId }) => customerId)).toEqual(['c1', 'c2'])
  await happens({ type: 'identify', userId: 'c1', traits })
  expect((await findCustomers(warehouse, { search: 'ann@', after: '', limit: 10 })).customers).toHaveLength(1)
})

test('keys of events of one moment are compared as numbers, since writing all as text takes seconds', async () => {
  for (const key of [9, 10, 11])
    await warehouse.run(
      `insert into events (event_key, batch_id, customer_id, call, name, occurred_at, received_at, repeats_ids)
       values (${key}, 1, 'tied', 'track', 'Event ${key}', '2026-02-01', '2026-02-01', false)`,
    )
  const first = await timelineOf(warehouse, 'tied', { limit: 2 })
  expect(first.occurrences.map(({ name }) => name)).toEqual(['Event 11', 'Event 10'])
  const second = await timelineOf(warehouse, 'tied', { limit: 2, before: first.next! })
  expect([second.occurrences.map(({ name }) => name), second.next]).toEqual([['Event 9'], null])
})

test("Segment's trait name is what somebody is called who gives no first and last name, and the name of no product", async () => {
  await happens({ type: 'identify', userId: 'n1', traits: { name: 'Grace Hopper' } })
  await happens({ type: 'group', userId: 'n1', groupId: 'navy', traits: { name: 'The Navy' } })
  await happens({ type: 'track', event: 'Product Viewed', userId: 'n1', properties: { name: 'Compiler' } })
  await happens({ type: 'identify', userId: 'n2', traits: { name: 'G.', firstName: 'Ada', lastName: 'Lovelace' } })
  const profile = await profileCustomer(warehouse, state, 'n1')
  expect(profile.traits).toMatchObject({ name: 'Grace Hopper', first_name: null, last_name: null })
  const products = profile.timeline.occurrences.map(({ call, productName }) => [call, productName])
  expect(products.sort()).toEqual([
    ['group', null],
    ['identify', null],
    ['track', 'Compiler'],
  ])
  const found = async (search: string) =>
    (await findCustomers(warehouse, { search, after: '', limit: 10 })).customers.map(({ customerId, name }) => [
      ...[customerId, name],
    ])
  expect(await found('hopper')).toEqual([['n1', 'Grace Hopper']])
  expect(await found('lovelace')).toEqual([['n2', 'Ada Lovelace']])
})
