import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { onStandings, refreshStandingsOf, type TouchedCustomers } from '../../consent/index.ts'
import { followIdentities, partIdentities } from '../../identity/index.ts'
import { checkCall, openEventLog } from '../../ingestion/index.ts'
import { openState } from '../../state/index.ts'
import { openWarehouse } from '../../warehouse/index.ts'
import { Whose } from './whose.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-whose-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const event = (call: object) => {
  const checked = checkCall(call, undefined, Date.now())
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}

test('whose an id is follows merges and unmerges, and who may be profiled what they decided', async () => {
  const warehouse = await openWarehouse(folder)
  const state = await openState(folder)
  const log = await openEventLog(warehouse)
  const whose = await Whose.open(warehouse)
  const told: TouchedCustomers[] = []
  const stop = onStandings(warehouse, async (touched) => {
    told.push(touched)
    await whose.refresh(touched)
  })
  const identities = await followIdentities(warehouse, state, async (ids) => {
    await refreshStandingsOf(warehouse, ids, { areMoved: true })
  })
  const follow = async (...calls: readonly object[]) => {
    await log.append(calls.map(event))
    await log.settle()
    await identities.catchUp(log.position)
  }

  await follow({ type: 'page', anonymousId: 'x', messageId: '1' })
  expect(whose.customerOf('anonymous:x')).toBe('anonymous:x')
  await follow({ type: 'track', event: 'Signed In', anonymousId: 'x', userId: 'ann', messageId: '2' })
  expect(whose.customerOf('anonymous:x')).toBe('ann')
  expect(told.flat()).toEqual(expect.arrayContaining(['ann', 'anonymous:x']))
  await follow({ type: 'alias', previousId: 'ann', userId: 'anna', messageId: '3' })
  expect(['anonymous:x', 'ann'].map((id) => whose.customerOf(id))).toEqual(['anna', 'anna'])

  expect(whose.isProfiled('anna')).toBe(false)
  const said = `insert into consents values ('ann', 'profiling', true, 'consent', now(), 1)`
  await warehouse.run(said)
  await refreshStandingsOf(warehouse, ['ann'])
  expect(['anna', 'ann', 'zoe'].map((id) => whose.isProfiled(id))).toEqual([true, false, false])

  await partIdentities(warehouse, state, 'user:ann', 'user:anna')
  await refreshStandingsOf(warehouse, ['ann', 'anna'], { areMoved: true })
  expect(['anonymous:x', 'ann', 'anna'].map((id) => whose.customerOf(id))).toEqual(['ann', 'ann', 'anna'])
  expect(['anna', 'ann'].map((id) => whose.isProfiled(id))).toEqual([false, true])
  const again = await Whose.open(warehouse)
  expect(['anonymous:x', 'ann', 'anna'].map((id) => again.customerOf(id))).toEqual(['ann', 'ann', 'anna'])

  stop()
  await log.close()
  await state.close()
  await warehouse.close()
})

test('what was read of everybody earlier does not take the place of what was read of somebody later', async () => {
  const home = mkdtempSync(join(tmpdir(), 'rapport-whose-'))
  const warehouse = await openWarehouse(home)
  let isRead: () => void = () => undefined
  const reading = new Promise<void>((resolve) => {
    isRead = resolve
  })
  // The rows of everybody are there, and arrive late.
  const slow = new Proxy(warehouse, {
    get: (of, name: keyof typeof warehouse) => {
      if (name !== 'columns') return typeof of[name] === 'function' ? of[name].bind(of) : of[name]
      return async (...given: Parameters<typeof of.columns>) => {
        const found = await of.columns(...given)
        if (!given[0].includes('staged_whose')) {
          isRead()
          await new Promise((resolve) => setTimeout(resolve, 200))
        }
        return found
      }
    },
  })
  const whose = await Whose.open(slow)
  const everybody = whose.refresh('everybody')
  await reading
  await new Promise((resolve) => setTimeout(resolve, 50))
  await warehouse.run("insert into profiling_exceptions values ('eve')")
  await Promise.all([everybody, whose.refresh(['eve'])])
  expect(whose.isProfiled('eve')).toBe(true)
  await warehouse.close()
  rmSync(home, { recursive: true, force: true })
})

test('tells who was given ids and nothing else', async () => {
  const warehouse = await openWarehouse(mkdtempSync(join(folder, 'gained-')))
  await profileEverybody(warehouse)
  const map = (pairs: Readonly<Record<string, string>>) =>
    warehouse.run(
      `delete from identity_map; ${Object.entries(pairs)
        .map(([id, customer]) => `insert into identity_map values ('${id}', '${customer}', make_timestamptz(0));`)
        .join('')}`,
    )
  const except = (...ids: readonly string[]) =>
    warehouse.run(
      `delete from profiling_exceptions; ${ids.map((id) => `insert into profiling_exceptions values ('${id}');`).join('')}`,
    )
  const whose = await Whose.open(warehouse)
  const gained = async (...touched: readonly string[]) => Object.fromEntries(await whose.refresh(touched))

  await map({ 'anonymous:new': 'ann' })
  expect(await gained('ann', 'anonymous:new', 'bob')).toEqual({ ann: ['anonymous:new'], bob: [] })
  expect(await gained('ann')).toEqual({ ann: [] })
  await map({ 'anonymous:new': 'bob' })
  expect(await gained('ann', 'bob', 'anonymous:new')).toEqual({})
  await map({ 'anonymous:new': 'bob', bob: 'ann' })
  expect(await gained('ann', 'bob', 'anonymous:new')).toEqual({ ann: ['bob'] })
  await map({})
  expect(await gained('ann', 'bob', 'anonymous:new')).toEqual({})

  await except('anonymous:shy', 'zoe')
  expect(await gained('anonymous:shy', 'zoe')).toEqual({})
  await except()
  await map({ 'anonymous:shy': 'ann', 'anonymous:other': 'zoe' })
  expect(await gained('ann', 'anonymous:shy', 'zoe', 'anonymous:other')).toEqual({})
  await warehouse.close()
})
