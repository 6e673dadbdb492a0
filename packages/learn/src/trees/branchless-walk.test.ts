import { matrix, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitBoosting } from './fit-boosting.ts'
import { fitForest } from './forest/fit-forest.ts'
import { forestMeans } from './forest/predict-forest.ts'
import { predictBoostingMargin } from './predict-boosting.ts'
import { leafOf } from './tree-walk.ts'

const random = seededRandom(5)
const rows = 301
const data = matrix(
  rows,
  3,
  new Float64Array(rows * 3).map(() => random.normal()),
)
data.values.set([Infinity, -Infinity, 0], 30)
const labels = Float64Array.from({ length: rows }, (_, row) => (data.values[3 * row]! > random.normal() ? 1 : 0))
const part = (from: number, to: number) => matrix(to - from, 3, data.values.slice(3 * from, 3 * to))

test('rows side by side, a row alone, and leaf by leaf give the same bits', async () => {
  const model = await fitBoosting(data, labels, { rounds: 9, seed: 1 })
  const { starts, values } = model.trees
  const together = predictBoostingMargin(model, data)
  for (let row = 0; row < rows; row += 1) {
    const own = Float64Array.from(data.values.subarray(3 * row, 3 * row + 3))
    let margin = model.baseline
    for (const root of starts.subarray(0, -1)) margin += values[leafOf(model.trees, root, own, 0)]!
    expect(together[row]).toBe(margin)
    expect(predictBoostingMargin(model, part(row, row + 1))[0]).toBe(margin)
  }
})

test('a missing value leaves what its neighbours are predicted as they are', async () => {
  const model = await fitForest(data, labels, { trees: 7, seed: 1 })
  const whole = forestMeans(model, data)
  const withGap = matrix(rows, 3, data.values.slice())
  withGap.values[3 * 100] = NaN
  const gapped = forestMeans(model, withGap)
  whole.forEach((mean, row) => {
    if (row !== 100) expect(gapped[row]).toBe(mean)
  })
  expect(Number.isFinite(gapped[100]!)).toBe(true)
  expect(forestMeans(model, part(100, 101))[0]).toBe(whole[100])
})
