import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { declareFeatures } from '../../features/index.ts'
import { checkCall, type EventLog, openEventLog } from '../../ingestion/index.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import type { KeptMovement } from '../movements/kept-movement.ts'
import { MovementJournal } from '../movements/movement-journal.ts'
import { explainNow } from '../now/customer-now.ts'
import { LiveCopy } from './live-copy.ts'
import { keepList } from './stored-lists.ts'
import { declareSegments } from './stored-segment-definitions.ts'

const views = { aggregate: 'count', from: { events: 'Product Viewed' }, window: { last: { count: 2, unit: 'hour' } } }
const abandoned = {
  sequence: {
    first: { events: 'Product Added' },
    never: { events: 'Order Completed' },
    within: { count: 1, unit: 'hour' },
  },
}

let folder: string
let warehouse: Warehouse
let state: State
let log: EventLog
let copy: LiveCopy
let journal: MovementJournal
let moved: KeptMovement[]
let said: string[]

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2024, 4, 15, 12) })
  folder = mkdtempSync(join(tmpdir(), 'rapport-live-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  state = await openState(folder)
  await declareFeatures(state.queries, [{ name: 'views_2h', label: 'products viewed in two hours', value: views }])
  await declareSegments(state.queries, [
    { id: 'rule.keen', name: 'Keen', words: 'looks a lot', rule: { feature: 'views_2h', op: '>=', value: 3 } },
    { id: 'rule.left', name: 'Left', words: 'left a cart', rule: { feature: abandoned, op: '>=', value: 1 } },
  ])
  await start()
})

afterEach(async () => {
  await stop()
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
  vi.useRealTimers()
})

async function start(): Promise<void> {
  moved = []
  said = []
  journal = await MovementJournal.open(warehouse, {
    onFailure: (error) => {
      throw error
    },
  })
  journal.onTold((movements) => moved.push(...movements))
  copy = await LiveCopy.open({
    ...{ warehouse, state, settle: async () => log?.settle(), journal },
    onStart: (text) => said.push(text),
  })
  log = await openEventLog(warehouse, { onWritten: (events) => copy.written(events) })
  await copy.build()
}

async function stop(): Promise<void> {
  await copy.stop()
  await log.close()
  await journal.close()
}

let messages = 0
function event(name: string) {
  messages += 1
  const call = { type: 'track', event: name, userId: 'ann', messageId: `l${messages}` }
  const checked = checkCall(call, undefined, Date.now())
  if (!('event' in checked)) throw new Error(checked.rejection.reason)
  return checked.event
}
const pass = (minutes: number) => vi.setSystemTime(Date.now() + minutes * 60_000)

it('has somebody in a segment before the event is acknowledged, and time alone takes them out again', async () => {
  await log.append([event('Product Viewed'), event('Product Viewed')])
  expect(copy.segmentsOf('ann')).toEqual([])
  await log.append([event('Product Viewed')])
  await journal.flush()
  expect(moved).toMatchObject([
    { segment: 'rule.keen', customer: 'ann', isEntry: true, reason: { because: 'event', clauses: [{ value: 3 }] } },
  ])
  expect(copy.segmentsOf('ann')).toEqual(['rule.keen'])
  expect(copy.featuresOf('ann')).toEqual([{ name: 'views_2h', value: 3 }])
  // Then an event has looked at only what it touched.
  expect(copy.standing().values.batches).toBeTypeOf('number')
  pass(119)
  expect(copy.segmentsOf('ann')).toEqual(['rule.keen'])
  pass(2)
  expect(copy.segmentsOf('ann')).toEqual([])
  await journal.flush()
  expect(moved.at(-1)).toMatchObject({
    ...{ segment: 'rule.keen', isEntry: false, at: Date.UTC(2024, 4, 15, 14) },
    reason: { because: 'time' },
  })
})

it('goes on from now once a clock that had run ahead is set back', async () => {
  await log.append([event('Product Viewed'), event('Product Viewed'), event('Product Viewed')])
  pass(60 * 24 * 365)
  expect(copy.segmentsOf('ann')).toEqual([])
  pass(-60 * 24 * 365)
  await log.settle()
  await copy.catchUp((await warehouse.rows<{ position: number }>('select position from log_cursor'))[0]!.position)
  expect(copy.featuresOf('ann')).toEqual([{ name: 'views_2h', value: 3 }])
  expect(copy.segmentsOf('ann')).toEqual(['rule.keen'])
  pass(121)
  expect(copy.segmentsOf('ann')).toEqual([])
})

it('has an abandoned cart when its hour is over, and says by which event', async () => {
  await log.append([event('Product Added')])
  expect(copy.segmentsOf('ann')).toEqual([])
  pass(61)
  expect(copy.sizes()).toMatchObject([
    { id: 'rule.keen', customers: 0 },
    { id: 'rule.left', customers: 1 },
  ])
  await log.settle()
  const { isMember, rule } = await explainNow(warehouse, copy.standing(), { segment: 'rule.left', customer: 'ann' })
  expect(isMember).toBe(true)
  expect(rule).toMatchObject({ holds: true, value: 1, events: [{ name: 'Product Added', followedBy: null }] })
})

it('lets go of members of whom nothing is left once an import is undone', async () => {
  await log.append([event('Product Viewed'), event('Product Viewed'), event('Product Viewed')])
  await log.settle()
  await warehouse.run('delete from events')
  await warehouse.run(`insert into batches values (7, 'events', '[]', '{}', '{}', now(), 3, 3, 0, 0, now())`)
  await copy.touched('everybody')
  expect(copy.segmentsOf('ann')).toEqual([])
  await journal.flush()
  expect(moved.at(-1)).toMatchObject({ segment: 'rule.keen', customer: 'ann', isEntry: false })
})

it('is the same after a restart, of which nobody is told', async () => {
  await log.append([event('Product Viewed'), event('Product Viewed'), event('Product Viewed')])
  await log.settle()
  await stop()
  await start()
  expect(copy.segmentsOf('ann')).toEqual(['rule.keen'])
  await journal.flush()
  expect(moved).toEqual([])
})

/** As a process that ends without a word leaves it: what is in memory is lost, what is on disk is not. */
async function crash(): Promise<void> {
  await journal.flush()
  await log.close()
  await start()
}

it('goes on from its snapshot: what was told is not told again, what came since and what time did is', async () => {
  await log.append([event('Product Viewed'), event('Product Viewed'), event('Product Viewed')])
  await log.settle()
  expect(await copy.save()).toBe(true)
  // Told after the snapshot, and not in it.
  await log.append([event('Product Added')])
  pass(61)
  copy.sizes()
  await journal.flush()
  expect(moved.map(({ segment, sequence }) => [segment, sequence])).toEqual([
    ['rule.keen', 1],
    ['rule.left', 1],
  ])
  await crash()
  expect(said).toEqual([expect.stringContaining('went on from where they were')])
  expect(moved).toEqual([])
  expect(copy.segmentsOf('ann')).toEqual(['rule.keen', 'rule.left'])
  await copy.stop()
  pass(60)
  await crash()
  await journal.flush()
  expect(moved).toMatchObject([
    { segment: 'rule.keen', isEntry: false, sequence: 2, at: Date.UTC(2024, 4, 15, 14), reason: { because: 'time' } },
  ])
  await log.append([event('Product Viewed'), event('Product Viewed'), event('Product Viewed')])
  await journal.flush()
  expect(moved.at(-1)).toMatchObject({ segment: 'rule.keen', isEntry: true, sequence: 3 })
})

it('builds from the log where history was changed in another way, or the snapshot is not whole', async () => {
  await log.append([event('Product Viewed'), event('Product Viewed'), event('Product Viewed')])
  await stop()
  await warehouse.run('delete from events where position = (select min(position) from events)')
  await start()
  expect(said).toEqual([expect.stringContaining('history was changed')])
  expect(copy.segmentsOf('ann')).toEqual([])
  await journal.flush()
  expect(moved).toMatchObject([{ segment: 'rule.keen', customer: 'ann', isEntry: false, sequence: 2 }])
  await stop()
  truncateSync(join(folder, 'live.snapshot'), 100)
  await start()
  expect(said).toEqual([expect.stringContaining('damaged')])
})

it('keeps nothing of somebody who was erased, and numbers go on', async () => {
  await log.append([event('Product Viewed'), event('Product Viewed'), event('Product Viewed')])
  await log.settle()
  await copy.save()
  const saving = copy.save()
  await warehouse.run('delete from events')
  await copy.forget(['ann'])
  expect(await journal.erase(['ann'])).toBe(1)
  await saving
  expect(readdirSync(folder)).not.toContain('live.snapshot')
  expect(await copy.save()).toBe(true)
  expect(readFileSync(join(folder, 'live.snapshot')).includes('ann')).toBe(false)
  await stop()
  await start()
  expect(copy.segmentsOf('ann')).toEqual([])
  await log.append([event('Product Viewed'), event('Product Viewed'), event('Product Viewed')])
  await journal.flush()
  expect(moved).toMatchObject([{ segment: 'rule.keen', isEntry: true, sequence: 3 }])
})

it('has a list, and a segment that is new or means something else, while everything goes on', async () => {
  await log.append([event('Product Viewed'), event('Product Viewed'), event('Product Viewed')])
  const vip = { id: 'list.vip', name: 'VIP', words: 'by hand', list: true }
  const fan = { id: 'rule.fan', name: 'Fan', words: 'keen', rule: { segment: 'rule.keen' } }
  await declareSegments(state.queries, [vip, fan])
  await keepList(state.queries, 'list.vip', ['ann', 'bob'])
  await copy.refresh()
  await journal.flush()
  expect(
    moved
      .slice(1)
      .map(({ segment, customer }) => `${segment} ${customer}`)
      .sort(),
  ).toEqual(['list.vip ann', 'list.vip bob', 'rule.fan ann'])
  pass(1)
  await keepList(state.queries, 'list.vip', ['bob'])
  await copy.refresh()
  expect(copy.segmentsOf('ann')).toEqual(['rule.keen', 'rule.fan'])
  // Over a feature that nothing asked for before.
  const carts = { aggregate: 'count', from: { events: 'Product Viewed' }, window: { last: { count: 1, unit: 'day' } } }
  await declareSegments(state.queries, [{ ...fan, rule: { feature: carts, op: '>=', value: 4 } }])
  await log.settle()
  await copy.refresh()
  expect(copy.segmentsOf('ann')).toEqual(['rule.keen'])
  await log.append([event('Product Viewed')])
  expect(copy.segmentsOf('ann')).toEqual(['rule.fan', 'rule.keen'])
  await journal.flush()
  expect(moved.slice(4)).toMatchObject([
    { segment: 'list.vip', customer: 'ann', isEntry: false, reason: { because: 'list' } },
    { segment: 'rule.fan', version: 2, isEntry: false, sequence: 2, reason: { because: 'definition' } },
    { segment: 'rule.fan', version: 2, isEntry: true, sequence: 3, reason: { because: 'event' } },
  ])
})
