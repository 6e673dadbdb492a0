import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import {
  applyPreparation,
  applyTargetEncoding,
  encodeCategories,
  fitCategories,
  fitPreparation,
  fitQuantiles,
  fitScaling,
  fitTargetEncoding,
  table,
} from '../../preparation/index.ts'
import { applyIsotonic, fitIsotonic } from '../../selection/index.ts'
import { fitBoosting, predictBoosting } from '../../trees/index.ts'
import { exportedModels } from '../exported-models.contract.ts'
import { toSql } from './index.ts'
import { runInDuckDb, tableOf, worstDifference } from './to-sql.contract.ts'

// 1e-9 of a value's size: sums are added in another order, and exponentials are those of another library.
const sameMax = 1e-9

test.each(Object.entries(exportedModels))('%s: DuckDB says of every row what the model says', async (_, make) => {
  const { model, rows, said } = await make()
  const of = tableOf(rows)
  const { columns } = await runInDuckDb(model, of, { columns: of.columns.map(({ name }) => name) })
  expect(worstDifference(columns, said)).toBeLessThan(sameMax)
})

const words = [
  'it’s',
  "o'clock",
  '',
  'GOLD',
  'gold',
  '"; drop table t; --',
  'a\nb',
  '日本',
  '🛒',
  '__proto__',
  'nul\0nul',
]
const drawn = (n: number, of: readonly (string | null)[]) =>
  Array.from({ length: n }, (_, row) => of[(row * row + row) % of.length]!)
const known = drawn(120, [...words, null])
const asked = drawn(90, ['never seen', null, '\ud800', ...words.toReversed()])

test('words of any kind are found, as codes and as means of a target', async () => {
  const targets = known.map((_, row) => (row * 7) % 3)
  const rows = table([{ name: 'word', kind: 'text', values: asked }])
  const column = { columns: ['word'] }
  for (const rowsMin of [1, 11]) {
    const categories = fitCategories(known, { rowsMin })
    const codes = Float64Array.from(encodeCategories(categories, asked), (code) => (code < 0 ? Number.NaN : code))
    const { columns } = await runInDuckDb(categories, rows, column)
    expect(worstDifference(columns, { rows: asked.length, columns: 1, values: codes })).toBe(0)
  }
  const encoding = fitTargetEncoding(known, targets)
  const { columns } = await runInDuckDb(encoding, rows, column)
  const said = { rows: asked.length, columns: 1, values: applyTargetEncoding(encoding, asked) }
  expect(worstDifference(columns, said)).toBeLessThan(sameMax)
})

const customers = (seed: number, plans: readonly (string | null)[]) =>
  table([
    {
      name: 'spend',
      kind: 'number',
      values: Float64Array.from(plans, (_, row) => (row % 9 === 4 ? Number.NaN : (row * seed) % 37)),
    },
    { name: 'visits', kind: 'number', values: Float64Array.from(plans, (_, row) => (row * row * seed) % 101) },
    { name: 'age "now"', kind: 'number', values: Float64Array.from(plans, (_, row) => ((row * seed) % 29) - 9) },
    {
      name: 'left',
      kind: 'number',
      values: Float64Array.from(plans, (_, row) => (row % 5 === 0 ? Number.NaN : row) % 13),
    },
    { name: 'plan', kind: 'text', values: plans },
    { name: 'region', kind: 'text', values: plans.toReversed() },
  ])

test('a preparation, the model fitted to it and its calibration are one query', async () => {
  const training = customers(3, known)
  const labels = Float64Array.from(known, (_, row) => Number((row * 11) % 17 > 8))
  const preparation = fitPreparation(
    training,
    [
      { kind: 'number', columns: ['spend'], indicators: true, reshape: 'log1p' },
      { kind: 'number', columns: ['visits'], reshape: 'quantiles', scale: 'min-max' },
      { kind: 'number', columns: ['age "now"'], reshape: 'yeo-johnson', scale: 'robust' },
      { kind: 'number', columns: ['left'], impute: 'none', scale: 'none' },
      { kind: 'bins', columns: ['visits'], bins: 4 },
      { kind: 'interactions', columns: ['spend', 'visits'] },
      { kind: 'text', columns: ['plan'] },
      { kind: 'text', columns: ['region'], encode: 'target' },
    ],
    { targets: labels },
  )
  const rows = customers(5, asked)
  const prepared = applyPreparation(preparation, rows)
  const alone = await runInDuckDb([preparation, await pass(prepared.columns)], rows)
  expect(worstDifference(alone.columns, prepared)).toBeLessThan(sameMax)

  const model = await fitBoosting(applyPreparation(preparation, training), labels, {
    seed: 1,
    rounds: 20,
    rowsPerLeafMin: 5,
  })
  const scores = predictBoosting(model, applyPreparation(preparation, training))
  const calibration = fitIsotonic(scores, labels)
  const found = await runInDuckDb([preparation, model, calibration], rows)
  const values = applyIsotonic(calibration, predictBoosting(model, prepared))
  expect(found.names).toEqual(['calibrated'])
  expect(worstDifference(found.columns, { rows: rows.rows, columns: 1, values })).toBeLessThan(sameMax)
})

/** A scaling that changes nothing, behind which columns whose names differ in case only have numbers for names. */
const pass = async (columns: number) => ({
  kind: 'scaling' as const,
  method: 'standard' as const,
  centres: new Float64Array(columns),
  spreads: new Float64Array(columns).fill(1),
})

test('results of a preparation have the names of its columns', async () => {
  const rows = customers(3, ['basic', 'gold', null])
  const preparation = fitPreparation(rows, [
    { kind: 'number', columns: ['visits'] },
    { kind: 'text', columns: ['plan'] },
  ])
  const { names, columns } = await runInDuckDb(preparation, rows)
  expect(names).toEqual(preparation.columnNames)
  expect(worstDifference(columns, applyPreparation(preparation, rows))).toBeLessThan(sameMax)
})

test('what cannot be written is refused', () => {
  const model = fitIsotonic([1, 2], [0, 1])
  expect(() => toSql([], { from: 't' })).toThrow('at least one model')
  expect(() => toSql(model, { from: 't' })).toThrow('must be given the names of its columns')
  expect(() => toSql(model, { from: 't', columns: ['a', 'b'] })).toThrow('the 1 columns of its fit, got 2')
  expect(() => toSql(model, { from: 't', columns: ['a'], keep: ['Calibrated'] })).toThrow('got calibrated twice')
  const normal = fitQuantiles(matrixFromRows([[1], [2]]), { output: 'normal' })
  expect(() => toSql(normal, { from: 't', columns: ['a'] })).toThrow('got normal scores')
  expect(() => toSql({ kind: 'pca' } as never, { from: 't', columns: ['a'] })).toThrow('no SQL for a model of kind pca')
})

test('the text of one-hot columns grows with their number, not its square', () => {
  const lengthOf = (categories: number): number => {
    const values = Array.from({ length: 3 * categories }, (_, row) =>
      row < categories / 2 ? `rare ${row}` : `w${row % categories}`,
    )
    const model = fitPreparation(table([{ name: 'word', kind: 'text', values: [...values, null] }]), [
      { kind: 'text', columns: ['word'], rowsMin: 2 },
    ])
    return toSql(model, { from: 't' }).length
  }
  expect(lengthOf(2000) / lengthOf(200)).toBeLessThan(12)
})

test('a name that no table can have is refused', () => {
  const model = fitScaling(matrixFromRows([[1], [2]]))
  expect(() => toSql(model, { from: 't', columns: ['a\0b'] })).toThrow('a name must hold no zero byte, got "a\\u0000b"')
  expect(() => toSql(model, { from: 't', columns: ['a\ud800'] })).toThrow(
    'a name must be whole characters, got "a\\ud800"',
  )
})
