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
import { previewSegment } from '../now/preview.ts'
import { warehouseStanding } from '../now/warehouse-standing.ts'
import { LiveCopy } from './live-copy.ts'
import { eraseFromLists, keepList } from './stored-lists.ts'
import { declareSegments } from './stored-segment-definitions.ts'

const files = vi.hoisted(() => ({ beforeRename: async () => undefined as unknown }))
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const rename: typeof real.rename = async (from, to) => {
    await files.beforeRename()
    await real.rename(from, to)
  }
  return { ...real, rename }
})

const views = { aggregate: 'count', from: { events: 'Product Viewed' }, window: { last: { count: 2, unit: 'hour' } } }
const abandoned = {
  sequence: {
    first: { events: 'Product Added' },
    never: { events: 'Order Completed' },
    within: { count: 1, unit: 'hour' },
  },
}

const vip = { id: 'list.vip', name: 'VIP', words: 'by hand', list: true }
const clicks = { event: 'Email Clicked', withinDays: 7 }
const clicked = { id: 'rule.clicked', name: 'Clicked', words: 'clicked', rule: clicks }

let folder: string
let warehouse: Warehouse
let state: State
let log: EventLog
let copy: LiveCopy
let journal: MovementJournal
let moved: KeptMovement[]
let said: string[]
/** What else happens once history is about to be read. */
let meanwhile: () => Promise<void>

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

async function settle(): Promise<void> {
  await meanwhile()
  await log?.settle()
}

async function start(): Promise<void> {
  moved = []
  meanwhile = async () => undefined
  said = []
  journal = await MovementJournal.open(warehouse, {
    onFailure: (error) => {
      throw error
    },
  })
  journal.onTold((movements) => moved.push(...movements))
  copy = await LiveCopy.open({
    ...{ warehouse, state, settle, journal },
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
function event(name: string, userId = 'ann') {
  messages += 1
  const call = { type: 'track', event: name, userId, messageId: `l${messages}` }
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
  // Else it would go on beside the one that is opened.
  await journal.close()
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

it('writes no snapshot of features that lack what the store was brought', async () => {
  expect(await copy.save()).toBe(true)
  await warehouse.run("insert into batches values (77, 'events', '[]', '{}', '{}', now(), 0, 0, 0, 0, null)")
  expect(await copy.save()).toBe(false)
  await copy.touched('everybody')
  expect(await copy.save()).toBe(true)
  const [looked, saved] = await Promise.all([copy.touched('everybody'), copy.save()])
  expect([looked, saved]).toEqual([undefined, false])
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

it('leaves no snapshot that names somebody who was erased, also while one is about to take its place', async () => {
  await log.append([event('Product Viewed')])
  await log.settle()
  let forgotten: Promise<void> | undefined
  files.beforeRename = async () => {
    forgotten ??= copy.forget(['ann'])
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  await copy.save()
  files.beforeRename = async () => undefined
  await forgotten!
  expect(readdirSync(folder).filter((name) => name.startsWith('live.snapshot'))).toEqual([])
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

it('has nobody who may not be profiled in a list, also one that is changed, and says so', async () => {
  await warehouse.run("insert into profiling_exceptions values ('eve')")
  await copy.touched(['eve'])
  await declareSegments(state.queries, [{ id: 'list.vip', name: 'VIP', words: 'by hand', list: true }])
  await keepList(state.queries, 'list.vip', ['bob', 'eve'])
  await copy.refresh()
  expect([...copy.standing().members!.members('list.vip')]).toEqual(['bob'])
  await keepList(state.queries, 'list.vip', ['bob', 'cat', 'eve'])
  await copy.refresh()
  expect([...copy.standing().members!.members('list.vip')]).toEqual(['bob', 'cat'])
  const asked = { segment: 'list.vip', customer: 'eve' }
  expect(await explainNow(warehouse, copy.standing(), asked)).toMatchObject({
    ...{ isMember: false, isProfiled: false, rule: null },
  })
  await warehouse.run("delete from profiling_exceptions where customer_id = 'eve'")
  await copy.touched(['eve'])
  expect(copy.segmentsOf('eve')).toEqual(['list.vip'])
})

it('puts nobody back on a list who was erased while history is read for a definition', async () => {
  await declareSegments(state.queries, [vip, clicked])
  await keepList(state.queries, 'list.vip', ['ann', 'bob'])
  meanwhile = async () => {
    meanwhile = async () => undefined
    await eraseFromLists(state.queries, ['ann'])
    await copy.forget(['ann'])
  }
  await copy.refresh()
  await journal.flush()
  expect(copy.segmentsOf('bob')).toEqual(['list.vip'])
  expect(copy.segmentsOf('ann')).toEqual([])
  expect(moved.map(({ customer }) => customer)).toEqual(['bob'])
})

it('has somebody whom no segment knew come in by the definition that asks for them first', async () => {
  await log.append([event('Email Clicked')])
  await log.settle()
  await declareSegments(state.queries, [clicked])
  await copy.refresh()
  await journal.flush()
  expect(moved).toMatchObject([{ segment: 'rule.clicked', customer: 'ann', reason: { because: 'definition' } }])
  expect(copy.standing().filling).toBeNull()
})

it('has a list, and a segment that is new or means something else, while everything goes on', async () => {
  await log.append([event('Product Viewed'), event('Product Viewed'), event('Product Viewed')])
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

const list = { id: 'list.vip', name: 'VIP', words: 'by hand', list: true }
const by = (customer: string) => moved.filter((one) => one.customer === customer)

/** As identities are followed: whose an id is changes, and everybody whom that concerns is told of. */
async function identify(id: string, customer: string): Promise<void> {
  await log.settle()
  await warehouse.run('delete from identity_map where received_id = $id', { id })
  await warehouse.run('insert into identity_map (received_id, customer_id, known_at) values ($id, $customer, now())', {
    id,
    customer,
  })
  await copy.touched([...new Set([id, customer, 'ann'])])
}

it('has on a list who was joined with somebody on it, until they are parted, also over a restart', async () => {
  await declareSegments(state.queries, [list])
  await keepList(state.queries, 'list.vip', ['anonymous:b'])
  await copy.refresh()
  await log.append([event('Product Viewed')])
  expect([copy.segmentsOf('ann'), copy.segmentsOf('anonymous:b')]).toEqual([[], ['list.vip']])
  await identify('anonymous:b', 'ann')
  expect([copy.segmentsOf('ann'), copy.segmentsOf('anonymous:b')]).toEqual([['list.vip'], []])
  await journal.flush()
  expect(by('ann')).toMatchObject([{ segment: 'list.vip', isEntry: true, reason: { because: 'identity' } }])
  const standing = await warehouseStanding({ warehouse, state })
  expect([...standing.members!.members('list.vip')]).toEqual(['ann'])
  const preview = await previewSegment({ warehouse, state }, { segment: 'list.vip' })
  expect(preview).toMatchObject({ customers: 1, sample: [{ customerId: 'ann' }] })
  await stop()
  await start()
  expect(copy.segmentsOf('ann')).toEqual(['list.vip'])
  await identify('anonymous:b', 'anonymous:b')
  expect([copy.segmentsOf('ann'), copy.segmentsOf('anonymous:b')]).toEqual([[], ['list.vip']])
  expect([...(await warehouseStanding({ warehouse, state })).members!.members('list.vip')]).toEqual(['anonymous:b'])
})

it('has in a rule about what nobody did everybody who is known, whatever made them known', async () => {
  const never = { not: [{ event: 'Order Completed' }] }
  await warehouse.run(`insert into customers (customer_id, batch_id, email) values ('recorded', 1, 'r@example.com')`)
  await log.append([event('Sign In')])
  await log.settle()
  await declareSegments(state.queries, [{ id: 'rule.never', name: 'Never', words: 'did not order', rule: never }])
  await copy.refresh()
  const members = async () => {
    await log.settle()
    const standing = await warehouseStanding({ warehouse, state })
    const alone = await warehouseStanding({ warehouse, state }, undefined, ['recorded', 'nobody'])
    const sizes = [standing, copy.standing(), alone].map((of) => [...of.members!.members('rule.never')].sort())
    return [...sizes, (await previewSegment({ warehouse, state }, never)).customers]
  }
  expect(await members()).toEqual([['ann', 'recorded'], ['ann', 'recorded'], ['recorded'], 2])
  // Somebody who does what no rule asks about is told of before they are answered.
  await log.append([event('Sign In', 'bob')])
  expect(copy.segmentsOf('bob')).toEqual(['rule.never'])
  await journal.flush()
  expect(by('bob')).toMatchObject([{ segment: 'rule.never', isEntry: true, reason: { because: 'event' } }])
  await log.append([event('Order Completed', 'ann')])
  expect(await members()).toEqual([['bob', 'recorded'], ['bob', 'recorded'], ['recorded'], 2])
  // Back from a snapshot that has no word of whom came since.
  expect(await copy.save()).toBe(true)
  await log.append([event('Sign In', 'cid')])
  await crash()
  expect(await members()).toEqual([['bob', 'cid', 'recorded'], ['bob', 'cid', 'recorded'], ['recorded'], 3])
  // An import is undone: of whom nothing else is known is known no more.
  await warehouse.run('delete from customers')
  await warehouse.run(`insert into batches values (7, 'customers', '[]', '{}', '{}', now(), 1, 1, 0, 0, now())`)
  await copy.touched('everybody')
  expect(await members()).toEqual([['bob', 'cid'], ['bob', 'cid'], [], 2])
  expect(copy.segmentsOf('recorded')).toEqual([])
})

it('has nobody in it who may not be profiled, by a list or by what they did not do, and takes them in again', async () => {
  const never = { not: [{ event: 'Order Completed' }] }
  await declareSegments(state.queries, [list, { id: 'rule.never', name: 'Never', words: 'did not order', rule: never }])
  await keepList(state.queries, 'list.vip', ['bob'])
  await copy.refresh()
  await log.append([event('Sign In', 'bob')])
  await log.settle()
  const both = ['list.vip', 'rule.never']
  expect(copy.segmentsOf('bob').toSorted()).toEqual(both)
  await warehouse.run(`insert into profiling_exceptions values ('bob')`)
  await warehouse.run(`insert into consent_standings values ('bob', 'profiling', false, now())`)
  await copy.touched(['bob'])
  expect(copy.segmentsOf('bob')).toEqual([])
  await copy.refresh()
  const inNone = await warehouseStanding({ warehouse, state })
  expect(both.map((id) => inNone.members!.size(id))).toEqual([0, 0])
  expect((await previewSegment({ warehouse, state }, never)).customers).toBe(0)
  await warehouse.run(`delete from profiling_exceptions where customer_id = 'bob'`)
  await copy.touched(['bob'])
  expect(copy.segmentsOf('bob').toSorted()).toEqual(both)
})
