import { seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { informationValue, lassoScores, selectColumns } from '../feature-selection/index.ts'
import { fitLogistic, type LogisticModel, predictLogistic } from '../linear/index.ts'
import { metricValue, rocAuc } from '../metrics/index.ts'
import { loadModel, saveModel } from '../persist/index.ts'
import { applyPreparation, fitPreparation, type PreparationPlan, table, takeTableRows } from '../preparation/index.ts'
import { crossValidate, stratifiedKFold } from '../selection/index.ts'
import { fitForest, predictForest } from '../trees/index.ts'
import { fitPipeline, type PipelineModel, pipelineColumnNames, pipelineRows, predictPipeline } from './index.ts'

const random = seededRandom(6)
const n = 1500
const rows = Array.from({ length: n }, (_, row) => row)
const age = Float64Array.from(rows, () => 20 + random.integer(60))
const spend = Float64Array.from(rows, () => random.gamma(1, 40))
const city = rows.map(() => ['Rome', 'Oslo', 'Lima'][random.integer(3)]!)
const labels = Float64Array.from(rows, (row) => {
  const score = (age[row]! - 50) / 12 + (city[row] === 'Rome' ? 1 : 0) - 2.5
  return random.uniform() < 1 / (1 + Math.exp(-score)) ? 1 : 0
})
const customers = table([
  { name: 'age', kind: 'number', values: age.map((value, row) => (row % 11 === 0 ? Number.NaN : value)) },
  { name: 'spend', kind: 'number', values: spend },
  { name: 'city', kind: 'text', values: city },
  { name: 'id', kind: 'text', values: rows.map((row) => `customer ${row}`) },
])
const plan: PreparationPlan = [
  { kind: 'number', columns: ['age', 'spend'], impute: 'neighbours', indicators: true },
  { kind: 'bins', columns: ['age'] },
  { kind: 'text', columns: ['city'] },
]
const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

test('the same as its parts one after the other', async () => {
  const pipeline = await fitPipeline(customers, labels, {
    plan,
    fit: ({ data, targets }) => fitLogistic(data, targets),
    seed: 1,
  })
  const preparation = fitPreparation(customers, plan)
  const data = applyPreparation(preparation, customers)
  expect(pipelineRows(pipeline, customers)).toEqual(data)
  expect(pipelineColumnNames(pipeline)).toEqual(preparation.columnNames)
  const model = fitLogistic(data, labels)
  expect(predictPipeline(pipeline, customers, predictLogistic)).toEqual(predictLogistic(model, data))
})

test('one value: saved and loaded it predicts the same bytes, of one row too', async () => {
  const pipeline = await fitPipeline(customers, labels, {
    plan,
    select: ({ data, targets }) =>
      selectColumns(lassoScores(data, targets, { task: 'classes', penalty: 20, seed: 1 }), { above: 0 }),
    resample: { method: 'smote' },
    fit: ({ data, targets }) => fitLogistic(data, targets),
    seed: 2,
  })
  const loaded = loadModel<PipelineModel<LogisticModel>>(saveModel(pipeline), 'pipeline')
  const all = predictPipeline(pipeline, customers, predictLogistic)
  expect(predictPipeline(loaded, customers, predictLogistic)).toEqual(all)
  expect(predictPipeline(loaded, takeTableRows(customers, [7]), predictLogistic)[0]).toBe(all[7])
  expect(pipelineColumnNames(loaded).length).toBeLessThan(10)
  expect(pipelineColumnNames(loaded)).toContain('age')
})

test('balanced inside, honest outside: out-of-fold probabilities have the mean of the labels', async () => {
  const folds = stratifiedKFold(labels, { folds: 3, seed: 1 })
  const { outOfFold, models } = await crossValidate(n, folds, {
    fit: (train) =>
      fitPipeline(
        takeTableRows(customers, train),
        Array.from(train, (row) => labels[row]!),
        {
          plan,
          resample: { method: 'over' },
          fit: ({ data, targets }) => fitLogistic(data, targets),
          seed: 3,
        },
      ),
    predict: (pipeline, test) => predictPipeline(pipeline, takeTableRows(customers, test), predictLogistic),
  })
  // Two standard errors of the share are 0.02.
  expect(Math.abs(mean(outOfFold) - mean(labels))).toBeLessThan(0.02)
  expect(metricValue(rocAuc(outOfFold, labels))).toBeGreaterThan(0.75)
  expect(mean(predictLogistic(models[0]!.model, pipelineRows(models[0]!, customers)))).toBeGreaterThan(
    mean(labels) + 0.1,
  )
})

test('under target encoding training rows do not see their own labels', async () => {
  const encoded: PreparationPlan = [{ kind: 'text', columns: ['id'], encode: 'target', smoothing: 0 }]
  const seen: Float64Array[] = []
  await fitPipeline(customers, labels, {
    plan: encoded,
    fit: ({ data, targets, origin }) => {
      seen.push(Float64Array.from(data.values), targets, Float64Array.from(origin))
      return { kind: 'nothing' }
    },
    seed: 1,
  })
  // An id for every row: its own label would be told whole.
  expect(metricValue(rocAuc(seen[0]!, seen[1]!))).toBeLessThan(0.6)
  expect(seen[2]).toEqual(Float64Array.from(rows))
})

test('any model: a forest, columns chosen by information value', async () => {
  const pipeline = await fitPipeline(customers, labels, {
    plan: [
      { kind: 'number', columns: ['age', 'spend'], scale: 'none' },
      { kind: 'text', columns: ['city'], encode: 'ordinal' },
    ],
    select: ({ data, targets, columnNames }) =>
      selectColumns(
        columnNames.map((name, column) => {
          const values = Float64Array.from(rows, (row) => data.values[row * data.columns + column]!)
          return informationValue({ name, kind: 'number', values }, targets).value
        }),
        { most: 2 },
      ),
    fit: ({ data, targets }) => fitForest(data, targets, { trees: 20, seed: 1 }),
    seed: 1,
  })
  expect(pipelineColumnNames(pipeline)).toEqual(['age', 'city'])
  const predicted = predictPipeline(pipeline, customers, (model, data) => {
    const shares = predictForest(model, data)
    return Float64Array.from({ length: data.rows }, (_, row) => shares.values[2 * row + 1]!)
  })
  expect(metricValue(rocAuc(predicted, labels))).toBeGreaterThan(0.8)
})

test('what means nothing is refused', async () => {
  const parts = { plan, fit: () => ({ kind: 'nothing' }), seed: 1 }
  await expect(fitPipeline(customers, [1], parts)).rejects.toThrow('targets must hold one number a row (1500), got 1')
  const hole = labels.map((label, row) => (row === 3 ? Number.NaN : label))
  await expect(fitPipeline(customers, hole, parts)).rejects.toThrow('every target must be finite, got NaN at row 3')
  await expect(
    fitPipeline(
      customers,
      labels.map(() => 0),
      { ...parts, resample: { method: 'over' } },
    ),
  ).rejects.toThrow('got class 0 only')
})
