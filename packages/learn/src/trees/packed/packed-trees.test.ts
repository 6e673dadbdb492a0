import { type Matrix, matrix, seededRandom, takeRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { type BoostingModel, type ColumnBins, joinTrees, type TreeNodes } from '../boosting-model.ts'
import { fitBoosting } from '../fit-boosting.ts'
import { fitBoostingClasses } from '../fit-boosting-classes.ts'
import { addTrees, marginsBefore, predictBoostingMargin } from '../predict-boosting.ts'
import { encodeRows, leafOf } from '../tree-walk.ts'
import { addTreesToBlocks } from './add-trees-to-blocks.ts'
import { addTreesToRow } from './add-trees-to-row.ts'

const columns = 4

/** Three columns of numbers with infinities, the last of categories; every eighth value is missing where `withGaps`; seed 1 lacks two categories. */
function someRows(rows: number, seed: number, withGaps: boolean): Matrix {
  const random = seededRandom(seed)
  const data = matrix(rows, columns)
  for (let at = 0; at < data.values.length; at += 1) {
    const value = at % columns === 3 ? 3 * random.integer(seed === 1 ? 40 : 42) : random.normal()
    data.values[at] = withGaps && random.integer(8) === 0 ? NaN : value
  }
  if (rows > 1) data.values.set([Infinity, -Infinity, 0, 3])
  return data
}

const labelsOf = ({ rows, values }: Matrix, classes: number): Float64Array => {
  const random = seededRandom(9)
  const signal = (value: number | undefined): number => (Number.isFinite(value) ? value! : 0)
  return Float64Array.from({ length: rows }, (_, row) => {
    const score = signal(values[columns * row]) + (signal(values[columns * row + 3]) % 2) + random.normal()
    return Math.min(classes - 1, Math.max(0, Math.floor(score + classes / 2)))
  })
}

/** The margins by going from node to node for each row and tree alone. */
function nodeByNode(trees: TreeNodes, bins: ColumnBins, baselines: Float64Array, data: Matrix): Float64Array {
  const margins = marginsBefore(baselines, data.rows)
  const own = new Float64Array(columns)
  for (let row = 0; row < data.rows; row += 1) {
    encodeRows(data.values, row, row + 1, bins, own)
    for (let tree = 0; tree < trees.starts.length - 1; tree += 1) {
      const leaf = leafOf(trees, trees.starts[tree]!, own, 0)
      margins[(tree % baselines.length) * data.rows + row]! += trees.values[leaf]!
    }
  }
  return margins
}

// Options, gaps in training, and whether blocks of rows and a row alone are packed.
const cases: readonly [string, { categorical?: number[]; leavesMax?: number }, boolean, boolean, boolean][] = [
  ['numbers', {}, false, true, true],
  ['missing values', {}, true, true, true],
  ['categories', { categorical: [3] }, true, true, false],
  ['trees too large for a byte', { leavesMax: 300 }, false, false, true],
]

test.each(cases)(
  'rows in blocks and a row alone give the bits of going from node to node: %s',
  async (_, options, gaps, ...packed) => {
    const data = someRows(2500, 1, gaps)
    const model = await fitBoosting(data, labelsOf(data, 2), { rounds: 12, rowsPerLeafMin: 2, seed: 1, ...options })
    const margins = new Float64Array(data.rows)
    expect([
      addTreesToBlocks(model.bins, model.trees, data, margins),
      addTreesToRow(model.trees, someRows(1, 1, gaps), margins.subarray(0, 1)),
    ]).toEqual(packed)
    // Unseen rows have categories that training has not seen, and gaps in any case.
    for (const rows of [1, 2, 15, 16, 63, 64, 65, 331]) {
      for (const unseen of [someRows(rows, rows, true), takeRows(data, Int32Array.of(rows % 3)), data]) {
        const expected = nodeByNode(model.trees, model.bins, Float64Array.of(model.baseline), unseen)
        expect(predictBoostingMargin(model, unseen)).toEqual(expected)
      }
    }
    const single = { ...data, values: Float32Array.from(data.values) }
    expect(predictBoostingMargin(model, single)).toEqual(
      predictBoostingMargin(model, { ...data, values: Float64Array.from(single.values) }),
    )
  },
)

test('several outputs take turns with the trees', async () => {
  const data = someRows(900, 2, true)
  const { trees, bins, baselines } = await fitBoostingClasses(data, labelsOf(data, 3), { rounds: 5, seed: 1 })
  for (const rows of [1, 100]) {
    const unseen = someRows(rows, 3, true)
    const margins = marginsBefore(baselines, rows)
    addTrees(bins, trees, unseen, margins)
    expect(margins).toEqual(nodeByNode(trees, bins, baselines, unseen))
  }
})

test('more trees than are kept at once take turns, each with its own answers', async () => {
  const data = someRows(400, 4, false)
  const labels = labelsOf(data, 2)
  const models: BoostingModel[] = []
  for (let seed = 1; seed <= 3; seed += 1) {
    const model = await fitBoosting(data, labels, { rounds: 10 + seed, rowsPerLeafMin: 5, learningRate: 0.001, seed })
    // Some 6 MB each where a row alone is predicted.
    const times = Math.ceil(250_000 / model.trees.columns.length)
    models.push({ ...model, trees: joinTrees(Array.from({ length: times }, () => model.trees)) })
  }
  const row = someRows(1, 5, false)
  const answers = models.map((model) => nodeByNode(model.trees, model.bins, Float64Array.of(model.baseline), row))
  expect(new Set(answers.map(([margin]) => margin)).size).toBe(3)
  for (let turn = 0; turn < 7; turn += 1) {
    expect(predictBoostingMargin(models[turn % 3]!, row)).toEqual(answers[turn % 3])
  }
})
