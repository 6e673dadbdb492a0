import {
  checkFinite,
  type Matrix,
  nextTurn,
  type Random,
  RapportError,
  seededRandom,
  type Work,
} from '@rapport/numerics'
import { checkedWeights } from '../linear/checked-numbers.ts'
import { quantileOf } from '../preparation/quantile.ts'
import { firstAbove, runningSums } from '../sampling/first-above.ts'
import { weightedQuantile } from '../trees/objectives/weighted-quantile.ts'
import { averagePath, IsolationTree } from './isolation-tree.ts'

export interface IsolationForestOptions {
  /** Trees, ≥ 1. Default 100. */
  readonly trees?: number
  /** Rows that each tree is grown on, ≥ 2; at most the rows that there are. More hide outliers behind each other. Default 256. */
  readonly sample?: number
  /** Share of the training rows to be called outliers, 0 … 0.5. Default: those that score above 0.5, as the paper has it. */
  readonly share?: number
  /**
   * `[n]` each ≥ 0: a weight of 2 counts as the row twice. Trees then grow on rows drawn with replacement, as often as they weigh.
   * Default: on different rows, all alike.
   */
  readonly weights?: ArrayLike<number>
  /** The same seed, data and options give the same trees. */
  readonly seed: number
}

/** What `fitIsolationForest` found. Plain data. */
export interface IsolationForestModel {
  readonly kind: 'isolation-forest'
  readonly columns: number
  /** Rows that each tree was grown on. */
  readonly sample: number
  /** Rows with a score above it are outliers. */
  readonly threshold: number
  /** `[trees + 1]` tree `t` has the nodes `starts[t] … starts[t + 1] − 1`; the first is its root. */
  readonly starts: Int32Array
  /** `[nodes]` the column that is asked; −1 in a leaf. */
  readonly asked: Int32Array
  /** `[nodes]` values up to this go left, which is the next node; in a leaf the length of the path to it. */
  readonly bounds: Float64Array
  /** `[nodes]` the node for larger values, counted from the tree's root. */
  readonly right: Int32Array
}

/**
 * Finds rows that random cuts part from all others soon: out of the ordinary in several columns together, of any shape, and
 * without distances, so columns need no common scale.
 *
 * @param data `[n × d]`, n ≥ 2, finite (impute first)
 * @throws RapportError `isolation-forest.data`, `isolation-forest.missing`, `isolation-forest.options`,
 *   `isolation-forest.weights`, `work.aborted`
 *
 * Cost: O(trees · sample · log sample), whatever n; scoring O(trees · log sample) a row.
 * Source: Liu, Ting & Zhou, "Isolation-based anomaly detection", ACM TKDD 6(1), 2012. As scikit-learn's `IsolationForest`.
 *
 * @example
 * const model = await fitIsolationForest(customers, { seed: 1 })
 * isolationScores(model, customers) // near 1: far out; below 0.5: ordinary
 */
export async function fitIsolationForest(
  data: Matrix,
  { trees = 100, sample = 256, share, weights, seed }: IsolationForestOptions,
  work?: Work,
): Promise<IsolationForestModel> {
  checkFinite('isolation-forest', data)
  checkOptions(data, trees, sample, share)
  const random = seededRandom(seed)
  const weighed = weights === undefined ? undefined : checkedWeights('isolation-forest', data.rows, weights)
  const size = weighed === undefined ? Math.min(sample, data.rows) : sample
  const draw = weighed === undefined ? drawRows : drawByWeight(weighed)
  const grown: IsolationTree[] = []
  for (let tree = 0; tree < trees; tree += 1) {
    await nextTurn(work)
    const own = random.fork(tree)
    grown.push(new IsolationTree(data, draw(data.rows, size, own), own))
    work?.onProgress?.({ stage: 'isolation tree', done: tree + 1, total: trees })
  }
  const starts = new Int32Array(trees + 1)
  grown.forEach((tree, at) => {
    starts[at + 1] = starts[at]! + tree.asked.length
  })
  const model: IsolationForestModel = {
    kind: 'isolation-forest',
    columns: data.columns,
    sample: size,
    threshold: 0.5,
    starts,
    asked: Int32Array.from(grown.flatMap((tree) => tree.asked)),
    bounds: Float64Array.from(grown.flatMap((tree) => tree.bounds)),
    right: Int32Array.from(grown.flatMap((tree) => tree.right)),
  }
  if (share === undefined) return model
  const scores = isolationScores(model, data)
  const threshold =
    weighed === undefined ? quantileOf(scores.sort(), 1 - share) : weightedQuantile(scores, weighed, 1 - share)
  return { ...model, threshold }
}

/**
 * How out of the ordinary each row is.
 *
 * @param data `[n × d]` with the columns of the fit, finite
 * @returns `[n]` in (0, 1): near 1 for outliers; about 0.5 for all where there are none
 * @throws RapportError `isolation-forest.columns`, `isolation-forest.missing`
 */
export function isolationScores(model: IsolationForestModel, data: Matrix): Float64Array {
  if (data.columns !== model.columns) {
    throw new RapportError(
      'isolation-forest.columns',
      `data must have the ${model.columns} columns of the fit, got ${data.columns}`,
    )
  }
  if (data.rows > 0) checkFinite('isolation-forest', data)
  const { starts, asked, bounds, right } = model
  const trees = starts.length - 1
  const whole = trees * averagePath(model.sample)
  return Float64Array.from({ length: data.rows }, (_, row) => {
    let path = 0
    for (let tree = 0; tree < trees; tree += 1) {
      const root = starts[tree]!
      let node = root
      while (asked[node]! >= 0) {
        node = data.values[row * data.columns + asked[node]!]! <= bounds[node]! ? node + 1 : root + right[node]!
      }
      path += bounds[node]!
    }
    return 2 ** (-path / whole)
  })
}

/** Where all rows are equal, sums of equal paths miss one half by rounding. */
const scoreRounding = 1e-12

/** `[n]` 1 for rows that score above the model's threshold. */
export const isolationOutliers = (model: IsolationForestModel, data: Matrix): Uint8Array =>
  Uint8Array.from(isolationScores(model, data), (score) => (score > model.threshold + scoreRounding ? 1 : 0))

/** `size` different rows. */
function drawRows(rows: number, size: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  if (size === rows) return order
  // The first steps of a shuffle.
  for (let at = 0; at < size; at += 1) {
    const other = at + random.integer(rows - at)
    const held = order[at]!
    order[at] = order[other]!
    order[other] = held
  }
  return order.slice(0, size)
}

/** Draws rows with replacement, each with the chance of its share of all weights. */
function drawByWeight(weights: Float64Array): (rows: number, size: number, random: Random) => Int32Array {
  const reached = runningSums(weights)
  return (rows, size, random) =>
    Int32Array.from({ length: size }, () => firstAbove(reached, random.uniform() * reached[rows - 1]!))
}

function checkOptions(data: Matrix, trees: number, sample: number, share: number | undefined): void {
  if (data.rows < 2) {
    throw new RapportError('isolation-forest.data', `data must have at least 2 rows, got ${data.rows}`)
  }
  if (!Number.isInteger(trees) || trees < 1) {
    throw new RapportError('isolation-forest.options', `trees must be a whole number ≥ 1, got ${trees}`)
  }
  if (!Number.isInteger(sample) || sample < 2) {
    throw new RapportError('isolation-forest.options', `sample must be a whole number ≥ 2, got ${sample}`)
  }
  if (share !== undefined && !(share >= 0 && share <= 0.5)) {
    throw new RapportError('isolation-forest.options', `share must be from 0 to 0.5, got ${share}`)
  }
}
