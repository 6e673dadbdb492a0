import { matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../tooling/golden.ts'
import { classWeights } from './index.ts'
import { sameClassNeighbours, writeSynthetic } from './synthetic-rows.ts'

// Reference: imbalanced-learn 0.14.2 SMOTE and SMOTENC (five neighbours), with the numbers that they drew, and scikit-learn
// 1.9.1 compute_class_weight; made by golden/make/sampling.py. Interpolation may round in another order: 1e-14.
const { values: golden, agree } = readGolden<{
  labels: number[]
  weights: number[]
  perClass: number[]
  perClassWeighted: number[]
  perRow: number[]
  synthetic: {
    name: string
    categorical: number[]
    members: number[][]
    near: number[][]
    rows: number[]
    neighbours: number[]
    parts: number[]
    values: number[][]
  }[]
}>(new URL('golden/sampling.json', import.meta.url))

test('class weights as scikit-learn, with and without weights of rows', () => {
  const { perClass, rows } = classWeights(golden.labels)
  agree('class weights', perClass, golden.perClass, 1e-14)
  agree('class weights', rows, golden.perRow, 1e-14)
  agree('class weights', classWeights(golden.labels, golden.weights).perClass, golden.perClassWeighted, 1e-14)
})

test.each(golden.synthetic)('new rows as imbalanced-learn from its own draws: $name', (of) => {
  const members = matrixFromRows(of.members)
  const near = sameClassNeighbours(members, 5, of.categorical)
  expect([...near.rows]).toEqual(of.near.flat())
  of.values.forEach((expected, at) => {
    const made = new Float64Array(members.columns)
    const pick = { row: of.rows[at]!, neighbour: of.neighbours[at]!, part: of.parts[at]! }
    writeSynthetic(members, near, of.categorical, pick, made, 0)
    agree('SMOTE', made, expected, 1e-14)
  })
})
