import { type Matrix, matrixFromRows, rowOf, seededRandom, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { fitBoostingClasses } from '../trees/fit-boosting-classes.ts'
import { fitBoostingRegression } from '../trees/fit-boosting-regression.ts'
import { fitForest, fitForestRegression } from '../trees/forest/fit-forest.ts'
import { fitTree } from '../trees/forest/fit-tree.ts'
import { predictForest, predictForestRegression } from '../trees/forest/predict-forest.ts'
import { predictBoostingClasses, predictBoostingMargin } from '../trees/predict-boosting.ts'
import { explainBoosting, explainBoostingClasses } from './explain-boosting.ts'
import { explainForest } from './explain-forest.ts'
import type { PredictionExplanation } from './explain-trees.ts'

/** Numbers, gaps, categories and a constant; the number follows the first three together. */
function makeRows(rows: number, seed: number): { data: Matrix; number: number[]; classes: number[]; yes: number[] } {
  const random = seededRandom(seed)
  const number: number[] = []
  const values = Array.from({ length: rows }, () => {
    const [a, b, c] = [random.normal(), random.normal(), random.integer(6)]
    number.push(Math.exp(a * b + [1, -1, 2, -2, 0, 0][c]! / 2 + 0.2 * random.normal()))
    return [a, random.uniform() < 0.2 ? NaN : b, random.uniform() < 0.1 ? NaN : c, 5]
  })
  const classes = number.map((value) => (value > 2 ? 2 : value > 0.7 ? 1 : 0))
  return { data: matrixFromRows(values), number, classes, yes: classes.map((label) => Math.min(1, label)) }
}

const { data, number, classes, yes } = makeRows(500, 3)
const some = takeRows(
  data,
  Int32Array.from({ length: 60 }, (_, row) => 8 * row),
)
const boosted = { rounds: 12, categorical: [2], seed: 1 }
const grown = { trees: 12, categorical: [2], seed: 1 }

const sumOf = ({ base, contributions }: PredictionExplanation, row: number): number =>
  [...rowOf(contributions, row)].reduce((sum, part) => sum + part, base)

test.each(['squared', 'absolute', 'poisson'] as const)('boosting, %s: sums are margins', async (kind) => {
  const model = await fitBoostingRegression(data, number, { ...boosted, loss: { kind } })
  const explained = explainBoosting(model, some)
  predictBoostingMargin(model, some).forEach((margin, row) => {
    expect(Math.abs(sumOf(explained, row) - margin)).toBeLessThan(1e-9)
  })
})

test('boosting, classes: the softmax of the sums is the probabilities', async () => {
  const model = await fitBoostingClasses(data, classes, boosted)
  const explained = explainBoostingClasses(model, some)
  expect(explained.length).toBe(3)
  const { values } = predictBoostingClasses(model, some)
  for (let row = 0; row < some.rows; row += 1) {
    const odds = explained.map((own) => Math.exp(sumOf(own, row)))
    const total = odds.reduce((sum, one) => sum + one, 0)
    odds.forEach((one, output) => {
      expect(Math.abs(one / total - values[3 * row + output]!)).toBeLessThan(1e-9)
    })
  }
})

test.each(['best', 'random'] as const)('forests, %s: sums are predictions', async (thresholds) => {
  const forest = await fitForestRegression(data, number, { ...grown, thresholds })
  const [explained] = explainForest(forest, some)
  predictForestRegression(forest, some).forEach((prediction, row) => {
    expect(Math.abs(sumOf(explained!, row) - prediction)).toBeLessThan(1e-9)
  })
  const three = await fitForest(data, classes, { ...grown, thresholds, rowsPerLeafMin: 3 })
  const probabilities = predictForest(three, some).values
  explainForest(three, some).forEach((own, output) => {
    for (let row = 0; row < some.rows; row += 1) {
      expect(Math.abs(sumOf(own, row) - probabilities[3 * row + output]!)).toBeLessThan(1e-9)
    }
    expect(own.contributions.values[3]).toBe(0)
  })
})

test('one pruned tree of two classes: the explanation is of class 1, and unread columns get 0', async () => {
  const tree = await fitTree(data, yes, { penalty: 0.003, categorical: [2], seed: 1 })
  const explained = explainForest(tree, some)
  expect(explained.length).toBe(1)
  const { values } = predictForest(tree, some)
  for (let row = 0; row < some.rows; row += 1) {
    expect(Math.abs(sumOf(explained[0]!, row) - values[2 * row + 1]!)).toBeLessThan(1e-9)
    expect(rowOf(explained[0]!.contributions, row)[3]).toBe(0)
  }
})

test('other columns than the model has are refused', async () => {
  const forest = await fitForest(data, yes, { ...grown, trees: 1 })
  expect(() => explainForest(forest, matrixFromRows([[1]]))).toThrow('data must have the 4 columns')
})
