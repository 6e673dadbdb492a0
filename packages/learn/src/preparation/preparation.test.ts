import { expect, test } from 'vitest'
import {
  applyPreparation,
  columnNamed,
  crossFittedTargetEncoding,
  encodeCategories,
  fitCategories,
  fitPreparation,
  fitTargetEncoding,
  linearPlan,
  type PreparationPlan,
  prepareTraining,
  table,
  takeTableRows,
} from './index.ts'

const customers = table([
  { name: 'age', kind: 'number', values: Float64Array.of(20, Number.NaN, 40, 60) },
  { name: 'city', kind: 'text', values: ['Rome', 'Oslo', null, 'Rome'] },
  { name: 'note', kind: 'text', values: ['a', 'b', 'c', 'd'] },
])
const plan: PreparationPlan = [
  { kind: 'number', columns: ['age'], indicators: true, scale: 'none' },
  { kind: 'text', columns: ['city'] },
]

test('columns have readable names, and each row its values', () => {
  const model = fitPreparation(customers, plan)
  expect(model.columnNames).toEqual(['age', 'age is missing', 'city = Oslo', 'city = Rome', 'city = (missing)'])
  expect([...applyPreparation(model, customers).values]).toEqual([
    ...[20, 0, 0, 1, 0],
    ...[40, 1, 1, 0, 0],
    ...[40, 0, 0, 0, 1],
    ...[60, 0, 0, 1, 0],
  ])
})

test('columns are found by name, in any order and among others', () => {
  const model = fitPreparation(customers, plan)
  const reordered = table([customers.columns[2]!, customers.columns[1]!, customers.columns[0]!])
  expect(applyPreparation(model, reordered)).toEqual(applyPreparation(model, customers))
})

test('what training did not have is 0 in one-hot columns, NaN as an ordinal, the mean under target encoding', () => {
  const later = table([{ name: 'city', kind: 'text', values: ['Lima'] }])
  for (const [encode, expected] of [
    ['one-hot', [0, 0, 0]],
    ['ordinal', [Number.NaN]],
    ['target', [0.5]],
  ] as const) {
    const model = fitPreparation(customers, [{ kind: 'text', columns: ['city'], encode }], { targets: [1, 0, 0, 1] })
    expect([...applyPreparation(model, later).values]).toEqual(expected)
  }
})

test('rare categories share a column, and so do new ones then', () => {
  const model = fitCategories(['a', 'a', 'b', 'c', null], { rowsMin: 2 })
  expect(model.rare).toEqual(['b', 'c'])
  expect([...encodeCategories(model, ['a', 'b', 'c', 'new', null])]).toEqual([0, 1, 1, 1, 2])
})

test('a model that went through structuredClone prepares the same', () => {
  const model = fitPreparation(customers, [...plan, { kind: 'text', columns: ['note'], encode: 'target' }], {
    targets: [1, 0, 0, 1],
  })
  expect(applyPreparation(structuredClone(model), customers)).toEqual(applyPreparation(model, customers))
})

test('reshape and scale come after imputation, and nothing is learned from later rows', () => {
  const numbers = table([
    { name: 'spend', kind: 'number', values: Float64Array.of(0, Math.E - 1, Number.NaN, Math.E - 1) },
  ])
  const model = fitPreparation(numbers, [{ kind: 'number', columns: ['spend'], reshape: 'log1p', scale: 'min-max' }])
  const all = applyPreparation(model, numbers)
  expect(Array.from(all.values, (value) => Math.round(value * 1e9) / 1e9)).toEqual([0, 1, 1, 1])
  const one = applyPreparation(model, takeTableRows(numbers, [1]))
  expect(one.values[0]).toBe(all.values[1])
})

test('target encoding of training rows never uses their own labels', () => {
  const values = Array.from({ length: 30 }, (_, row) => (row % 3 === 0 ? 'x' : 'y'))
  const targets = values.map((_, row) => (row % 4 === 0 ? 1 : 0))
  const fold = values.map((_, row) => row % 5)
  const before = crossFittedTargetEncoding(values, targets, fold, { smoothing: 2 })
  const changed = targets.map((target, row) => (row === 7 ? 1 - target : target))
  const after = crossFittedTargetEncoding(values, changed, fold, { smoothing: 2 })
  expect(after[7]).toBe(before[7])
  expect(after[1]).not.toBe(before[1])

  const texts = table([{ name: 'v', kind: 'text', values }])
  const model = fitPreparation(texts, [{ kind: 'text', columns: ['v'], encode: 'target', smoothing: 2 }], { targets })
  expect(prepareTraining(model, texts, { targets, fold }).values).toEqual(before)
  expect(applyPreparation(model, texts).values).not.toEqual(before)
})

test('a category of its own for every row teaches nothing when it is cross-fitted', () => {
  const values = Array.from({ length: 40 }, (_, row) => `id${row}`)
  const targets = values.map((_, row) => row % 2)
  const encoded = crossFittedTargetEncoding(
    values,
    targets,
    values.map((_, row) => Math.floor(row / 2) % 4),
  )
  expect(encoded.every((value) => value === 0.5)).toBe(true)
  expect(fitTargetEncoding(values, targets).means.some((mean) => mean !== 0.5)).toBe(true)
})

test('the usual plan covers every column', () => {
  const { columnNames } = fitPreparation(customers, linearPlan(customers, 1))
  expect(columnNames).toHaveLength(1 + 3 + 4)
})

test('what cannot be is refused', () => {
  expect(() =>
    table([
      { name: 'a', kind: 'number', values: new Float64Array(2) },
      { name: 'b', kind: 'text', values: [] },
    ]),
  ).toThrow('every column must have 2 rows, b has 0')
  expect(() => table([customers.columns[0]!, customers.columns[0]!])).toThrow('column names must differ, got age twice')
  expect(() => columnNamed(customers, 'age', 'text')).toThrow('table must have a text column age, got one of number')
  expect(() => fitPreparation(customers, [])).toThrow('plan must name at least one column')
  expect(() => fitPreparation(takeTableRows(customers, []), plan)).toThrow('table must have at least one row')
  expect(() => fitPreparation(customers, [{ kind: 'text', columns: ['city'], encode: 'target' }])).toThrow(
    'needs targets',
  )
  const model = fitPreparation(customers, plan)
  expect(() => applyPreparation(model, table([customers.columns[0]!]))).toThrow('text column city, got none')
  expect(() => fitTargetEncoding(['a'], [Number.NaN])).toThrow('every target must be finite, got NaN at row 0')
  expect(() => fitTargetEncoding(['a'], [1], { smoothing: -1 })).toThrow(
    'smoothing must be finite and at least 0, got -1',
  )
  expect(() => crossFittedTargetEncoding(['a', 'b'], [1, 0], [0, 0])).toThrow('at least 2 folds')
  const spend = (...values: number[]) => table([{ name: 'spend', kind: 'number', values: Float64Array.from(values) }])
  const logged: PreparationPlan = [{ kind: 'number', columns: ['spend'], reshape: 'log1p' }]
  expect(() => fitPreparation(spend(Number.NaN), logged)).toThrow('column spend must have a value in training')
  expect(() => fitPreparation(spend(1, Infinity), logged)).toThrow('column spend must be at least 0 and finite')
  expect(() => applyPreparation(fitPreparation(spend(1, 2), logged), spend(1, -2))).toThrow('got -2 at row 1')
})
