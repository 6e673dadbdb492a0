import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { dayMs } from '../../base/index.ts'
import { computeFeatures } from '../../features/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { listSegments } from '../stored-segments.ts'
import { discoverFamily } from './discover-family.ts'
import type { DiscoveredFamily } from './family-result.ts'
import { plantedMoment, plantShop } from './planted-families.contract.ts'
import { refitFamily } from './refit-family.ts'
import { refreshFamilies } from './refresh-families.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-refit-'))
  warehouse = await openWarehouse(folder)
  await plantShop(warehouse, { customers: 240 })
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const features = ['discounted_share', 'average_order_value', 'category_share_shoes', 'category_share_bags']
const asked = { method: 'kmeans', name: 'kinds', k: 3, features, seed: 1 } as const

async function lookedAt(asOf: number): Promise<DiscoveredFamily> {
  await computeFeatures(warehouse, { asOf })
  const [result] = await refreshFamilies(warehouse, asOf)
  if (result?.kind !== 'discover') throw new Error('it was discovered')
  return result
}

test('without drift nothing is said; when customers change it is, and a refit keeps the ids of groups that are the same', async () => {
  const found = await discoverFamily(warehouse, asked, plantedMoment)
  if (!found.groups.found) throw new Error('they were planted')
  const steady = await lookedAt(plantedMoment + dayMs)
  expect(steady.drift).toMatchObject({ isAlarm: false, shares: { verdict: 'steady' } })
  expect(steady.refresh).not.toContain('refit')
  const before = new Map(found.groups.segments.map(({ id, name }) => [id, name]))

  // Another crowd comes: everything at a discount, and cheap.
  await warehouse.run(`insert into order_lines
    select 9000000 + row_number() over (), 1, 'x' || row_number() over (), 'x' || (range % 200), 'Bags 1', null, 'Bags', 1, 5000000, 4000000,
      1000000, null, null, null, null, 'EUR', 'sale', 0, make_timestamptz(${(plantedMoment + dayMs) * 1000} + range), 
      make_timestamptz(${(plantedMoment + dayMs) * 1000} + range), null, null
    from range(1000)`)
  const later = plantedMoment + 3 * dayMs
  const moved = await lookedAt(later)
  expect(moved.drift!.isAlarm).toBe(true)
  expect(moved.refresh).toContain('rapport segments refit kinds')

  const idsOf = async () =>
    (await listSegments(warehouse)).filter(({ family }) => family === 'kinds').map(({ id, name }) => [id, name])
  const unchanged = await idsOf()
  const proposed = await refitFamily(warehouse, { name: 'kinds', isAccepted: false }, later)
  expect(proposed.refit!.isAccepted).toBe(false)
  expect(proposed.refit!.mapping.length).toBeGreaterThanOrEqual(3)
  expect(await idsOf()).toEqual(unchanged)

  const accepted = await refitFamily(warehouse, { name: 'kinds', isAccepted: true }, later)
  expect(accepted.refit!.mapping).toEqual(proposed.refit!.mapping)
  const kept = accepted.refit!.mapping.filter(({ from, to }) => from !== null && to !== null)
  expect(kept.length).toBeGreaterThanOrEqual(2)
  for (const { from, to } of kept) expect([to!.id, to!.name]).toEqual([from!.id, before.get(from!.id)])
  const now = accepted.refit!.mapping.flatMap(({ to }) => (to === null ? [] : [[to.id, to.name]]))
  expect(await idsOf()).toEqual(now.sort())
  const again = await lookedAt(later + dayMs)
  expect(again.drift!.isAlarm).toBe(false)
  expect(again.groups.found && again.groups.segments.map(({ id }) => id).sort()).toEqual(now.map(([id]) => id).sort())
})

test('what cannot be found anew is refused with the reason', async () => {
  await expect(refitFamily(warehouse, { name: 'kinds', isAccepted: false }, plantedMoment)).rejects.toThrow(
    'the family must be one that was discovered (none), got kinds',
  )
})
