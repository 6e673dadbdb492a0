import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dayMs, now } from '../../base/index.ts'
import { syncConsents } from '../../consent/index.ts'
import { computeFeatures } from '../../features/index.ts'
import { checkCall, type EventLog, openEventLog } from '../../ingestion/index.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { discoverFamily } from '../families/discover-family.ts'
import { customerId, kindOf, plantedMoment, plantShop } from '../families/planted-families.contract.ts'
import { refreshFamilies } from '../families/refresh-families.ts'
import { teachFamily } from '../families/teach-family.ts'
import { LiveCopy } from '../live/live-copy.ts'
import { declareSegments, noteOtherModels } from '../live/stored-segment-definitions.ts'
import { MovementJournal } from '../movements/movement-journal.ts'
import { describeSegment, describeSegments } from '../now/described-segments.ts'
import { lostNames } from '../now/lost-names.ts'
import { previewSegment } from '../now/preview.ts'
import { warehouseStanding } from '../now/warehouse-standing.ts'
import { readLabelList } from '../teaching/label-list.ts'
import { readLiveModels } from './read-live-models.ts'

let folder: string
let warehouse: Warehouse
let state: State
let log: EventLog
let copy: LiveCopy
let journal: MovementJournal

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: plantedMoment })
  folder = mkdtempSync(join(tmpdir(), 'rapport-placed-'))
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  await syncConsents(warehouse, state)
  await plantShop(warehouse, { customers: 240 })
})

afterEach(async () => {
  await copy.stop()
  await log.close()
  await journal.close()
  await state.close()
  await warehouse.close()
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

async function start(): Promise<void> {
  journal = await MovementJournal.open(warehouse, {
    onFailure: (error) => {
      throw error
    },
  })
  copy = await LiveCopy.open({ warehouse, state, settle: async () => log?.settle(), journal })
  log = await openEventLog(warehouse, { onWritten: (events) => copy.written(events) })
  await copy.build()
}

/** Who is where by the same model, as an analysis finds it at this moment. */
async function batch(): Promise<ReadonlyMap<string, string>> {
  await computeFeatures(warehouse, { asOf: now() })
  await refreshFamilies(warehouse, now())
  const rows = await warehouse.rows<{ customer_id: string; segment_id: string; distance: number | null }>(
    "select customer_id, segment_id, distance from segment_members where segment_id not like 'rule.%' order by all",
  )
  return new Map(
    rows.map(({ customer_id, segment_id, distance }) => [
      `${customer_id} ${segment_id.split('.')[0]}`,
      `${segment_id} ${distance === null || Number.isNaN(distance) ? '' : distance.toPrecision(9)}`,
    ]),
  )
}

function live(customers: readonly string[]): ReadonlyMap<string, string> {
  const all = customers.flatMap((id) =>
    copy
      .groupsOf(id)
      .flatMap(({ family, segment, distance }): [string, string][] =>
        segment === null ? [] : [[`${id} ${family}`, `${segment} ${distance === null ? '' : distance.toPrecision(9)}`]],
      ),
  )
  return new Map(all.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const everybody = Array.from({ length: 240 }, (_, at) => customerId(at))
const byFeatures = [
  'discounted_share',
  'average_order_value',
  'category_share_shoes',
  'category_share_bags',
  'orders_90d',
]

test('groups and taught kinds are live as an analysis finds them, for new and changed customers too, at later moments', async () => {
  const found = await discoverFamily(
    warehouse,
    { method: 'kmeans', name: 'kinds', k: 3, features: byFeatures, seed: 1 },
    plantedMoment,
  )
  if (!found.groups.found) throw new Error('they were planted')
  const labels = [
    'customer_id,label',
    ...everybody.slice(0, 120).map((id) => `${id},${kindOf(id) === 2 ? 'yes' : 'no'}`),
  ]
  const list = readLabelList(labels.join('\n'), 'labels.csv')
  await teachFamily(
    warehouse,
    { name: 'dear', from: { kind: 'list', list, shown: 'labels.csv' }, seed: 1 },
    plantedMoment,
  )
  await start()
  expect(copy.byAnalyses).toEqual([])
  expect(live(everybody)).toEqual(await batch())
  expect(copy.sizes().map(({ id }) => id)).toEqual(['dear.1', 'kinds.1', 'kinds.2', 'kinds.3'])

  const [one] = copy.groupsOf(customerId(0)).filter(({ family }) => family === 'kinds')
  expect(one!.runnerUp!.distance).toBeGreaterThan(one!.distance!)
  expect(copy.segmentsOf(customerId(0))).toContain(one!.segment)
  const dear = everybody.find((id) => kindOf(id) === 2)!
  const [taught] = copy.groupsOf(dear).filter(({ family }) => family === 'dear')
  expect(taught!.probability).toBeGreaterThan(0.5)
  expect(taught!.why.length).toBeGreaterThan(0)

  // Somebody new buys as the dear kind does, and is where the dear are before the next thing happens.
  const order = (id: string, messageId: string) => {
    const properties = {
      ...{ order_id: messageId, currency: 'EUR' },
      products: [{ product_id: 'Hats 1', category: 'Hats', price: 62, quantity: 1 }],
    }
    const call = { type: 'track', event: 'Order Completed', userId: id, messageId, properties }
    const checked = checkCall(call, undefined, Date.now())
    if (!('event' in checked)) throw new Error(checked.rejection.reason)
    return checked.event
  }
  const group = (id: string) => copy.segmentsOf(id).find((segment) => segment.startsWith('kinds.'))
  expect(group('new')).toBeUndefined()
  await log.append(['m1', 'm2', 'm3'].map((messageId) => order('new', messageId)))
  expect(group('new')).toBe(group(dear))

  // Time alone: recent orders fall out of their windows.
  vi.setSystemTime(plantedMoment + 60 * dayMs)
  await log.settle()
  expect(live([...everybody, 'new'])).toEqual(await batch())
}, 300_000)

test('rules name segments of families; of one that is no more, or not live, nobody is in what they name, and it is said', async () => {
  const asked = { method: 'kmeans', name: 'kinds', features: byFeatures, seed: 1 } as const
  await discoverFamily(warehouse, { ...asked, k: 3 }, plantedMoment)
  const named = (id: string) => ({ id: `rule.in-${id}`, name: id, words: 'named', rule: { segment: `kinds.${id}` } })
  const other = { ...named('1'), id: 'rule.other', rule: { not: [{ segment: 'kinds.1' }] } }
  const families = await readLiveModels(warehouse)
  await declareSegments(state.queries, [named('1'), named('3'), other], families)
  await start()
  const members = (id: string) => [...copy.standing().members!.members(id)].sort()
  const agree = async () => {
    const standing = await warehouseStanding({ warehouse, state })
    for (const { definition } of copy.standing().compiled.segments) {
      const { id } = definition
      expect([id, [...standing.members!.members(id)].sort()]).toEqual([id, members(id)])
    }
  }
  const warnings = async () =>
    (await describeSegments(state.queries, copy.standing())).segments.flatMap((one) => one.warnings)
  expect(members('rule.in-3')).toEqual(members('kinds.3'))
  expect(members('rule.in-3').length).toBeGreaterThan(0)
  expect(members('rule.in-1').length + members('rule.other').length).toBe(240)
  await agree()
  expect(await warnings()).toEqual([])

  // Groups are found anew, and there are two.
  await discoverFamily(warehouse, { ...asked, k: 2 }, plantedMoment)
  await state.transaction(noteOtherModels)
  await copy.refresh()
  expect(members('rule.in-1')).toEqual(members('kinds.1'))
  expect(members('rule.in-3')).toEqual([])
  await agree()
  expect(await warnings()).toEqual(['names kinds.3, which is no more'])
  expect(await lostNames(warehouse, state.queries)).toEqual([
    'rule.in-3 names kinds.3, which is no more: nobody is in it',
  ])
  const shown = await describeSegment(state.queries, 'rule.in-3', copy.standing())
  expect(shown.ruleWords!.words).toBe('is in kinds.3, which is no more: nobody is')

  // Groups by habits are not live: a start goes on all the same.
  await discoverFamily(warehouse, { method: 'kmeans', name: 'kinds', k: 3, seed: 1 }, plantedMoment)
  await state.transaction(noteOtherModels)
  await copy.stop()
  copy = await LiveCopy.open({ warehouse, state, settle: async () => log.settle(), journal })
  await copy.build()
  expect(members('rule.in-1')).toEqual([])
  expect(members('rule.other')).toHaveLength(240)
  await agree()
  const why =
    'which is not live: only analyses find who is in kinds, because it compares customers by habits, which are counted by the warehouse'
  expect(await warnings()).toEqual([`names kinds.1, ${why}`, `names kinds.3, ${why}`, `names kinds.1, ${why}`])
  await expect(previewSegment({ warehouse, state }, { segment: 'kinds.1' })).rejects.toThrow(`got kinds.1, ${why}`)
}, 300_000)
