import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, type FeatureDefinition } from '@rapport/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { profileEverybody } from '../../consent/everybody-profiled.contract.ts'
import { openState, type State } from '../../state/index.ts'
import { openWarehouse, type Warehouse } from '../../warehouse/index.ts'
import { computeFeatures } from '../compute-features.ts'
import { planFeatures } from '../defined/plan-features.ts'
import { declareFeatures } from '../defined/stored-definitions.ts'
import { computeDefined } from '../point-in-time/compute-defined.ts'
import { storeEventRows, storeLineRows } from '../point-in-time/stored-facts.contract.ts'
import { type FeatureMatrix, featuresInMemory, readFeatures } from '../read-features.ts'
import { storeCatalogue } from '../store-facts.ts'
import { declaredReach } from './declared-catalogue.ts'
import { shareDefinitions } from './definitions-in-warehouse.ts'

const { difference, events, feature, lines, ratio, reference, score, trait } = build
const asOf = Date.parse('2025-06-15T12:00:00Z')
const day = 86_400_000

const definitions: readonly FeatureDefinition[] = [
  feature('quiz_answers', 'Answers to quizzes', events('Quiz Answered').count()),
  feature('quiz_week', 'Answers to quizzes this week', events('Quiz Answered').count().during('week')),
  feature('quiz_before', 'Answers before', difference(reference('quiz_answers'), reference('quiz_week'))),
  feature('quiz_topic', 'Topic of most quizzes', events('Quiz Answered').mostFrequent('properties.topic')),
  feature('topics_each', 'Topics for each order', ratio(reference('quiz_answers'), lines('sale').distinct('order_id'))),
  feature('orders_30d', 'Orders in the last 30 days', lines('sale').distinct('order_id').last(30, 'days')),
  feature('risk', 'Risk', score('lapse_probability')),
  feature('plan', 'Plan', trait('plan')),
]

let folder: string
let warehouse: Warehouse
let state: State

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rapport-declared-'))
  warehouse = await openWarehouse(folder)
  state = await openState(folder)
  await profileEverybody(warehouse)
  await warehouse.run(`insert into store_settings values ('currency', 'EUR'), ('timezone', 'Europe/Berlin')`)
  await state.transaction((queries) => declareFeatures(queries, definitions))
  await shareDefinitions(warehouse, state.queries)
  const quiz = (key: number, customer: string, daysAgo: number, topic: string) => ({
    ...{ key, customer, at: asOf - daysAgo * day, name: 'Quiz Answered', properties: JSON.stringify({ topic }) },
  })
  await storeEventRows(warehouse, [
    ...[quiz(1, 'ada', 1, 'shoes'), quiz(2, 'ada', 20, 'hats'), quiz(3, 'ada', 21, 'hats')],
    ...[quiz(4, 'ben', 40, 'shoes'), { key: 5, customer: 'cleo', at: asOf - day, name: 'Something Else' }],
  ])
  await storeLineRows(warehouse, [{ key: 1, customer: 'dora', order: 'o1', at: asOf - 2 * day }])
})

afterEach(async () => {
  await state.close()
  await warehouse.close()
  rmSync(folder, { recursive: true })
})

const valuesOf = ({ customerIds, names, matrix, categories }: FeatureMatrix) =>
  customerIds.map((customer, row) => [
    customer,
    ...names.map((name, column) => {
      const value = matrix.values[row * names.length + column]!
      return Number.isNaN(value) ? null : (categories.get(name)?.[value] ?? value)
    }),
  ])

test('declared features are in the catalogue under their names, and under another where one is taken', async () => {
  const catalogue = await storeCatalogue(warehouse, asOf)
  const declared = catalogue.filter(({ group }) => group === 'declared')
  expect(declared.map(({ name, type, trainable }) => [name, type, trainable])).toEqual([
    ['own_orders_30d', 'number', true],
    ['plan', 'category', true],
    ['quiz_answers', 'number', true],
    ['quiz_before', 'number', true],
    ['quiz_topic', 'category', true],
    ['quiz_week', 'number', true],
    ['risk', 'number', false],
    ['topics_each', 'number', true],
  ])
  expect(new Set(catalogue.map(({ name }) => name)).size).toBe(catalogue.length)
})

test('they are computed for everybody whom the catalogue is computed for, those with none of their facts included', async () => {
  await computeFeatures(warehouse, { asOf })
  const names = [
    'quiz_answers',
    'quiz_week',
    'quiz_before',
    'quiz_topic',
    'topics_each',
    'own_orders_30d',
    'orders_30d',
  ]
  expect(valuesOf(await readFeatures(warehouse, 'customer_features', names))).toEqual([
    ['ada', 3, 1, 2, 'hats', null, 0, 0],
    ['ben', 1, 0, 1, 'shoes', null, 0, 0],
    ['cleo', 0, 0, 0, null, null, 0, 0],
    ['dora', 0, 0, 0, null, 0, 1, 1],
  ])
})

test('each row of a training set has the value of its own moment, as computeDefined has it', async () => {
  const customers = ['ada', 'ada', 'ben', 'nobody']
  const moments = [asOf, asOf - 20 * day, asOf - 40 * day - 1, asOf]
  await warehouse.stage('wanted', { customer_id: customers, as_of: Float64Array.from(moments) })
  const names = ['quiz_answers', 'quiz_week', 'quiz_before', 'quiz_topic', 'topics_each']
  const read = await featuresInMemory(warehouse, { asOf, customers: 'wanted', names })
  expect(valuesOf(read)).toEqual([
    ['ada', 2, 1, 1, 'hats', null],
    ['ada', 3, 1, 2, 'hats', null],
    ['ben', 0, 0, 0, null, null],
    ['nobody', 0, 0, 0, null, null],
  ])
  const plan = planFeatures(definitions)
  const rows = await computeDefined(warehouse, plan, { listed: 'wanted' })
  expect(rows.map(({ key, values }) => [...key, ...names.map((name) => values[name])])).toEqual(valuesOf(read))
})

test('a model reads the definitions that it learned from after others were declared', async () => {
  const before = (await storeCatalogue(warehouse, asOf)).filter(({ name }) => name === 'quiz_before')
  const changed = feature('quiz_answers', 'Answers to quizzes', events('Quiz Answered').count().last(7, 'days'))
  await state.transaction((queries) => declareFeatures(queries, [changed]))
  await shareDefinitions(warehouse, state.queries)
  const values = async (catalogue: typeof before) =>
    valuesOf(await featuresInMemory(warehouse, { asOf, catalogue })).slice(0, 2)
  expect(await values(before)).toEqual([
    ['ada', 2],
    ['ben', 1],
  ])
  const after = (await storeCatalogue(warehouse, asOf)).filter(({ name }) => name === 'quiz_before')
  expect(await values(after)).toEqual([
    ['ada', 0],
    ['ben', 0],
  ])
  await expect(
    featuresInMemory(warehouse, { asOf, catalogue: [...before, { ...after[0]!, name: 'later' }] }),
  ).rejects.toThrow('features computed together must be of one version each, got two of quiz_answers')
})

test('windows say how far back they look', async () => {
  const catalogue = await storeCatalogue(warehouse, asOf)
  const reach = (wanted: string) => {
    const { definition } = catalogue.find(({ name }) => name === wanted)!
    return definition.kind === 'declared' ? declaredReach(definition) : null
  }
  expect(reach('own_orders_30d')).toEqual([{ of: 'line', days: 30 }])
  expect(reach('quiz_before')).toEqual([{ of: 'event', days: 7 }])
  expect(reach('plan')).toEqual([])
})
