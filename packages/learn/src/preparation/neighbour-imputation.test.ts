import { type Matrix, matrix, matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { columnTransformerContract } from './column-transformer.contract.ts'
import { applyNeighbourImputation, fitNeighbourImputation } from './index.ts'

type Cells = (number | null)[][]

// Reference: scikit-learn 1.9.1 KNNImputer, after StandardScaler where scale is `standard`; made by
// golden/make/neighbour-imputation.py, with distances from differences (its own lose half of the digits). One row later
// shares no column with any donor. Sums are in another order: 1e-11.
const { values: golden, agree } = readGolden<{
  data: Cells
  laterData: Cells
  fits: { neighbours: number; voice: 'equal' | 'distance'; scale: 'none' | 'standard'; training: Cells; later: Cells }[]
}>(new URL('golden/neighbour-imputation.json', import.meta.url))
const toMatrix = (cells: Cells): Matrix => matrixFromRows(cells.map((row) => row.map((value) => value ?? Number.NaN)))
const training = toMatrix(golden.data)

test.each(golden.fits)('as scikit-learn: $neighbours neighbours, $voice, scale $scale', (fit) => {
  const model = fitNeighbourImputation(training, fit)
  for (const [data, expected] of [
    [training, fit.training],
    [toMatrix(golden.laterData), fit.later],
  ] as const) {
    agree('imputation by neighbours', applyNeighbourImputation(model, data).values, expected.flat(), 1e-11, 0.01)
  }
})

columnTransformerContract('neighbour imputation', {
  fit: (data) => fitNeighbourImputation(data, { neighbours: 3, voice: 'distance', indicators: true }),
  apply: applyNeighbourImputation,
  keepsMissing: false,
})

test('a donor at the same place speaks alone; of donors equally far the earlier is taken', () => {
  const rows = matrixFromRows([
    [1, 10],
    [1, 30],
    [2, 99],
  ])
  const asked = matrixFromRows([[1, Number.NaN]])
  const distance = fitNeighbourImputation(rows, { neighbours: 3, voice: 'distance', scale: 'none' })
  expect([...applyNeighbourImputation(distance, asked).values]).toEqual([1, 20])
  const one = fitNeighbourImputation(rows, { neighbours: 1, scale: 'none' })
  expect([...applyNeighbourImputation(one, asked).values]).toEqual([1, 10])
})

test('the indicators name the columns with holes in training only', () => {
  const model = fitNeighbourImputation(
    matrixFromRows([
      [1, Number.NaN],
      [3, 4],
    ]),
    { indicators: true },
  )
  expect([...model.indicated]).toEqual([1])
  expect([...applyNeighbourImputation(model, matrixFromRows([[Number.NaN, Number.NaN]])).values]).toEqual([2, 4, 1])
})

test('what means nothing is refused, and it stops when asked', () => {
  expect(() => fitNeighbourImputation(matrixFromRows([[Number.NaN, 1]]))).toThrow(
    'column 0 must have at least one value',
  )
  expect(() => fitNeighbourImputation(matrix(1, 1), { neighbours: 0 })).toThrow('a whole number ≥ 1, got 0')
  const model = fitNeighbourImputation(matrixFromRows([[1], [2]]))
  expect(() => applyNeighbourImputation(model, matrixFromRows([[Infinity]]))).toThrow('got Infinity at row 0')
  expect(() => applyNeighbourImputation(model, matrix(1, 1), { signal: AbortSignal.abort() })).toThrow('stopped')
})
