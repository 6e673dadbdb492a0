import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '@rapport/numerics'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { profileEverybody } from '../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../warehouse/index.ts'
import { readLapseData } from './lapse-training.ts'
import { plantedEnd, shopWithDriver, storeSales } from './planted-shop.contract.ts'
import { compareCandidates, predictLapse } from './predict-lapse.ts'
import { customerScores, topCustomers } from './stored-scores.ts'

let folder: string
let warehouse: Warehouse
const options = { asOf: plantedEnd, seed: 1 }

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-lapse-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
})

afterEach(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const scoresOf = () => warehouse.rows('select * from scores order by score, customer_id')

test('a planted reason to lapse is found, on customers and a time that no model saw', async () => {
  await storeSales(warehouse, shopWithDriver(1500, 7))
  const result = await predictLapse(warehouse, options)
  if (!result.found) throw new Error(result.because)
  const [recency, logistic, boosting] = result.candidates
  expect(logistic!.rocAucInterval.low).toBeGreaterThan(recency!.rocAucInterval.high)
  expect(boosting!.rocAuc).toBeGreaterThan(recency!.rocAuc)
  expect(result.chosen).not.toBe('recency only')
  expect(result.drivers.slice(0, 3).map(({ feature }) => feature)).toContain('first_source')
  // Calibrated: as many lapse as the probabilities add up to, within three standard errors.
  const seen = logistic!.calibration.reduce((sum, bin) => sum + bin.seen * bin.customers, 0)
  const said = logistic!.calibration.reduce((sum, bin) => sum + bin.predicted * bin.customers, 0)
  expect(Math.abs(seen - said)).toBeLessThan(3 * Math.sqrt(result.testCustomers * 0.25))

  const riskiest = await topCustomers(warehouse, 'lapse_probability', 30)
  expect(riskiest[0]!.value).toBe(result.examples[0]!.probability)
  const [score] = await customerScores(warehouse, riskiest[0]!.customerId)
  expect(score).toMatchObject({ score: 'lapse_probability', low: null, high: null, modelId: result.modelId })
  expect(score!.reasons.length).toBeGreaterThan(0)
  const words = riskiest.flatMap(({ reasons }) => reasons.map((reason) => reason.words))
  expect(words).toContain('source of the first purchase: ads, makes a lapse likelier')
  const [model] = await warehouse.rows<{ version: number; card: string }>('select version, card from models')
  expect(model!.version).toBe(1)
  expect(JSON.parse(model!.card)).toMatchObject({ judgedAsOf: '2025-05-01T00:00:00Z' })
})

test('in a shop where nobody’s habits matter no habit is a driver or a reason', async () => {
  await storeSales(warehouse, shopWithDriver(1500, 13))
  const result = await predictLapse(warehouse, options)
  if (!result.found) throw new Error(result.because)
  const idle = /_share$/
  expect(result.drivers.length).toBeGreaterThan(0)
  expect(result.drivers.filter(({ feature }) => idle.test(feature))).toEqual([])
  const riskiest = await topCustomers(warehouse, 'lapse_probability', 500)
  const reasons = riskiest.flatMap((customer) => customer.reasons.map(({ feature }) => feature))
  expect(reasons.length).toBeGreaterThan(0)
  expect(reasons.filter((feature) => idle.test(feature))).toEqual([])
  // The model does give them weight: it is what is said of it that leaves them out.
  const [model] = await warehouse.rows<{ card: string }>('select card from models')
  expect(JSON.parse(model!.card)).toMatchObject({ falseDriverRate: 0.05 })
  expect(result.drivers.reduce((sum, { importance }) => sum + importance, 0)).toBeLessThan(1)
})

test('with shuffled labels nothing is found', async () => {
  await storeSales(warehouse, shopWithDriver(1500, 9))
  const data = await readLapseData(warehouse, options)
  if (!data.found) throw new Error(data.because)
  const random = seededRandom(4)
  const shuffled = [data.learning, data.test].map((rows) => {
    const labels = rows.labels.slice()
    random.shuffle(labels)
    return { ...rows, labels }
  })
  const { qualities } = await compareCandidates(shuffled[0]!, shuffled[1]!, 1)
  for (const { rocAucInterval } of qualities) {
    // A candidate that learned nothing gives everybody the same score: an interval without width, but for rounding.
    expect(rocAucInterval.low).toBeLessThanOrEqual(0.5 + 1e-12)
    expect(rocAucInterval.high).toBeGreaterThanOrEqual(0.5 - 1e-12)
  }
})

test('the same seed gives the same bytes under a new version; an aborted run leaves the earlier scores', async () => {
  await storeSales(warehouse, shopWithDriver(700, 11))
  const first = await predictLapse(warehouse, options)
  const before = (await scoresOf()).map((row) => ({ ...row, model_id: '' }))
  const again = await predictLapse(warehouse, options)
  if (!first.found || !again.found) throw new Error('there is enough data')
  expect({ ...again, modelId: '' }).toEqual({ ...first, modelId: '' })
  expect(again.modelId).toBe(first.modelId.replace('-1', '-2'))
  const kept = await scoresOf()
  expect(kept.map((row) => ({ ...row, model_id: '' }))).toEqual(before)

  const stop = new AbortController()
  const work = {
    signal: stop.signal,
    onProgress: ({ stage }: { stage: string }) => {
      if (stage === 'lapse reasons') stop.abort()
    },
  }
  await expect(predictLapse(warehouse, options, work)).rejects.toMatchObject({ code: 'work.aborted' })
  expect(await scoresOf()).toEqual(kept)
})

test('too little data is a reason, and takes an earlier answer back', async () => {
  expect(await predictLapse(warehouse, options)).toEqual({
    found: false,
    because: 'no customer who may be profiled has bought anything',
  })
  await warehouse.run(
    "insert into scores values ('c1', 'lapse_probability', 0.5, null, null, null, 'old', now()), ('c1', 'lifetime_value', 1, null, null, null, 'old', now())",
  )
  await storeSales(warehouse, shopWithDriver(150, 3))
  const result = await predictLapse(warehouse, options)
  expect(result.found ? '' : result.because).toMatch(
    /^at least 200 customers must have been active at the training cut, got \d+$/,
  )
  expect(await warehouse.rows('select score from scores')).toEqual([{ score: 'lifetime_value' }])
})

test('a limit that makes no sense is refused', async () => {
  await expect(topCustomers(warehouse, 'lifetime_value', 0)).rejects.toThrow('from 1 to 10000, got 0')
})
