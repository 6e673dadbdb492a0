import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkCall, openEventLog } from '../ingestion/index.ts'
import { onEachDatabase } from '../state/each-database.contract.ts'
import { openState } from '../state/index.ts'
import { openWarehouse } from '../warehouse/index.ts'
import { followIdentities } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-follow-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const event = (call: object) => {
  const checked = checkCall(call, undefined, Date.now())
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}

test('what the log says of identities is in the map, also after a restart, and a merge moves the past', async () => {
  const map = 'select received_id, customer_id from identity_map order by received_id'
  for (const run of [1, 2]) {
    const warehouse = await openWarehouse(folder)
    const state = await openState(folder)
    const log = await openEventLog(warehouse)
    const identities = await followIdentities(warehouse, state)
    await log.append([
      event({ type: 'page', anonymousId: 'x', messageId: '1' }),
      event({ type: 'track', event: 'Signed In', anonymousId: 'x', userId: 'ann', messageId: '2' }),
      event({ type: 'page', anonymousId: 'y', messageId: '3' }),
    ])
    await log.settle()
    await identities.catchUp(log.position)
    await log.settle()
    await identities.catchUp(log.position)
    expect([run, await warehouse.rows(map)]).toEqual([run, [{ received_id: 'anonymous:x', customer_id: 'ann' }]])
    const whose = 'select customer_id, count(*) as n from known_events group by all order by 1'
    expect(await warehouse.rows(whose)).toEqual([
      { customer_id: 'ann', n: 2 },
      { customer_id: 'anonymous:y', n: 1 },
    ])
    if (run === 2) {
      await log.append([event({ type: 'alias', previousId: 'ann', userId: 'ann-2', messageId: '4' })])
      await log.settle()
      await identities.catchUp(log.position)
      expect(await warehouse.rows(map)).toContainEqual({ received_id: 'ann', customer_id: 'ann-2' })
      expect(await warehouse.rows(map)).toContainEqual({ received_id: 'anonymous:x', customer_id: 'ann-2' })
    }
    await log.close()
    await state.close()
    await warehouse.close()
  }
})

onEachDatabase((fresh) => {
  test('an old log with texts that are no JSON, and ids with odd characters, is followed to its end', async () => {
    const store = mkdtempSync(join(folder, 'old-'))
    const warehouse = await openWarehouse(store)
    const state = await fresh()
    const log = await openEventLog(warehouse)
    await log.append([
      event({ type: 'page', anonymousId: 'a', userId: 'ann', messageId: '1' }),
      event({ type: 'page', anonymousId: 'b', userId: 'bob', messageId: '2' }),
      event({ type: 'identify', anonymousId: 'c', userId: 'cem', messageId: '3', traits: { email: 'c@s.example' } }),
      event({ type: 'page', anonymousId: 'd', userId: 'dan', messageId: '4', context: { device: { id: 'phone' } } }),
    ])
    await log.settle()
    const { position } = log
    await log.close()
    await warehouse.run(
      "update events set anonymous_id = 'b' || chr(0), customer_id = 'bob' || chr(0) where anonymous_id = 'b'",
    )
    await warehouse.run(`update events set context = '{"device":{"id":"\\ud800' where anonymous_id = 'a'`)
    await warehouse.run(`update events set properties = '{"email":' where anonymous_id = 'c'`)
    const identities = await followIdentities(warehouse, state)
    const failed = await identities.catchUp(position)
    expect(failed.map(({ follower, position: at }) => [follower, at])).toEqual([['identity', 3]])
    const map = await warehouse.rows<{ received_id: string; customer_id: string }>('from identity_map order by 1')
    expect(map.map(({ received_id, customer_id }) => [received_id, customer_id])).toEqual([
      ['anonymous:a', 'ann'],
      ['anonymous:d', 'dan'],
    ])
    await warehouse.close()
  })
})
