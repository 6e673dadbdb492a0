import { type Matrix, matrix, matrixFromRows, rowOf, seededRandom } from '@rapport/numerics'
import { expect, test } from 'vitest'
import type { BoostingModel } from '../trees/boosting-model.ts'
import { fitBoosting } from '../trees/fit-boosting.ts'
import { goesLeft } from '../trees/tree-walk.ts'
import { explainBoosting } from './explain-boosting.ts'

function makeRows(rows: number, seed: number): { data: Matrix; labels: number[] } {
  const random = seededRandom(seed)
  const values = Array.from({ length: rows }, () => [random.normal(), random.normal(), random.normal()])
  return {
    data: matrixFromRows(values),
    labels: values.map(([a, b, c]) => (a! * b! + c! + random.normal() > 0 ? 1 : 0)),
  }
}

test.each([6, 15])(
  'trees of %i leaves: a row has the same contributions alone as among rows that go its way',
  async (leavesMax) => {
    const { data, labels } = makeRows(600, 1)
    const model = await fitBoosting(data, labels, { rounds: 20, leavesMax, seed: 1 })
    const all = explainBoosting(model, data).contributions
    for (let row = 0; row < data.rows; row += 37) {
      const alone = explainBoosting(model, matrix(1, data.columns, Float64Array.from(rowOf(data, row))))
      expect(rowOf(alone.contributions, 0)).toEqual(rowOf(all, row))
    }
  },
)

/** What a tree says when only some columns are known: unknown splits are averaged over by their numbers of training rows. */
function worth(
  trees: BoostingModel['trees'],
  root: number,
  row: ArrayLike<number>,
  known: ReadonlySet<number>,
): number {
  const column = trees.columns[root]!
  if (column < 0) return trees.values[root]!
  const children = [trees.lefts[root]!, trees.rights[root]!]
  if (known.has(column)) return worth(trees, children[goesLeft(trees, root, row[column]!) ? 0 : 1]!, row, known)
  return children.reduce(
    (sum, child) => sum + (trees.rows[child]! / trees.rows[root]!) * worth(trees, child, row, known),
    0,
  )
}

test.each([6, 40])('trees of %i leaves: contributions are Shapley values summed over all sets', async (leavesMax) => {
  const { data, labels } = makeRows(1500, 2)
  const model = await fitBoosting(data, labels, { rounds: 4, leavesMax, rowsPerLeafMin: 5, seed: 1 })
  const { contributions } = explainBoosting(model, data)
  const roots = [...model.trees.starts.subarray(0, model.rounds)]
  const all = (row: number, known: readonly number[]): number =>
    roots.reduce((sum, root) => sum + worth(model.trees, root, rowOf(data, row), new Set(known)), 0)
  for (let row = 0; row < 100; row += 1) {
    for (const column of [0, 1, 2]) {
      const [first, second] = [0, 1, 2].filter((other) => other !== column)
      const gain = (others: readonly number[]): number => all(row, [...others, column]) - all(row, others)
      const value = gain([]) / 3 + gain([first!]) / 6 + gain([second!]) / 6 + gain([first!, second!]) / 3
      expect(contributions.values[3 * row + column]).toBeCloseTo(value, 10)
    }
  }
})
