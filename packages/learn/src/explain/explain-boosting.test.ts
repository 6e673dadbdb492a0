import { type Matrix, matrixFromRows, rowOf, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import type { BoostingModel, TreeNodes } from '../trees/boosting-model.ts'
import { fitBoosting } from '../trees/fit-boosting.ts'
import { predictBoostingMargin } from '../trees/predict-boosting.ts'
import { encodeRows, goesLeft, rowsOfBlock } from '../trees/tree-walk.ts'
import { explainBoosting } from './explain-boosting.ts'

/** Numbers, numbers with gaps, categories with gaps and a constant; the label follows the first three together. */
function makeRows(rows: number, seed: number): { data: Matrix; labels: number[] } {
  const random = seededRandom(seed)
  const labels: number[] = []
  const values = Array.from({ length: rows }, () => {
    const [a, b, c, d] = [random.normal(), random.normal(), random.integer(6), random.normal()]
    labels.push(random.uniform() < 1 / (1 + Math.exp(-(2 * a * b + [1, -1, 2, -2, 0, 0][c]! + d))) ? 1 : 0)
    return [a, random.uniform() < 0.2 ? NaN : b, random.uniform() < 0.1 ? NaN : c, d, 5]
  })
  return { data: matrixFromRows(values), labels }
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)

test('base and contributions of a row sum to its margin', async () => {
  const { data, labels } = makeRows(1500, 3)
  const model = await fitBoosting(data, labels, { rounds: 30, categorical: [2], seed: 1 })
  const unseen = makeRows(100, 4).data
  unseen.values[2] = 99
  const { base, contributions } = explainBoosting(model, unseen)
  const margins = predictBoostingMargin(model, unseen)
  for (let row = 0; row < unseen.rows; row += 1) {
    expect(Math.abs(base + sum(rowOf(contributions, row)) - margins[row]!)).toBeLessThan(1e-9)
  }
})

test('contributions are the Shapley values that all orders of the columns give', async () => {
  const { data, labels } = makeRows(400, 5)
  const options = { rounds: 4, leavesMax: 9, rowsPerLeafMin: 5, learningRate: 0.5, categorical: [2], seed: 1 }
  const model = await fitBoosting(data, labels, options)
  const some = makeRows(25, 6).data
  const { base, contributions } = explainBoosting(model, some)
  expect(base).toBeCloseTo(worth(model, some, 0, []), 12)
  for (let row = 0; row < some.rows; row += 1) {
    const expected = shapleyByAllSets(some.columns, (known) => worth(model, some, row, known))
    rowOf(contributions, row).forEach((contribution, column) => {
      expect(Math.abs(contribution - expected[column]!)).toBeLessThan(1e-10)
    })
  }
})

test('a column that no tree asks contributes nothing', async () => {
  const { data, labels } = makeRows(400, 7)
  const model = await fitBoosting(data, labels, { rounds: 10, seed: 1 })
  const { contributions } = explainBoosting(model, data)
  for (let row = 0; row < data.rows; row += 1) expect(rowOf(contributions, row)[4]).toBe(0)
})

test('data with other columns than the model has are refused', async () => {
  const { data, labels } = makeRows(100, 8)
  const model = await fitBoosting(data, labels, { rounds: 1, seed: 1 })
  expect(() => explainBoosting(model, matrixFromRows([[1, 2]]))).toThrow('data must have the 5 columns')
})

/** The model's mean margin when only the columns of `known` are known, by walking every branch. */
function worth({ bins, trees, baseline }: BoostingModel, data: Matrix, row: number, known: readonly number[]): number {
  const block = new Float64Array(rowsOfBlock * data.columns)
  encodeRows(data.values, row, row + 1, bins, block)
  const below = (node: number): number => {
    const column = trees.columns[node]!
    if (column < 0) return trees.values[node]!
    const [left, right] = [trees.lefts[node]!, trees.rights[node]!]
    if (known.includes(column)) return below(goesLeft(trees, node, block[column]!) ? left : right)
    return (rowsAt(trees, left) * below(left) + rowsAt(trees, right) * below(right)) / rowsAt(trees, node)
  }
  return baseline + sum(Array.from(trees.starts.slice(0, -1), below))
}

const rowsAt = (trees: TreeNodes, node: number): number => trees.rows[node]!

function shapleyByAllSets(columns: number, worthOf: (known: readonly number[]) => number): number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  return Array.from({ length: columns }, (_, column) => {
    const others = Array.from({ length: columns }, (_each, other) => other).filter((other) => other !== column)
    let value = 0
    for (let set = 0; set < 2 ** others.length; set += 1) {
      const known = others.filter((_other, at) => (set >> at) & 1)
      const weight = (factorial(known.length) * factorial(columns - known.length - 1)) / factorial(columns)
      value += weight * (worthOf([...known, column]) - worthOf(known))
    }
    return value
  })
}
