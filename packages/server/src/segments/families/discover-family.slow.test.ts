import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adjustedRand } from '@rapport/learn'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { discoveryMethods } from '../discovery/methods.ts'
import { refreshSegments } from '../refresh-segments.ts'
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
    const { rand, members } = await agreement(method)
    expect(rand).toBeGreaterThan(0.9)
    expect(members + none).toBe(240)
    expect(members).toBeGreaterThan(method === 'dbscan' || method === 'hdbscan' ? 120 : 200)
    expect(new Set(groups.segments.map(({ name }) => name)).size).toBe(3)
    const before = await membersOf(method)
    await refreshSegments(warehouse, { asOf: plantedMoment, seed: 1, areFeaturesFresh: true })
    expect(await membersOf(method)).toEqual(before)
    const isFixed = method === 'hdbscan'
    expect(refresh).toMatch(isFixed ? /^Fixed: / : /^Each analysis puts everybody/)
  },
  120_000,
)

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
  const { groups } = await discover({ method: 'kmeans', name: 'mine' })
  expect(groups).toMatchObject({ found: false })
  expect((await listSegments(warehouse)).length).toBe(0)
  for (const method of ['hdbscan', 'dbscan', 'hierarchical', 'factors'] as const) {
    expect((await discover({ method })).groups.found).toBe(false)
  }
}, 120_000)

test('what cannot be meant is refused with the reason', async () => {
  await plantShop(warehouse, { customers: 90 })
  await expect(discover({ method: 'dbscan', k: 3 })).rejects.toThrow(
    '--k must be left out with dbscan: it finds the number',
  )
  await expect(discover({ method: 'kmeans', radius: 1 })).rejects.toThrow('--radius must be left out with kmeans')
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
  await discover({ method: 'dbscan', features: ['category_share_shoes', 'category_share_bags', 'price_level'] })
  const count = async (table: string): Promise<number> =>
    (
      await warehouse.rows<{ n: number }>(`select count(*) as n from ${table} where customer_id = '${customerId(0)}'`)
    )[0]!.n
  expect([await count('segment_exemplars'), await count('segment_members')]).toEqual([1, 1])
  for (const table of ['order_lines', 'segment_exemplars', 'segment_members', 'customer_features']) {
    await warehouse.run(`delete from ${table} where customer_id = '${customerId(0)}'`)
  }
  await refreshSegments(warehouse, { asOf: plantedMoment, seed: 1 })
  expect([await count('segment_exemplars'), await count('segment_members')]).toEqual([0, 0])
  expect((await findSegment(warehouse, 'dbscan.1')).customers).toBeGreaterThan(50)
}, 60_000)
