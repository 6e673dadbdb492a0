import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@rapport/numerics'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { currentFeatures, readFeatures } from '../../features/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { listFamilies } from '../placed/list-families.ts'
import { refreshSegments } from '../refresh-segments.ts'
import { listSegments } from '../stored-segments.ts'
import { discoverFamily } from './discover-family.ts'
import type { TaughtFamily } from './family-result.ts'
import { customerId, kindOf, plantedMoment, plantShop } from './planted-families.contract.ts'
import { type TeachRequest, teachFamily } from './teach-family.ts'

let folder: string
let warehouse: Warehouse

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-teach-'))
  warehouse = await openWarehouse(folder)
  await plantShop(warehouse, { customers: 400 })
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const teach = (request: Omit<TeachRequest, 'seed'>): Promise<TaughtFamily> =>
  teachFamily(warehouse, { seed: 1, ...request }, plantedMoment)

/** A list of the first customers with what they are. */
const listOf = (customers: number, labelOf: (id: string, at: number) => string): TeachRequest['from'] => {
  const ids = Array.from({ length: customers }, (_, at) => customerId(at))
  return { kind: 'list', list: { ids, labels: ids.map(labelOf) }, shown: 'labels.csv' }
}

const members = async (id: string): Promise<string[]> =>
  (
    await warehouse.rows<{ customer: string }>(
      'select customer_id as customer from segment_members where segment_id = $id order by all',
      { id },
    )
  ).map(({ customer }) => customer)

const probabilities = (id: string) =>
  warehouse.rows<{ customer: string; probability: number; is_labelled: boolean; reasons: string }>(
    'select customer_id as customer, probability, is_labelled, reasons from segment_probabilities where segment_id = $id order by 1',
    { id },
  )

test('a planted kind is learned from a list of some, with its quality, drivers and reasons; an analysis keeps it', async () => {
  // One label in ten is wrong.
  const random = seededRandom(3)
  const from = listOf(160, (id) => ((kindOf(id) === 2) !== random.uniform() < 0.1 ? 'yes' : 'no'))
  const result = await teach({ name: 'dear', from })
  const { taught } = result
  if (!taught.found) throw new Error(taught.reason)
  const [quality] = taught.quality
  expect(quality!.auc.value).toBeGreaterThan(0.8)
  expect(quality!.auc.low).toBeLessThan(quality!.auc.value)
  expect(quality!.precision!).toBeGreaterThan(quality!.baselinePrecision)
  expect(quality!.brier).toBeLessThan(quality!.baselineBrier)
  expect(Math.min(...taught.candidates.map(({ logLoss }) => logLoss))).toBeLessThan(taught.baselineLogLoss)
  const found = await members('dear.1')
  const added = found.filter((id) => Number(id.slice(1)) >= 160)
  const right = added.filter((id) => kindOf(id) === 2).length
  expect(right / added.length).toBeGreaterThan(0.9)
  expect(right / 80).toBeGreaterThan(0.9)
  const [segment] = taught.segments
  expect(segment).toMatchObject({ id: 'dear.1', name: 'Dear', customers: found.length })
  expect(segment!.drivers[0]!.label).toMatch(/average order value|money spent|price|Hats/)
  const told = await probabilities('dear.1')
  expect(told.map(({ customer }) => customer)).toEqual(found)
  expect(told.every(({ probability }) => probability > 0 && probability < 1)).toBe(true)
  expect((JSON.parse(told.at(-1)!.reasons) as { words: string }[])[0]!.words).toMatch(/usually|:/)
  // Who was said not to be in it stays out.
  const said = from.kind === 'list' ? from.list : undefined
  expect(said!.ids.filter((id, at) => said!.labels[at] === 'no' && found.includes(id))).toEqual([])
  await refreshSegments(warehouse, { asOf: plantedMoment, seed: 1, areFeaturesFresh: true })
  expect(await members('dear.1')).toEqual(found)
  expect(await probabilities('dear.1')).toEqual(told)
  // Nothing has moved since; an analysis of before did not look.
  expect(result.drift).toBe(undefined)
  const listed = (await listFamilies(warehouse)).find(({ family }) => family === 'dear')
  expect(listed!.drift).toMatchObject({ isAlarm: false, middles: [], shares: { verdict: 'steady' } })
  expect(listed!.drift!.inputs.length).toBeGreaterThan(3)
}, 120_000)

test('several classes become a segment each; customers like those of a segment are found', async () => {
  const kinds = ['shoes', 'bags', 'hats']
  const { taught } = await teach({ name: 'kinds', from: listOf(180, (id) => kinds[kindOf(id)]!) })
  if (!taught.found) throw new Error(taught.reason)
  expect(taught.quality.map((one) => one.class)).toEqual(['bags', 'hats', 'shoes'])
  expect(taught.segments.map(({ name }) => name)).toEqual(['Bags', 'Hats', 'Shoes'])
  const bags = await members('kinds.1')
  // Shares of a category alone say the kind, so that they are left out as leaks; prices and habits remain.
  expect(taught.segments.every(({ added }) => added > 20)).toBe(true)
  expect(bags.filter((id) => kindOf(id) === 1).length / bags.length).toBeGreaterThan(0.75)
  await discoverFamily(warehouse, { method: 'hdbscan', seed: 1 }, plantedMoment)
  const like = await teach({ name: 'like', from: { kind: 'segment', id: 'hdbscan.1' } })
  if (!like.taught.found) throw new Error(like.taught.reason)
  const [base, wide] = [await members('hdbscan.1'), await members('like.1')]
  expect(base.every((id) => wide.includes(id))).toBe(true)
  await refreshSegments(warehouse, { asOf: plantedMoment, seed: 1, areFeaturesFresh: true })
  expect(await members('like.1')).toEqual(wide)
}, 120_000)

test('labels by chance are a result with a reason, and take an earlier family back', async () => {
  await teach({ name: 'mine', from: listOf(200, (id) => (kindOf(id) === 2 ? 'yes' : 'no')) })
  expect((await listSegments(warehouse)).map(({ id }) => id)).toEqual(['mine.1'])
  const random = seededRandom(8)
  const { taught } = await teach({ name: 'mine', from: listOf(200, () => (random.uniform() < 0.4 ? 'yes' : 'no')) })
  expect(taught).toMatchObject({ found: false, reason: expect.stringContaining('no better than chance'.slice(3)) })
  expect(await listSegments(warehouse)).toEqual([])
  const [left] = await warehouse.rows<{ n: number }>('select count(*) as n from segment_labels')
  expect(left!.n).toBe(0)
}, 120_000)

test('a feature that alone says the label is left out, unless it was asked for', async () => {
  const { customerIds, matrix } = await readFeatures(warehouse, currentFeatures, ['orders'])
  const many = new Set(customerIds.filter((_, row) => matrix.values[row]! >= 8))
  const from = listOf(200, (id) => (many.has(id) ? 'yes' : 'no'))
  const left = await teach({ name: 'many', from })
  expect(left.leaks.map(({ feature }) => feature)).toContain('orders')
  expect(left).toMatchObject({ areLeaksLeftOut: true })
  const kept = await teach({ name: 'many', from, features: ['orders', 'spend'] })
  expect(kept.leaks.map(({ feature }) => feature)).toContain('orders')
  expect(kept.areLeaksLeftOut).toBe(false)
  expect(kept.taught.quality[0]!.auc.value).toBeGreaterThan(0.99)
}, 120_000)

test('what cannot be learned from is refused with the reason', async () => {
  const yesNo = (id: string): string => (kindOf(id) === 0 ? 'yes' : 'no')
  await expect(teach({ name: 'x', from: listOf(30, yesNo) })).rejects.toThrow('at least 40 customers')
  await expect(teach({ name: 'x', from: listOf(60, () => 'yes') })).rejects.toThrow('who is not in it as well')
  await expect(teach({ name: 'x', from: listOf(402, yesNo) })).rejects.toThrow(
    'got 2 of 402 that are not: c0400, c0401',
  )
  const twice = listOf(60, yesNo)
  const list = twice.kind === 'list' ? twice.list : { ids: [], labels: [] }
  const both = { ids: [...list.ids, 'c0000'], labels: [...list.labels, 'no'] }
  await expect(teach({ name: 'x', from: { kind: 'list', list: both, shown: 'x' } })).rejects.toThrow(
    'said to be one thing, got yes and no for c0000',
  )
  await expect(teach({ name: 'x', from: { kind: 'segment', id: 'rfm.champions' } })).rejects.toThrow(
    'the segment must be one that was found',
  )
  await expect(teach({ name: 'x', from: { kind: 'segment', id: 'x.1' } })).rejects.toThrow('of another family')
  await expect(teach({ name: 'discovered', from: listOf(60, yesNo) })).rejects.toThrow('--name must not be')
}, 60_000)

test('who refuses profiling is neither learned from nor added, and is not told apart from who did nothing', async () => {
  await warehouse.run(`insert into profiling_exceptions values ('${customerId(2)}')`)
  const from = listOf(160, (id) => (kindOf(id) === 2 ? 'yes' : 'no'))
  await warehouse.run(`delete from customer_features where customer_id = '${customerId(2)}'`)
  const result = await teach({ name: 'dear', from })
  expect(result.leftOut).toBe(1)
  expect(await members('dear.1')).not.toContain(customerId(2))
}, 60_000)
