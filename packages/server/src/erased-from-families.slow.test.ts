import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Privacy } from './consent/index.ts'
import { segmentMembers, viewCustomer } from './insights/index.ts'
import { openPrivacy } from './privacy.ts'
import { customerId, kindOf, plantedMoment, plantShop } from './segments/families/planted-families.contract.ts'
import { type DiscoverRequest, discoverFamily, refreshSegments, showSegment, teachFamily } from './segments/index.ts'
import { openState, type State } from './state/index.ts'
import { openWarehouse, type Warehouse } from './warehouse/index.ts'

// Families hold customers in more ways than members: typical ones and cores that others are compared with, labels that
// somebody gave, probabilities. An erasure must find each, and what is kept must go on without them.

const folder = mkdtempSync(join(tmpdir(), 'rapport-erased-families-'))
let warehouse: Warehouse
let state: State
let privacy: Privacy

beforeAll(async () => {
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  await plantShop(warehouse)
  privacy = await openPrivacy(warehouse, state, { eraseWithinDays: 7 })
})
afterAll(async () => {
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true, force: true })
})

const features = ['category_share_shoes', 'category_share_bags', 'price_level']
const discover = (request: Pick<DiscoverRequest, 'method' | 'features'>) =>
  discoverFamily(warehouse, { seed: 1, ...request }, plantedMoment)

const tables = ['segment_members', 'segment_exemplars', 'segment_labels', 'segment_probabilities'] as const

/** In how many rows of each table a customer is. */
async function rowsOf(id: string): Promise<Readonly<Record<string, number>>> {
  const counts = tables.map(async (table) => {
    const [row] = await warehouse.rows<{ n: number }>(`select count(*) as n from ${table} where customer_id = $id`, {
      id,
    })
    return [table, row!.n] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}

test('who is erased is out of discovered and taught families, which go on, and their models are named', async () => {
  await discover({ method: 'medoids' })
  await discover({ method: 'dbscan', features })
  await discover({ method: 'hdbscan', features })
  const [typical] = await warehouse.rows<{ id: string }>(
    "select customer_id as id from segment_exemplars join segment_families using (model_id) where family = 'medoids' and segment = 0",
  )
  const { id } = typical!
  // Of the typical customer's kind, so that they are in the taught segment as well.
  const ids = Array.from({ length: 160 }, (_, at) => customerId(at))
  if (!ids.includes(id)) ids.push(id)
  const list = { ids, labels: ids.map((one) => (kindOf(one) === kindOf(id) ? 'yes' : 'no')) }
  const from = { kind: 'list', list, shown: 'labels.csv' } as const
  await teachFamily(warehouse, { name: 'mine', from, seed: 1 }, plantedMoment)

  const held = await rowsOf(id)
  for (const table of tables) expect(held[table], table).toBeGreaterThan(0)
  const { segments } = await viewCustomer(warehouse, id)
  expect(segments.find((segment) => segment.id === 'mine.1')).toMatchObject({ isLabelled: true })
  expect(segments.find((segment) => segment.id.startsWith('medoids.'))).toMatchObject({
    probability: null,
    reasons: [],
  })
  const { members } = await segmentMembers(warehouse, 'mine.1')
  expect(members.every(({ probability }) => probability !== null && probability > 0 && probability < 1)).toBe(true)
  const shown = await showSegment(warehouse, 'mine.1')
  expect(shown.taught).toMatchObject({ source: 'labels.csv', labelled: expect.any(Number) })
  expect(shown.taught!.members[0]).toMatchObject({
    isLabelled: false,
    reasons: [expect.any(String), expect.any(String), expect.any(String)],
  })

  const { modelsToRetrain } = await privacy.erase(id)
  const named = modelsToRetrain.filter(({ purpose }) => purpose === 'segments').map(({ kind }) => kind)
  expect(named.sort()).toEqual(['dbscan', 'hdbscan', 'medoids', expect.stringMatching(/^taught-/)])
  const nowhere = Object.fromEntries(tables.map((table) => [table, 0]))
  expect(await rowsOf(id)).toEqual(nowhere)
  const texts = await warehouse.rows(
    'select * from segment_families, models where segment_families.model_id = models.model_id',
  )
  expect(JSON.stringify(texts)).not.toContain(id)
  expect((await showSegment(warehouse, 'mine.1')).sample).not.toContain(id)

  await refreshSegments(warehouse, { asOf: plantedMoment, seed: 1 })
  expect(await rowsOf(id)).toEqual(nowhere)
  const families = await warehouse.rows<{ family: string; refresh: string; customers: number }>(
    `select family, result->>'$.refresh' as refresh, (result->>'$.customers')::integer as customers
    from segment_families order by family`,
  )
  expect(families.map(({ family }) => family)).toEqual(['dbscan', 'hdbscan', 'medoids', 'mine'])
  for (const { refresh, customers } of families) {
    expect(refresh).toMatch(/^Each analysis (puts everybody|asks the same model)/)
    expect(customers).toBe(239)
  }
  // Another of its group stands where the typical customer stood.
  const standing = await warehouse.rows<{ segment: number }>(
    "select segment from segment_exemplars join segment_families using (model_id) where family = 'medoids' order by segment",
  )
  expect(standing).toEqual([{ segment: 0 }, { segment: 1 }, { segment: 2 }])
}, 180_000)
