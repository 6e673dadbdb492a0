import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { profileEverybody } from './consent/everybody-profiled.contract.ts'
import { declareFeatures } from './features/index.ts'
import { checkCall, type EventLog, openEventLog } from './ingestion/index.ts'
import { StartedLive } from './start-live.ts'
import { openState, type State } from './state/index.ts'
import { openWarehouse, type Warehouse } from './warehouse/index.ts'

let folder: string
let warehouse: Warehouse
let state: State
let log: EventLog

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-start-live-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  state = await openState(folder)
  const value = { aggregate: 'count', from: { events: 'Product Viewed' }, window: { last: { count: 30, unit: 'day' } } }
  await declareFeatures(state.queries, [{ name: 'views', label: 'products viewed', value }])
  log = await openEventLog(warehouse, {})
})

afterEach(async () => {
  await log.close()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

async function append(events: number): Promise<void> {
  const all = Array.from({ length: events }, (_, n) => {
    const call = { type: 'track', event: 'Product Viewed', userId: 'ann', messageId: `${log.position} ${n}` }
    const checked = checkCall(call, undefined, Date.now())
    if (!('event' in checked)) throw new Error(checked.rejection.reason)
    return checked.event
  })
  for (let from = 0; from < all.length; from += 1000) await log.append(all.slice(from, from + 1000))
  await log.settle()
}

/** @returns how often it was written where everything is until the start was over */
async function writtenByStart(): Promise<number> {
  const live = await StartedLive.open({
    ...{ warehouse, state, settle: () => log.settle(), tell: () => undefined },
    onFailure: (error) => {
      throw error
    },
  })
  const save = vi.spyOn(live.copy, 'save')
  live.begin()
  await live.whole()
  await Promise.resolve()
  const times = save.mock.calls.length
  expect(live.copy.featuresOf('ann')).toEqual([{ name: 'views', value: log.position }])
  await live.stop()
  return times
}

test('what a start went on from is not written again where the log had little since, nor is anything lost by that', async () => {
  await append(3)
  expect(await writtenByStart()).toBe(1)
  expect(await writtenByStart()).toBe(0)
  await append(2)
  expect(await writtenByStart()).toBe(0)
  await append(10_001)
  expect(await writtenByStart()).toBe(1)
})
