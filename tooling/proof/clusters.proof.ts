import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Matrix, seededRandom, takeRows } from '@rapport/numerics'
import { afterAll, vi } from 'vitest'
import { computeFeatures } from '../../packages/server/src/features/index.ts'
import { lastMoment } from '../../packages/server/src/insights/index.ts'
import { readBuyers } from '../../packages/server/src/segments/buyers.ts'
import { readPoints } from '../../packages/server/src/segments/discovery/read-points.ts'
import { basisOfGroups, driftOfGroups } from '../../packages/server/src/segments/drift/group-drift.ts'
import {
  columnNamesOf,
  discoverFamily,
  type GroupModel,
} from '../../packages/server/src/segments/families/discover-family.ts'
import { membersOf, refreshFamilies } from '../../packages/server/src/segments/families/refresh-families.ts'
import { storedFamilies, storedModel } from '../../packages/server/src/segments/families/stored-families.ts'
import { LiveCopy } from '../../packages/server/src/segments/live/live-copy.ts'
import { MovementJournal } from '../../packages/server/src/segments/movements/movement-journal.ts'
import { openState } from '../../packages/server/src/state/index.ts'
import { openWarehouse, type Warehouse } from '../../packages/server/src/warehouse/index.ts'
import { dataPath, withoutData } from '../test-data.ts'
import { count, prove } from './record.ts'
import { root } from './rows-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'rapport-proof-clusters-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const shops = withoutData ? ['fashion'] : ['fashion', 'retail']

const features = [
  'orders_365d',
  'average_order_value',
  'items_per_order',
  'distinct_products',
  'recency_days',
  'tenure_days',
]
const groups = 5

/** A store of a shop with a family of five groups by six features, each found once. */
async function withFamily<Result>(
  shop: string,
  use: (warehouse: Warehouse, asOf: number) => Promise<Result>,
): Promise<Result> {
  const store = join(folder, shop)
  const file = dataPath('online_retail_ii_2009', 'online_retail_II_2009_2010.parquet')
  const script = join(root, 'benchmarks', 'segments.mjs')
  const words = [
    '--make',
    store,
    '--shop',
    shop,
    ...(shop === 'retail' ? ['--file', file] : []),
    '--json',
    `${store}.json`,
  ]
  const { status, stderr } = spawnSync(process.execPath, [script, ...words], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  if (status !== 0) throw new Error(`benchmarks/segments.mjs ended with ${status}: ${stderr.slice(-400)}`)
  const warehouse = await openWarehouse(store)
  try {
    const asOf = await lastMoment(warehouse)
    await computeFeatures(warehouse, { asOf })
    await discoverFamily(warehouse, { method: 'kmeans', name: 'kinds', k: groups, features, seed: 1 }, asOf)
    return await use(warehouse, asOf)
  } finally {
    await warehouse.close()
    rmSync(store, { recursive: true, force: true })
  }
}

/** Whom the live copy has in another group than an analysis at the same moment, and how far distances differ. */
async function compareAt(warehouse: Warehouse, asOf: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: asOf })
  const state = await openState(warehouse.folder)
  const journal = await MovementJournal.open(warehouse, { onFailure: () => undefined })
  const copy = await LiveCopy.open({
    warehouse,
    state,
    settle: async () => undefined,
    journal,
    onStart: () => undefined,
  })
  try {
    await copy.build()
    // Of whom too much is known to be remembered, the warehouse is asked, a hundred at a time.
    for (let turn = 0; turn < 50; turn += 1) await copy.catchUp(0)
    await computeFeatures(warehouse, { asOf })
    await refreshFamilies(warehouse, asOf)
    const rows = await warehouse.rows<{ customer: string; segment: string; distance: number }>(
      "select customer_id as customer, segment_id as segment, distance from segment_members where segment_id like 'kinds.%'",
    )
    let [others, far] = [0, 0]
    for (const { customer, segment, distance } of rows) {
      const [own] = copy.groupsOf(customer)
      if (own?.segment !== segment || !copy.segmentsOf(customer).includes(segment)) others += 1
      far = Math.max(far, Math.abs((own?.distance ?? Number.POSITIVE_INFINITY) - distance))
    }
    return { customers: rows.length, others, far }
  } finally {
    await copy.stop()
    await journal.close()
    await state.close()
    vi.useRealTimers()
  }
}

prove({
  name: 'clusters-live',
  claim:
    'five groups by six features of a demo shop and of online_retail_ii_2009: the live copy has every customer in the group in which an analysis at the same moment has them, by the same model',
  measure: async () => {
    const found = []
    for (const shop of shops) found.push({ shop, ...(await withFamily(shop, compareAt)) })
    return {
      figure: found
        .map(
          ({ shop, customers, others, far }) =>
            `${shop}: ${count(customers)} customers, ${others} elsewhere; distances apart by ${far.toExponential(1)} at most`,
        )
        .join('; '),
      isMet: found.every(({ customers, others, far }) => customers > 0 && others === 0 && far < 1e-9),
    }
  },
})

const looks = 200

/** Halves of the customers drawn at random: one to be found, one to be looked at, with what moved in it. */
async function lookAtHalves(warehouse: Warehouse, asOf: number) {
  const [stored] = await storedFamilies(warehouse)
  const model = await storedModel<GroupModel>(warehouse, stored!.modelId!)
  const buyers = await readBuyers(warehouse, asOf)
  const { points } = await readPoints(warehouse, model.scale, buyers, asOf)
  const ids = Array.from({ length: groups }, (_, at) => `kinds.${at + 1}`)
  const labels = await membersOf(warehouse, ids, buyers)
  const names = columnNamesOf(points)
  const look = (
    seed: number,
    changed: (data: Matrix, own: Int32Array) => void,
    keep: (label: number, uniform: number) => boolean,
  ): boolean => {
    const random = seededRandom(seed)
    const [one, other]: [number[], number[]] = [[], []]
    for (let row = 0; row < labels.length; row += 1) (random.uniform() < 0.5 ? one : other).push(row)
    const kept = other.filter((row) => keep(labels[row]!, random.uniform()))
    const half = (rows: readonly number[]) => ({
      ...{ data: takeRows(points.data, Int32Array.from(rows)), names },
      labels: Int32Array.from(rows, (row) => labels[row]!),
    })
    const now = half(kept)
    changed(now.data, now.labels)
    return driftOfGroups(basisOfGroups(half(one), groups), now, ids).isAlarm
  }
  const alarms = (times: number, ...how: [Parameters<typeof look>[1], Parameters<typeof look>[2]]): number =>
    Array.from({ length: times }, (_, seed) => look(seed + 1, ...how)).filter(Boolean).length
  const [same, all] = [() => undefined, () => true]
  return {
    customers: labels.length,
    none: alarms(looks, same, all),
    shares: alarms(20, same, (label, uniform) => label !== 0 || uniform < 0.3),
    middle: alarms(20, (data, own) => move(data, (row) => (own[row] === 0 ? 1 : 0)), all),
    input: alarms(20, (data) => move(data, () => 1, 0), all),
  }
}

/** Adds to the columns, or to one of them, which are in deviations. */
function move({ columns, values }: Matrix, by: (row: number) => number, only?: number): void {
  for (let at = 0; at < values.length; at += 1)
    if (only === undefined || at % columns === only) values[at]! += by(Math.floor(at / columns))
}

prove({
  name: 'clusters-drift',
  claim: `drift of the same groups, in halves of the customers drawn at random: of ${looks} looks without drift at most one of fifty raises an alarm; where seven of ten of the largest group stay away, its middle or an input moves by a deviation, each of 20 looks does`,
  measure: async () => {
    const found = []
    for (const shop of shops) found.push({ shop, ...(await withFamily(shop, lookAtHalves)) })
    return {
      figure: found
        .map(
          ({ shop, customers, none, shares, middle, input }) =>
            `${shop}: ${count(customers)} customers; without drift ${none} of ${looks}; shares ${shares}, middle ${middle}, input ${input} of 20`,
        )
        .join('; '),
      isMet: found.every((one) => one.none <= looks / 50 && one.shares === 20 && one.middle === 20 && one.input === 20),
    }
  },
})
