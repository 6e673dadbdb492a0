import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayMs } from '../../base/index.ts'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { refreshStandings } from '../../consent/index.ts'
import { computeFeatures, readFeatures, storeCatalogue } from '../../features/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { plantedEnd, shopWithDriver, storeSales } from '../planted-shop.contract.ts'
import { publishScores } from '../publish.ts'
import { topCustomers } from '../stored-scores.ts'
import {
  allPredictions,
  checkPrediction,
  declarePrediction,
  explainPrediction,
  modelVersions,
  namedPrediction,
  scorePrediction,
  switchPrediction,
  trainPrediction,
  trainRequested,
  unusablePredictions,
} from './index.ts'

// A shop where only the source of the first purchase decides who comes back; see planted-shop.contract.ts.

let folder: string
let warehouse: Warehouse
const options = { asOf: plantedEnd, seed: 1, budgetMs: 60_000 }

const returning = {
  name: 'comes-back',
  label: 'a purchase in the next 60 days',
  population: { feature: 'recency_days', op: '<=', value: 60 },
  horizonDays: 60,
  target: { kind: 'happens', of: { purchase: true } },
} as const

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-predict-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await storeSales(warehouse, shopWithDriver(1500, 7))
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

test('a prediction is declared, trained, scored and explained, and its score is a feature', async () => {
  const declared = await declarePrediction(warehouse, returning)
  expect([declared.version, (await declarePrediction(warehouse, returning)).version]).toEqual([1, 1])
  const known = await namedPrediction(warehouse, 'comes-back', plantedEnd)
  const trained = await trainPrediction(warehouse, known, options)
  if (!trained.found) throw new Error(trained.because)
  expect(trained).toMatchObject({ modelId: 'comes-back-1', serves: true })
  const { card } = trained
  if (card.kind !== 'customers') throw new Error('it is about customers')
  expect(card.gain.mean).toBeGreaterThan(1.96 * card.gain.error)
  expect(card.drivers.slice(0, 2).map(({ feature }) => feature)).toContain('first_source')
  expect(card.data).toMatchObject({ judgedAsOf: '2025-05-01T00:00:00Z', until: '2025-06-30T00:00:00Z' })

  const scored = await scorePrediction(warehouse, known, plantedEnd)
  if (!scored.found) throw new Error(scored.because)
  const [top] = await topCustomers(warehouse, 'comes_back', 1)
  expect(top!.value).toBeLessThanOrEqual(1)
  const explained = await explainPrediction(warehouse, known.prediction, top!.customerId)
  expect(explained.score!.reasons[0]!.words).toMatch(/, makes it (likelier|less likely)$/)

  expect((await storeCatalogue(warehouse, plantedEnd)).find(({ name }) => name === 'comes_back')).toMatchObject({
    label: returning.label,
    trainable: false,
  })
  await computeFeatures(warehouse, { asOf: plantedEnd, names: ['comes_back'] })
  const read = await readFeatures(warehouse, 'customer_features')
  expect(read.matrix.values[read.customerIds.indexOf(top!.customerId)]).toBe(top!.value)
})

test('the same store and seed give the same model; it goes on serving where the newer one is no worse', async () => {
  const known = await namedPrediction(warehouse, 'comes-back', plantedEnd)
  const again = await trainPrediction(warehouse, known, options)
  expect(again).toMatchObject({ found: true, version: 2, serves: true })
  const [second, first] = await modelVersions(warehouse, 'comes-back')
  expect([second!.serves, first!.serves]).toEqual([true, false])
  expect({ ...second!.card, seconds: 0 }).toEqual({ ...first!.card, seconds: 0 })
  const fitted = await warehouse.rows<{ fitted: string }>("select fitted from models where purpose = 'comes-back'")
  expect(new Set(fitted.map((row) => row.fitted)).size).toBe(1)
  // Of models that do not serve only the newest can still be looked into.
  const stages: string[] = []
  const onProgress = ({ stage }: { readonly stage: string }): void => void stages.push(stage)
  await trainPrediction(warehouse, known, { ...options, budgetMs: 1 }, { onProgress })
  expect(stages).toContain('comes-back: methods')
  expect(stages.filter((stage) => !stage.startsWith('comes-back: '))).toEqual([])
  const kept = await warehouse.rows<{ version: number; size: number }>(
    "select version, length(fitted)::integer as size from models where purpose = 'comes-back' order by version",
  )
  expect(kept.map(({ size }) => size > 2)).toEqual([false, true, true])
  const [third] = await modelVersions(warehouse, 'comes-back')
  expect(third).toMatchObject({ version: 3, kind: 'recency only', serves: false })
  expect(third!.because).toMatch(
    /^worse than comes-back-2 on the newest hold-out, which goes on serving: log loss higher by /,
  )
})

test('who refuses the purpose is neither learned from nor scored, and is out at once', async () => {
  const known = await namedPrediction(warehouse, 'comes-back', plantedEnd)
  const [top] = await topCustomers(warehouse, 'comes_back', 1)
  const before = await checkPrediction(warehouse, known.prediction, options)
  await warehouse.run(`insert into consents values ('${top!.customerId}', 'profiling', false, 'consent', now(), 1)`)
  await refreshStandings(warehouse)
  expect((await topCustomers(warehouse, 'comes_back', 5000)).map(({ customerId }) => customerId)).not.toContain(
    top!.customerId,
  )
  const after = await checkPrediction(warehouse, known.prediction, options)
  if (!before.found || !after.found || !('test' in before) || !('test' in after)) throw new Error('both must be found')
  expect(before.training.population - after.training.population).toBeLessThanOrEqual(1)
  expect(after.test.customerIds).not.toContain(top!.customerId)
})

test('a purpose that nobody agreed to leaves nobody to learn from', async () => {
  await declarePrediction(warehouse, { ...returning, name: 'mail', purpose: 'marketing.email' })
  const known = await namedPrediction(warehouse, 'mail', plantedEnd)
  const refused = await trainPrediction(warehouse, known, options)
  expect(refused).toMatchObject({
    found: false,
    because: expect.stringMatching(
      /^at the training cut \(2025-03-02\) at least 200 customers must belong to the population, got 0: 200 more are needed \(\d{3} more do not agree to marketing\.email\); its population: days since the last purchase ≤ 60; import or send /,
    ),
  })
})

test('what the data do not hold is refused with the reason', async () => {
  const because = async (change: object): Promise<string> => {
    const { prediction } = await declarePrediction(warehouse, { ...returning, name: 'odd', ...change })
    const checked = await checkPrediction(warehouse, prediction, options)
    return checked.found ? 'found' : checked.because
  }
  const declareWider = 'or declare it with a wider population or a longer horizon (rapport predict define)'
  expect(await because({ target: { kind: 'happens', of: { event: 'Ticket Created' } } })).toBe(
    'no customer who may be profiled has an event named Ticket Created; import or send events named Ticket Created with the ' +
      `id of the customer, of more people or further back, ${declareWider}`,
  )
  expect(await because({ target: { kind: 'happens', of: { purchase: true, category: 'Hats' } } })).toBe(
    'nobody who may be profiled bought anything of the category Hats',
  )
  expect(await because({ horizonDays: 300 })).toMatch(
    /^records must go back 900 days .*, got \d+; import records of \d+ days more, or ask again when as many have passed$/,
  )
  for (const cutOff of ['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z']) {
    expect(await because({ cutOff })).toMatch(/^its cut-off must lie after the first records \(20.*\), got \d{4}-/)
  }
  expect(await because({ population: { feature: 'orders', op: '>', value: 1000 } })).toMatch(
    /got 0: 200 more are needed; its population: orders > 1000; /,
  )
  await expect(because({ cutOff: new Date(plantedEnd - 3 * dayMs).toISOString() })).rejects.toThrow(
    'must lie 60 days before',
  )
  await expect(because({ population: { segment: 'rfm.champions' } })).rejects.toThrow('got a segment')
  await expect(because({ score: 'orders' })).rejects.toThrow('must not have the name of a feature')
  // A category is found however its path is written, and only whole steps of it count.
  await expect(because({ target: { kind: 'happens', of: { purchase: true, category: ' Hats>Caps ' } } })).resolves.toBe(
    'nobody who may be profiled bought anything of the category Hats>Caps',
  )
  const conditions = { kind: 'happens', of: { event: 'x', where: { name: 'a\0b' } } }
  expect(await because({ target: conditions })).toMatch(/^no customer who may be profiled has an event named x; import/)
  await expect(because({ name: 'all' })).rejects.toThrow('/name must not be all')
  await expect(because({ target: { kind: 'series', of: 'revenue' } })).rejects.toThrow(
    '/population must be left out for a series',
  )
  await expect(because({ target: { kind: 'miracle' } })).rejects.toThrow(
    '/target/kind must fit: Invalid discriminator value',
  )
  await expect(because({ population: { all: [{ feature: 'recency', op: '<', value: 3 }] } })).rejects.toThrow(
    '/population/all/0/feature must be a feature of the catalogue, got recency',
  )
  await expect(because({ population: { all: [] } })).rejects.toThrow('/population/all must be a list')
  await expect(because({ features: ['money'] })).rejects.toThrow(
    '/features must be families or names of features, got money',
  )
  await expect(because({ cutOff: '2025-03-01' })).rejects.toThrow('/cutOff must be a moment such as')
  await expect(because({ target: { kind: 'happens', of: { category: 'Hats' } } })).rejects.toThrow(
    '/target/of/purchase must be true; a category goes beside it',
  )
})

test('any family of features will do, also without the number of orders; those that tell nothing are refused', async () => {
  const withOnly = async (family: string) => {
    await declarePrediction(warehouse, { ...returning, name: 'of-few', features: [family] })
    return trainPrediction(warehouse, await namedPrediction(warehouse, 'of-few', plantedEnd), {
      ...options,
      budgetMs: 1,
    })
  }
  for (const family of ['purchases', 'rhythm', 'habits', 'first purchase']) {
    expect([family, await withOnly(family)]).toMatchObject([family, { found: true }])
  }
  for (const family of ['engagement', 'traits']) {
    expect(await withOnly(family)).toMatchObject({
      found: false,
      because: expect.stringMatching(
        /^none of its \d+ features tells these customers apart: they come of orders, visits/,
      ),
    })
  }
})

test('one that is switched off while it is trained publishes nothing', async () => {
  const known = await namedPrediction(warehouse, 'comes-back', plantedEnd)
  await switchPrediction(warehouse, known.prediction, false)
  await expect(scorePrediction(warehouse, known, plantedEnd)).rejects.toThrow('comes-back must be switched on first')
  expect(await topCustomers(warehouse, 'comes_back', 1)).toEqual([])
  await switchPrediction(warehouse, known.prediction, true)
})

test('a score has one owner, and is not left behind where it is called otherwise', async () => {
  const taken = (name: string, score: string) => declarePrediction(warehouse, { ...returning, name, score })
  await expect(taken('other', 'comes_back')).rejects.toThrow('which is that of the prediction comes-back')
  await expect(taken('other', 'lapse_probability')).rejects.toThrow('which is that of the prediction lapse')
  await expect(taken('other', 'lifetime_value')).rejects.toThrow('which is that of the analysis')

  const scoresOf = async (): Promise<string[]> =>
    (await warehouse.rows<{ score: string }>('select distinct score from scores order by score')).map(
      ({ score }) => score,
    )
  const published = async (score: string): Promise<void> => {
    await taken('called', score)
    const known = await namedPrediction(warehouse, 'called', plantedEnd)
    await trainPrediction(warehouse, known, { ...options, budgetMs: 1 })
    await scorePrediction(warehouse, known, plantedEnd)
  }
  await published('earlier')
  expect(await scoresOf()).toEqual(['earlier'])
  await published('later')
  expect(await scoresOf()).toEqual(['later'])
  await taken('called', 'latest')
  const { prediction } = await namedPrediction(warehouse, 'called', plantedEnd)
  await switchPrediction(warehouse, prediction, false)
  expect(await scoresOf()).toEqual([])
  await switchPrediction(warehouse, prediction, true)
})

test('the analysis and a prediction never give two models one id', async () => {
  await declarePrediction(warehouse, { ...returning, name: 'lapse-boosting' })
  const known = await namedPrediction(warehouse, 'lapse-boosting', plantedEnd)
  const trained = await trainPrediction(warehouse, known, { ...options, budgetMs: 1 })
  expect(trained).toMatchObject({ modelId: 'lapse-boosting-1' })
  const model = { purpose: 'lapse', kind: 'boosting', asOf: plantedEnd, card: {}, fitted: {} }
  expect(await publishScores(warehouse, model, [], [])).toBe('lapse-boosting-2')
  expect(await trainPrediction(warehouse, known, { ...options, budgetMs: 1 })).toMatchObject({
    modelId: 'lapse-boosting-3',
    version: 3,
  })
})

test('a shipped one that the store holds nothing for is no prediction of it, with the reason', async () => {
  const because = 'no product that was bought has a category; import orders or products with categories'
  expect(await unusablePredictions(warehouse, plantedEnd)).toEqual([
    { name: 'category-purchase', because: expect.stringContaining(because) },
  ])
  const names = (await allPredictions(warehouse, plantedEnd)).map(({ prediction }) => prediction.definition.name)
  expect(names).toContain('lapse')
  expect(names).not.toContain('category-purchase')
  await expect(namedPrediction(warehouse, 'category-purchase', plantedEnd)).rejects.toThrow(because)
  const which = { kind: 'named', name: 'category-purchase' } as const
  expect(await trainRequested(warehouse, { ...options, which, scores: true })).toMatchObject([
    { name: 'category-purchase', trained: { found: false }, scored: null },
  ])
  // Somebody's own of the same name is asked as it stands.
  const own = {
    ...returning,
    name: 'category-purchase',
    target: { kind: 'happens', of: { purchase: true, category: 'Hats' } },
  }
  await declarePrediction(warehouse, own)
  expect(await unusablePredictions(warehouse, plantedEnd)).toEqual([])
})

test('one that is switched off has no scores, and is neither trained nor scored until it is on again', async () => {
  const { prediction } = await namedPrediction(warehouse, 'comes-back', plantedEnd)
  await switchPrediction(warehouse, prediction, false)
  expect(await topCustomers(warehouse, 'comes_back')).toEqual([])
  const off = await namedPrediction(warehouse, 'comes-back', plantedEnd)
  await expect(scorePrediction(warehouse, off, plantedEnd)).rejects.toThrow('must be switched on first')
  await switchPrediction(warehouse, prediction, true)
  expect((await allPredictions(warehouse, plantedEnd)).every(({ isOff }) => !isOff)).toBe(true)
})
