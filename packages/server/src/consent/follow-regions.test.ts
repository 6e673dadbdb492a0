import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followIdentities } from '../identity/index.ts'
import { appendCalls, type EventLog, openEventLog } from '../ingestion/index.ts'
import { type LogFollower, openState, type State } from '../state/index.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { changeDefaults, consentsOf, followRegions, refreshStandingsOf, syncConsents } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-regions-'))
let warehouse: Warehouse
let state: State
let log: EventLog
let followers: LogFollower[]

beforeAll(async () => {
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  await syncConsents(warehouse, state)
  await changeDefaults(warehouse, state, { rule: 'by-region', declared: null })
  log = await openEventLog(warehouse)
  const onMove = async (ids: readonly string[]): Promise<void> => {
    await refreshStandingsOf(warehouse, ids, { areMoved: true })
  }
  followers = [await followRegions(warehouse), await followIdentities(warehouse, state, onMove)]
})
afterAll(async () => {
  await log.close()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

async function take(call: object): Promise<void> {
  await appendCalls(log, [call])
  for (const follower of followers) await follower.catchUp(log.position)
}

async function standing(customer: string): Promise<[string, boolean]> {
  const { region, standings } = await consentsOf(warehouse, state, customer)
  return [region, standings.find(({ purpose }) => purpose === 'profiling')!.isGranted]
}
const livesIn = (country: string) => ({ type: 'identify', traits: { address: { country } } })

test('who says where they live has the defaults of that region at once, also after a move', async () => {
  expect(await standing('ann')).toEqual(['unknown', false])
  await take({ ...livesIn('US'), userId: 'ann' })
  expect(await standing('ann')).toEqual(['opt-out', true])
  await take({ ...livesIn('DE'), userId: 'ann' })
  expect(await standing('ann')).toEqual(['opt-in', false])
  await take({ type: 'identify', userId: 'bob', traits: { country: 'US' } })
  expect([await standing('ann'), await standing('bob')]).toEqual([
    ['opt-in', false],
    ['opt-out', true],
  ])
})

test('where a browser was seen holds for the customer whose it turns out to be', async () => {
  const seen = { type: 'track', event: 'A', anonymousId: 'b', context: { location: { country: 'US' } } }
  await take(seen)
  expect(await standing('anonymous:b')).toEqual(['opt-out', true])
  await take({ type: 'identify', userId: 'cleo', anonymousId: 'b' })
  expect(await standing('cleo')).toEqual(['opt-out', true])
})
