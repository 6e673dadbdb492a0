import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { plantedEnd, shopWithDriver, storeSales } from '../planted-shop.contract.ts'
import {
  declarePrediction,
  evaluatePrediction,
  explainPrediction,
  forecastPrediction,
  modelVersions,
  namedPrediction,
  scorePrediction,
  trainPrediction,
  trainRequested,
  viewPrediction,
  viewPredictions,
} from './index.ts'
import { modelFormat } from './model-format.ts'

// Two models as they were stored before cards and models had a format: the file says by which commit.

interface StoredModel {
  readonly [column: string]: unknown
  readonly name: string
  readonly modelId: string
  readonly definition: object
}
const stored = JSON.parse(readFileSync(new URL('./fixtures/models-before-formats.json', import.meta.url), 'utf8')) as {
  readonly models: readonly StoredModel[]
}

let folder: string
let warehouse: Warehouse
const options = { asOf: plantedEnd, seed: 1, budgetMs: 1 }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-format-'))
  warehouse = await openWarehouse(folder)
  await profileEverybody(warehouse)
  await storeSales(warehouse, shopWithDriver(600, 7))
  for (const { name, modelId, kind, asOf, decidedAt, because, definition, card, fitted } of stored.models) {
    if (name !== 'revenue') await declarePrediction(warehouse, definition)
    const at = { instant: decidedAt as number }
    await warehouse.run('insert into models values ($id, $name, $kind, 1, $at, $asOf, $card, $fitted)', {
      ...{ id: modelId, name, kind: kind as string, at, asOf: { instant: asOf as number } },
      ...{ card: JSON.stringify(card), fitted: fitted as string },
    })
    await warehouse.run('insert into prediction_models values ($id, $name, 1, $definition, true, $because, $at)', {
      ...{ id: modelId, name, definition: JSON.stringify(definition), because: because as string, at },
    })
  }
})

afterAll(async () => {
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const because = (name: string) =>
  `${name}-1 must be of format ${modelFormat}, got none: it was made by an earlier version of Rapport; rapport predict train ${name} makes a new one`

test('of a model without a format all that can be asked is answered by how to make it anew', async () => {
  const [spending, revenue] = [
    await namedPrediction(warehouse, 'spending', plantedEnd),
    await namedPrediction(warehouse, 'revenue', plantedEnd),
  ]
  const refused = { code: 'predictions.format', message: because('spending') }
  await expect(scorePrediction(warehouse, spending, plantedEnd)).rejects.toMatchObject(refused)
  await expect(evaluatePrediction(warehouse, spending.prediction, options)).rejects.toMatchObject(refused)
  await expect(explainPrediction(warehouse, spending.prediction)).rejects.toMatchObject(refused)
  await expect(explainPrediction(warehouse, spending.prediction, 'c00001')).rejects.toMatchObject(refused)
  await expect(forecastPrediction(warehouse, revenue, plantedEnd)).rejects.toMatchObject({
    ...{ code: 'predictions.format', message: because('revenue') },
  })
})

test('it is listed as one that cannot be read', async () => {
  const [model] = await modelVersions(warehouse, 'spending')
  expect(model).toMatchObject({ serves: true, card: { kind: 'unread', because: because('spending') } })
  const seen = {
    ...{ modelId: 'spending-1', serves: true, method: 'as much as in the days before' },
    ...{ figures: [], baseline: null, unread: because('spending') },
  }
  const { predictions } = await viewPredictions(warehouse, plantedEnd)
  expect(predictions.find(({ name }) => name === 'spending')!.serving).toMatchObject(seen)
  const { models } = await viewPrediction(warehouse, 'spending', plantedEnd)
  expect(models).toMatchObject([{ ...seen, card: null }])
})

test('a new one takes its place, by itself where all in use are trained, and can be read', async () => {
  const done = await trainRequested(warehouse, { ...options, which: { kind: 'used' }, scores: true })
  expect(done.map(({ name }) => name)).toEqual(['revenue', 'spending'])
  expect(done[1]).toMatchObject({
    trained: {
      ...{ modelId: 'spending-2', serves: true },
      because: 'spending-1 was made by another version of Rapport and cannot be compared with it',
    },
    scored: { found: true, modelId: 'spending-2' },
  })
  const spending = await namedPrediction(warehouse, 'spending', plantedEnd)
  const again = await trainPrediction(warehouse, spending, options)
  expect(again).toMatchObject({ because: expect.stringMatching(/^not worse than spending-2 /) })
  const explained = await explainPrediction(warehouse, spending.prediction)
  expect(explained.card).toMatchObject({ kind: 'customers', format: modelFormat })
  expect((await viewPrediction(warehouse, 'spending', plantedEnd)).models.map(({ unread }) => unread)).toEqual([
    null,
    null,
    because('spending'),
  ])
})
