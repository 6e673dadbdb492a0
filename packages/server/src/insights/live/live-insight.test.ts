import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { checkCall, openEventLog } from '../../ingestion/index.ts'
import { LiveCopy, MovementJournal } from '../../segments/index.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { LiveInsight } from './live-insight.ts'

let folder: string
let warehouse: Warehouse
let state: State
let insight: LiveInsight
let close: () => Promise<void>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-insight-'))
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  const onFailure = (error: unknown): void => {
    throw error
  }
  const journal = await MovementJournal.open(warehouse, { onFailure })
  const live = await LiveCopy.open({ warehouse, state, settle: async () => undefined, journal })
  insight = await LiveInsight.open({ warehouse, live, onFailure })
  close = async () => {
    await insight.stop()
    await live.stop()
    await journal.close()
  }
})

afterEach(async () => {
  await close()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const event = (messageId: string) => {
  const checked = checkCall({ type: 'track', event: 'Viewed', userId: 'ann', messageId }, undefined, Date.now())
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}
const counted = (): number => insight.snapshot().now.hours.reduce((sum, events) => sum + events, 0)
const isComplete = (): boolean => insight.snapshot().now.isComplete

test('what came before is taken in after what shall come first, and what comes meanwhile counts once', async () => {
  const before = await openEventLog(warehouse)
  await before.append([event('a'), event('b')])
  await before.close()
  const log = await openEventLog(warehouse, { onWritten: (events) => insight.written(events) })
  let goOn = (): void => undefined
  insight.begin(log.position, new Promise<void>((resolve) => (goOn = resolve)))
  await log.append([event('c')])
  await log.settle()
  expect([counted(), isComplete()]).toEqual([1, false])
  goOn()
  await vi.waitFor(() => expect([counted(), isComplete()]).toEqual([3, true]), 5000)
  await log.close()
})

test('its end does not wait for what it waits for', async () => {
  insight.begin(0, new Promise(() => undefined))
  await insight.stop()
  expect(isComplete()).toBe(false)
})
