import { type Matrix, matrix, matrixFromRows } from '@rapport/numerics'
import { expect, test } from 'vitest'
import { readGolden } from '../../../../../tooling/golden.ts'
import { fitBoostingRanking } from '../fit-boosting-ranking.ts'
import type { NodeKernels } from '../node-kernels.ts'
import { predictBoostingMargin } from '../predict-boosting.ts'
import { lambdaLoss } from './lambda-loss.ts'

// Reference: LightGBM's lambdarank; made by golden/make/ranking.py. LightGBM looks its sigmoid up in a table and keeps
// slopes in single precision, so sums over the leaves of one tree agree to 1e-4 of the largest.
const { values: golden, agree } = readGolden<{
  readonly sizes: number[]
  readonly relevance: number[]
  readonly scores: number[]
  readonly weights: number[]
  readonly slopes: {
    readonly positions: number
    readonly weighted: boolean
    readonly leaf: number[]
    readonly values: number[]
    readonly hessians: number[]
  }[]
  readonly quality: { readonly ndcg10: number; readonly grades: number[] }
}>(new URL('../golden/ranking.json', import.meta.url))

/** Rows of queries that follow each other. */
function queriesOf(sizes: readonly number[]): Int32Array[] {
  let from = 0
  return sizes.map((size) => Int32Array.from({ length: size }, () => from++))
}

test.each(golden.slopes)(
  'slopes of $positions positions, weighted: $weighted, are those of LightGBM',
  async (expected) => {
    const { relevance, sizes, scores } = golden
    const { positions, leaf, values, hessians } = expected
    const weights = expected.weighted ? golden.weights : undefined
    const rows = { targets: relevance, weights, queries: queriesOf(sizes) }
    const pairs = new Float32Array(2 * scores.length)
    const memory = { margins: { view: Float64Array.from(scores) }, pairs: { view: pairs } }
    const objective = lambdaLoss(rows, { positions, gainOf: (grade) => 2 ** grade - 1 })
    await objective.updatePairs({ memory } as unknown as NodeKernels)
    const sums = values.map(() => [0, 0])
    leaf.forEach((at, row) => {
      sums[at]![0]! += pairs[2 * row]!
      sums[at]![1]! += pairs[2 * row + 1]!
    })
    const gradients = values.map((value, at) => -value * hessians[at]!)
    const scale = Math.max(...gradients.map(Math.abs))
    agree(
      'LambdaMART',
      sums.map(([gradient]) => gradient! / scale),
      gradients.map((gradient) => gradient / scale),
      1e-4,
    )
    agree(
      'LambdaMART',
      sums.map(([, hessian]) => hessian!),
      hessians,
      1e-4,
    )
  },
)

test('an order is learned as well as by LightGBM, on queries that were not trained on', async () => {
  const { data, grades } = madeQueries(450, 20, 8)
  expect([0, 1, 2, 3, 4].map((grade) => grades.filter((own) => own === grade).length)).toEqual(golden.quality.grades)
  const training = 300 * 20
  const model = await fitBoostingRanking(
    matrix(training, 8, data.values.slice(0, 8 * training)),
    grades.slice(0, training),
    grades.slice(0, training).map((_, row) => Math.floor(row / 20)),
    { seed: 1 },
  )
  const margins = predictBoostingMargin(model, matrix(data.rows - training, 8, data.values.slice(8 * training)))
  const found = meanNdcg(margins, grades.slice(training), 20, 10)
  console.log(`nDCG at 10: ${found.toFixed(4)}, LightGBM ${golden.quality.ndcg10.toFixed(4)}`)
  // The standard error of the mean of 150 queries is about 0.005.
  expect(found).toBeGreaterThan(golden.quality.ndcg10 - 0.005)
})

/** Uniform numbers by a hash of their place: the same as in golden/make/ranking.py. */
function hash(word: number): number {
  let x = word >>> 0
  x ^= x >>> 16
  x = Math.imul(x, 0x7feb352d) >>> 0
  x ^= x >>> 15
  x = Math.imul(x, 0x846ca68b) >>> 0
  return (x ^ (x >>> 16)) >>> 0
}

const uniform = (stream: number, at: number): number =>
  (hash(hash(at) ^ hash((stream + 0x9e3779b9) >>> 0)) + 0.5) / 4294967296

function madeQueries(queries: number, documents: number, columns: number): { data: Matrix; grades: number[] } {
  const rows = Array.from({ length: queries * documents }, (_, row) =>
    Array.from({ length: columns }, (_each, column) => uniform(1, row * columns + column)),
  )
  const grades = rows.map(([a, b, c, d], row) => {
    const score = 2 * a! + b! * c! * 3 + Math.abs(d! - 0.5) * 2 + uniform(2, row) * 1.5
    const height = Math.min(4, Math.max(0, (score - 1.5) * 1.5))
    return Math.min(4, Math.floor(uniform(3, row) * 0.8 + height))
  })
  return { data: matrixFromRows(rows), grades }
}

function meanNdcg(margins: Float64Array, grades: readonly number[], documents: number, positions: number): number {
  const sumOf = (gains: readonly number[]): number =>
    gains.slice(0, positions).reduce((sum, gain, rank) => sum + gain / Math.log2(2 + rank), 0)
  let sum = 0
  for (let from = 0; from < grades.length; from += documents) {
    const gains = grades.slice(from, from + documents).map((grade) => 2 ** grade - 1)
    const order = gains
      .map((_, at) => at)
      .sort((one, other) => margins[from + other]! - margins[from + one]! || one - other)
    const best = gains.slice().sort((one, other) => other - one)
    sum += sumOf(order.map((at) => gains[at]!)) / sumOf(best)
  }
  return sum / (grades.length / documents)
}
