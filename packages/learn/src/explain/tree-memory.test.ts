import { type Matrix, matrix, matrixFromRows, rowOf, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitBoosting } from '../trees/fit-boosting.ts'
import { predictBoostingMargin } from '../trees/predict-boosting.ts'
import { explainBoosting } from './explain-boosting.ts'

function makeRows(rows: number, seed: number): { data: Matrix; labels: number[] } {
  const random = seededRandom(seed)
  const values = Array.from({ length: rows }, () => [random.normal(), random.normal(), random.normal()])
  return {
    data: matrixFromRows(values),
    labels: values.map(([a, b, c]) => (a! * b! + c! + random.normal() > 0 ? 1 : 0)),
  }
}

test('a row has the same contributions alone as among rows that go its way', async () => {
  const { data, labels } = makeRows(600, 1)
  const model = await fitBoosting(data, labels, { rounds: 20, leavesMax: 15, seed: 1 })
  const all = explainBoosting(model, data).contributions
  for (let row = 0; row < data.rows; row += 37) {
    const alone = explainBoosting(model, matrix(1, data.columns, Float64Array.from(rowOf(data, row))))
    expect(rowOf(alone.contributions, 0)).toEqual(rowOf(all, row))
  }
})

test('trees of more splits than a whole number has bits are explained too', async () => {
  const { data, labels } = makeRows(3000, 2)
  const model = await fitBoosting(data, labels, { rounds: 3, leavesMax: 60, rowsPerLeafMin: 5, seed: 1 })
  expect(model.trees.columns.filter((column) => column >= 0).length / model.rounds).toBeGreaterThan(31)
  const { base, contributions } = explainBoosting(model, data)
  const margins = predictBoostingMargin(model, data)
  for (let row = 0; row < data.rows; row += 1) {
    const sum = [...rowOf(contributions, row)].reduce((total, value) => total + value, base)
    expect(Math.abs(sum - margins[row]!)).toBeLessThan(1e-9)
  }
})
