import { expect, test } from 'vitest'
import { applyPreparation, fitPreparation, type PreparationPlan, table, takeTableRows } from './index.ts'

const customers = table([
  { name: 'age', kind: 'number', values: Float64Array.of(20, 30, Number.NaN, 60, 21, 59) },
  { name: 'spend', kind: 'number', values: Float64Array.of(1, 5, 90, 100, Number.NaN, 80) },
  { name: 'visits', kind: 'number', values: Float64Array.of(0, 0, 0, 0, 3, 9) },
  { name: 'city', kind: 'text', values: ['Rome', 'Oslo', null, 'Rome', 'Lima', 'Oslo'] },
])
const rounded = (values: ArrayLike<number>): number[] => Array.from(values, (value) => Math.round(value * 1e6) / 1e6)

test('missing numbers from similar rows, with indicators last', () => {
  const plan: PreparationPlan = [
    { kind: 'number', columns: ['age', 'spend'], impute: 'neighbours', indicators: true, scale: 'none' },
  ]
  const model = fitPreparation(customers, plan)
  expect(model.columnNames).toEqual(['age', 'spend', 'age is missing', 'spend is missing'])
  const prepared = applyPreparation(model, customers)
  // Five donors at most, which here are all that have the column.
  expect(rounded(prepared.values.slice(8, 12))).toEqual([(20 + 30 + 60 + 59) / 4, 90, 1, 0])
})

test('bins have a column each, or one number; what is missing is in none', () => {
  const model = fitPreparation(customers, [
    { kind: 'bins', columns: ['visits'] },
    { kind: 'bins', columns: ['age'], bins: 2, output: 'ordinal' },
  ])
  expect(model.columnNames).toEqual(['visits < 3', 'visits ≥ 3', 'age'])
  const later = table([
    { name: 'visits', kind: 'number', values: Float64Array.of(4, Number.NaN) },
    { name: 'age', kind: 'number', values: Float64Array.of(99, Number.NaN) },
  ])
  expect([...applyPreparation(model, later).values]).toEqual([0, 1, 1, 0, 0, Number.NaN])
})

test('products of standardised columns are standardised themselves', () => {
  const model = fitPreparation(customers, [{ kind: 'interactions', columns: ['age', 'spend'], distinct: false }])
  expect(model.columnNames).toEqual(['age × age', 'age × spend', 'spend × spend'])
  const { values } = applyPreparation(model, customers)
  for (const column of [0, 1, 2]) {
    const own = [0, 1, 2, 3, 4, 5].map((row) => values[row * 3 + column]!)
    expect(own.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12)
    expect(own.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(6, 12)
  }
})

test('hashed categories need no fit: the same city has the same column, and a new one has one too', () => {
  const model = fitPreparation(takeTableRows(customers, [0]), [
    { kind: 'text', columns: ['city'], encode: 'hash', hashColumns: 512 },
  ])
  expect(model.columnNames[511]).toBe('city # 511')
  const { values } = applyPreparation(model, customers)
  const places = [0, 1, 2, 3, 4, 5].map((row) =>
    values.slice(row * 512, (row + 1) * 512).findIndex((value) => value !== 0),
  )
  expect(places[0]).toBe(places[3])
  expect(places[1]).toBe(places[5])
  expect(new Set(places).size).toBe(4)
})

test('every kind of step at once, as one plain value', () => {
  const plan: PreparationPlan = [
    { kind: 'number', columns: ['age', 'spend'], impute: 'neighbours', indicators: true, reshape: 'log1p' },
    { kind: 'number', columns: ['visits'], reshape: 'quantiles' },
    { kind: 'bins', columns: ['age', 'visits'], method: 'k-means', bins: 2 },
    { kind: 'interactions', columns: ['age', 'spend', 'visits'] },
    { kind: 'text', columns: ['city'] },
    { kind: 'text', columns: ['city'], encode: 'hash' },
    { kind: 'text', columns: ['city'], encode: 'target' },
  ]
  const model = fitPreparation(customers, plan, { targets: [0, 1, 0, 1, 1, 0] })
  const prepared = applyPreparation(model, customers)
  expect(prepared.columns).toBe(model.columnNames.length)
  expect(applyPreparation(structuredClone(model), customers)).toEqual(prepared)
  // A row's values do not depend on the rows beside it.
  const one = applyPreparation(model, takeTableRows(customers, [4]))
  expect(one.values).toEqual(prepared.values.slice(4 * prepared.columns, 5 * prepared.columns))
})

test('what cannot be is refused with the column it is in', () => {
  const empty = table([{ name: 'gone', kind: 'number', values: Float64Array.of(Number.NaN) }])
  const odd = table([{ name: 'gone', kind: 'number', values: Float64Array.of(Infinity) }])
  const steps: PreparationPlan = [
    { kind: 'number', columns: ['gone'], impute: 'neighbours' },
    { kind: 'bins', columns: ['gone'] },
    { kind: 'interactions', columns: ['gone'], distinct: false },
  ]
  for (const step of steps) {
    expect(() => fitPreparation(empty, [step])).toThrow('column gone must have a value in training')
    expect(() => fitPreparation(odd, [step])).toThrow('column gone must be finite')
  }
  expect(() =>
    fitPreparation(customers, [{ kind: 'text', columns: ['city'], encode: 'hash', hashColumns: 0 }]),
  ).toThrow('columns must be a whole number from 1')
})
