import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adjustedRand } from '@rapport/learn'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { type DiscoveryMethod, discoveryMethods } from '../discovery/methods.ts'
import { refreshSegments } from '../refresh-segments.ts'
import type { SegmentMap, SegmentsResult } from '../result.ts'
import { findSegment, listSegments } from '../stored-segments.ts'
import { type DiscoverRequest, discoverFamily } from './discover-family.ts'
import type { DiscoveredFamily } from './family-result.ts'
import { customerId, kindOf, plantedMoment, plantShop } from './planted-families.contract.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-families-'))
  warehouse = await openWarehouse(folder)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const discover = (request: Omit<DiscoverRequest, 'seed'>): Promise<DiscoveredFamily> =>
  discoverFamily(warehouse, { seed: 1, ...request }, plantedMoment)

/** Customer → segment, of a family in the store. */
async function membersOf(family: string): Promise<ReadonlyMap<string, string>> {
  const rows = await warehouse.rows<{ customer: string; segment: string }>(
    'select customer_id as customer, segment_id as segment from segment_members where segment_id like $like order by all',
    { like: `${family}.%` },
  )
  return new Map(rows.map(({ customer, segment }) => [customer, segment]))
}

/** Of the members, how alike segments and planted kinds are. */
async function agreement(family: string): Promise<{ rand: number; members: number }> {
  const members = [...(await membersOf(family))]
  const segments = [...new Set(members.map(([, segment]) => segment))]
  const found = Int32Array.from(members, ([, segment]) => segments.indexOf(segment))
  return {
    rand: adjustedRand(
      found,
      Int32Array.from(members, ([id]) => kindOf(id)),
    ),
    members: members.length,
  }
}

test.each(discoveryMethods)(
  '%s finds the planted kinds, and an analysis keeps them',
  async (method) => {
    await plantShop(warehouse)
    const { groups, none, refresh } = await discover({ method })
    if (!groups.found) throw new Error(groups.reason)
    expect(groups.k).toBe(3)
    expect(groups.verdict).toMatch(/p = 0\.0\d\d\)/)
    const { rand, members } = await agreement(method)
    expect(rand).toBeGreaterThan(0.9)
    expect(members + none).toBe(240)
    expect(members).toBeGreaterThan(method === 'dbscan' || method === 'hdbscan' ? 120 : 200)
    expect(new Set(groups.segments.map(({ name }) => name)).size).toBe(3)
    const before = await membersOf(method)
    const again = await refreshSegments(warehouse, { asOf: plantedMoment, seed: 1, areFeaturesFresh: true })
    expect(await membersOf(method)).toEqual(before)
    expect(mapOf(again)).toMatchObject({ x: groups.map.x, y: groups.map.y })
    expect(refresh).toMatch(/^Each analysis puts everybody/)
  },
  120_000,
)

/** Of the only family. */
function mapOf({ families }: SegmentsResult): SegmentMap {
  const [family] = families ?? []
  if (family?.kind !== 'discover' || !family.groups.found) throw new Error('there must be a family with groups')
  return family.groups.map
}

/** Of some members, the share of those in the segment that most of their kind were in. */
function shareRight(
  members: readonly (readonly [id: string, segment: string])[],
  among: ReadonlyMap<string, string>,
): number {
  const usual = [0, 1, 2].map((kind) => {
    const own = [...among].flatMap(([id, segment]) => (kindOf(id) === kind ? [segment] : []))
    return own.sort((a, b) => own.filter((one) => one === b).length - own.filter((one) => one === a).length)[0]
  })
  return members.filter(([id, segment]) => segment === usual[kindOf(id)]).length / members.length
}

/** The least share of those grouped whom the rule for others puts where the method had put them. */
const agreementMin: Readonly<Record<DiscoveryMethod, number>> = {
  // Of habits a mixture begun from the clusters, and for a tree the nearest middle: neither is how the groups were made.
  ...{ kmeans: 0.95, hierarchical: 0.95 },
  ...{ dbscan: 1, hdbscan: 1, gmm: 1, medoids: 1, factors: 1 },
}

test.each(discoveryMethods)(
  '%s puts those it grouped where it had put them, and new customers with their kind',
  async (method) => {
    await plantShop(warehouse)
    const features = ['category_share_shoes', 'category_share_bags', 'price_level']
    for (const by of method === 'factors' ? [[]] : [[], features]) {
      const { groups } = await discover({ method, name: 'mine', features: by })
      if (!groups.found) throw new Error(groups.reason)
      const [model] = await warehouse.rows<{ card: string }>('select card from models where model_id = $id', {
        id: groups.modelId!,
      })
      const { metrics } = JSON.parse(model!.card) as { metrics: { agreement: number } }
      expect(metrics.agreement).toBeGreaterThanOrEqual(by.length > 0 && method === 'kmeans' ? 1 : agreementMin[method])
    }
    const before = await membersOf('mine')
    await plantShop(warehouse, { customers: 330, from: 240 })
    await refreshSegments(warehouse, { asOf: plantedMoment, seed: 1, areFeaturesFresh: true })
    const after = await membersOf('mine')
    const added = [...after].filter(([id]) => !before.has(id))
    // Density methods leave out whom nobody is near to.
    expect(added.length).toBeGreaterThan(method === 'dbscan' || method === 'hdbscan' ? 40 : 80)
    // No less often than those in whom the groups were found.
    expect(shareRight(added, before)).toBeGreaterThan(Math.min(0.9, shareRight([...before], before) - 0.05))
  },
  120_000,
)

test('of medoids, one who is gone is stood in for, and the groups stay', async () => {
  await plantShop(warehouse)
  await discover({ method: 'medoids' })
  const typical = async (): Promise<readonly string[]> =>
    (await warehouse.rows<{ id: string }>('select customer_id as id from segment_exemplars order by position')).map(
      ({ id }) => id,
    )
  const [gone, ...others] = await typical()
  const before = await membersOf('medoids')
  for (const table of ['order_lines', 'segment_exemplars', 'segment_members', 'customer_features']) {
    await warehouse.run(`delete from ${table} where customer_id = '${gone}'`)
  }
  await refreshSegments(warehouse, { asOf: plantedMoment, seed: 1 })
  const again = await typical()
  expect(again).toHaveLength(3)
  expect(again).not.toContain(gone)
  expect(again.slice(1)).toEqual(others)
  const after = await membersOf('medoids')
  expect(after.has(gone!)).toBe(false)
  const same = [...after].filter(([id, segment]) => before.get(id) === segment)
  expect(same.length / after.size).toBeGreaterThan(0.95)
}, 60_000)

test('chosen features take the place of habits, by name or by family; k as asked for', async () => {
  await plantShop(warehouse)
  for (const method of ['kmeans', 'hierarchical', 'gmm', 'medoids'] as const) {
    const { groups } = await discover({
      method,
      features: ['category_share_shoes', 'category_share_bags', 'price_level'],
      k: 3,
    })
    if (!groups.found) throw new Error(groups.reason)
    expect(groups.features.map(({ feature }) => feature)).toEqual([
      'price_level',
      'category_share_bags',
      'category_share_shoes',
    ])
    expect((await agreement(method)).rand).toBeGreaterThan(0.9)
  }
  const { groups } = await discover({
    method: 'kmeans',
    name: 'wide',
    features: ['returns-and-discounts', 'first purchase'],
    k: 4,
  })
  expect(groups.found && groups.k).toBe(4)
  expect(groups.found && groups.verdict).toMatch(/^4 groups by k-means, as asked for\. Left to choose: /)
}, 120_000)

test('where nobody differs there are no groups, and an earlier family of the name is taken back', async () => {
  await plantShop(warehouse, { kinds: false })
  await discover({ method: 'kmeans', name: 'mine', k: 2, features: ['purchases'] })
  expect((await membersOf('mine')).size).toBe(240)
  const { groups, notes } = await discover({ method: 'kmeans', name: 'mine' })
  expect(groups).toMatchObject({ found: false })
  expect(notes).toEqual(['The family mine of before was taken back, with all 2 of its segments.'])
  expect((await listSegments(warehouse)).length).toBe(0)
  for (const method of discoveryMethods) {
    expect((await discover({ method })).groups).toMatchObject({ found: false })
    if (method === 'factors') continue
    const { groups: byFeatures } = await discover({ method, features: ['rhythm', 'price_level'] })
    expect(byFeatures).toMatchObject({ found: false, reason: expect.stringMatching(/no groups/) })
  }
}, 120_000)

test('of earlier models of a family the card stays, and nothing that was fitted', async () => {
  await plantShop(warehouse)
  for (const k of [2, 3, 4]) await discover({ method: 'kmeans', name: 'mine', k, features: ['price_level', 'orders'] })
  const models = await warehouse.rows<{ version: number; isFitted: boolean; hasCard: boolean }>(
    `select version, fitted <> '{}' as "isFitted", length(card) > 10 as "hasCard" from models order by version`,
  )
  expect(models).toEqual([1, 2, 3].map((version) => ({ version, isFitted: version === 3, hasCard: true })))
  const again = await refreshSegments(warehouse, { asOf: plantedMoment, seed: 1, areFeaturesFresh: true })
  expect(mapOf(again).segment.length).toBe(240)
}, 60_000)

test('where nobody bought anything it says so, by habits and by features', async () => {
  await plantShop(warehouse)
  await warehouse.run('delete from order_lines')
  for (const features of [[], ['engagement']]) {
    await expect(discover({ method: 'kmeans', features })).rejects.toThrow(
      'customers with a purchase who may be profiled, got none',
    )
  }
}, 60_000)

test('what cannot be meant is refused with the reason', async () => {
  await plantShop(warehouse, { customers: 90 })
  await expect(discover({ method: 'dbscan', k: 3 })).rejects.toThrow(
    '--k must be left out with dbscan: it finds the number',
  )
  await expect(discover({ method: 'kmeans', radius: 1 })).rejects.toThrow('--radius must be left out with kmeans')
  // A slip of the hand takes no family back.
  await expect(discover({ method: 'kmeans', k: 300 })).rejects.toThrow(/--k must be at most \d+, half of the \d+ cust/)
  await expect(discover({ method: 'hdbscan', sizeMin: 300 })).rejects.toThrow(/--size-min must be at most the \d+ cust/)
  await expect(discover({ method: 'gmm', sizeMin: 9 })).rejects.toThrow('--size-min must be left out with gmm')
  await expect(discover({ method: 'kmeans', name: 'rfm' })).rejects.toThrow('--name must not be rfm')
  await expect(discover({ method: 'kmeans', name: 'No spaces' })).rejects.toThrow('--name must be a letter')
  await expect(discover({ method: 'kmeans', features: ['colour'] })).rejects.toThrow(
    'or its families purchases, rhythm,',
  )
  await expect(discover({ method: 'kmeans', features: ['income', 'age'] })).rejects.toThrow('none does of age, income')
  const stop = AbortSignal.abort()
  const aborted = discoverFamily(warehouse, { method: 'medoids', seed: 1 }, plantedMoment, { signal: stop })
  await expect(aborted).rejects.toMatchObject({ code: 'work.aborted' })
}, 60_000)

test('who is erased is out of the members and of those that others are compared with', async () => {
  await plantShop(warehouse)
  const { groups } = await discover({
    method: 'dbscan',
    features: ['category_share_shoes', 'category_share_bags', 'price_level'],
  })
  const count = async (table: string): Promise<number> =>
    (
      await warehouse.rows<{ n: number }>(`select count(*) as n from ${table} where customer_id = '${customerId(0)}'`)
    )[0]!.n
  expect([await count('segment_exemplars'), await count('segment_members')]).toEqual([1, 1])
  for (const table of ['order_lines', 'segment_exemplars', 'segment_members', 'customer_features']) {
    await warehouse.run(`delete from ${table} where customer_id = '${customerId(0)}'`)
  }
  const again = await refreshSegments(warehouse, { asOf: plantedMoment, seed: 1 })
  expect([await count('segment_exemplars'), await count('segment_members')]).toEqual([0, 0])
  // Everybody in a group is drawn: their point is gone, though it never had a name.
  if (!groups.found) throw new Error(groups.reason)
  expect(mapOf(again).x).toHaveLength(groups.map.x.length - 1)
  expect((await findSegment(warehouse, 'dbscan.1')).customers).toBeGreaterThan(50)
}, 60_000)
