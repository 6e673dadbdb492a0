import type { RegressionLoss } from './objectives/regression-loss.ts'

/** What `fitBoosting` found. Plain data: it goes through `postMessage` and `persist` as it is. */
export interface BoostingModel {
  readonly kind: 'boosting'
  /** Columns of the data it was fitted on, and so of the data it predicts. */
  readonly columns: number
  /** Log odds of a row before any tree: those of the training rows' share of ones. */
  readonly baseline: number
  /** Rounds that were made and kept: the number of trees. */
  readonly rounds: number
  readonly bins: ColumnBins
  readonly trees: TreeNodes
}

/** What `fitBoostingRegression` found. Plain data. */
export interface BoostingRegressionModel {
  readonly kind: 'boosting-regression'
  readonly loss: RegressionLoss
  readonly columns: number
  /** Margin of a row before any tree: the prediction, or its logarithm for `poisson`, `gamma` and `tweedie`. */
  readonly baseline: number
  /** Rounds that were made and kept: the number of trees. */
  readonly rounds: number
  readonly bins: ColumnBins
  readonly trees: TreeNodes
}

/** What `fitBoostingRanking` found. Plain data. */
export interface BoostingRankingModel {
  readonly kind: 'boosting-ranking'
  readonly columns: number
  /** Margin of a row before any tree: 0. */
  readonly baseline: number
  /** Rounds that were made and kept: the number of trees. */
  readonly rounds: number
  readonly bins: ColumnBins
  readonly trees: TreeNodes
}

/** What `fitBoostingClasses` found. Plain data. */
export interface BoostingClassesModel {
  readonly kind: 'boosting-classes'
  readonly classes: number
  readonly columns: number
  /** `[classes]` margins of a row before any tree. */
  readonly baselines: Float64Array
  /** Rounds that were made and kept, of one tree a class. */
  readonly rounds: number
  readonly bins: ColumnBins
  /** Tree `t` belongs to round `⌊t / classes⌋` and to class `t mod classes`. */
  readonly trees: TreeNodes
}

/** Where the values of each column are cut. */
export interface ColumnBins {
  /** `[columns]` 1 where the column holds codes of categories. */
  readonly isCategorical: Uint8Array
  /** `[columns + 1]` column `c` has the edges `starts[c] … starts[c + 1] − 1`. */
  readonly starts: Int32Array
  /**
   * Rising within a column. Numbers: thresholds, the upper ends of all bins but the last. Categories: the codes that
   * were seen in training, one bin each.
   */
  readonly edges: Float64Array
}

/** Trees, node after node; a tree's root is its first node, and a child always comes after its parent. */
export interface TreeNodes {
  /** `[trees + 1]` tree `t` has the nodes `starts[t] … starts[t + 1] − 1`. */
  readonly starts: Int32Array
  /** `[nodes]` the column that is asked; −1 in a leaf. */
  readonly columns: Int32Array
  /** `[nodes]` values up to this one go left; NaN in a leaf and where categories are asked. */
  readonly thresholds: Float64Array
  /** `[nodes]` which set of `categorySets` goes left; −1 elsewhere. */
  readonly sets: Int32Array
  /** `[nodes]` 1 where rows without a value, or with a category never seen, go left. */
  readonly missingLeft: Uint8Array
  /** `[nodes]` node of the left and of the right child; −1 in a leaf. */
  readonly lefts: Int32Array
  readonly rights: Int32Array
  /**
   * `[nodes × outputs]` what a leaf adds to the margin, in a forest what it says; one number, but in forests for several
   * classes. 0 in boosting's nodes that are no leaves.
   */
  readonly values: Float64Array
  /** `[nodes]` by how much the split lowered the training loss; 0 in a leaf. */
  readonly gains: Float64Array
  /** `[nodes]` training rows that came by. */
  readonly rows: Int32Array
  /** `[sets × 8]` 256 bits a set: bit `b` is set where the column's category number `b` (by code) goes left. */
  readonly categorySets: Uint32Array
}

/** Trees of several `TreeNodes` as one. */
export function joinTrees(parts: readonly TreeNodes[]): TreeNodes {
  const nodes = parts.reduce((sum, part) => sum + part.columns.length, 0)
  const trees = parts.reduce((sum, part) => sum + part.starts.length - 1, 0)
  const grown = parts.find((part) => part.columns.length > 0)
  const outputs = grown ? grown.values.length / grown.columns.length : 1
  const joined = {
    starts: new Int32Array(trees + 1),
    columns: new Int32Array(nodes),
    thresholds: new Float64Array(nodes),
    sets: new Int32Array(nodes),
    missingLeft: new Uint8Array(nodes),
    lefts: new Int32Array(nodes),
    rights: new Int32Array(nodes),
    values: new Float64Array(nodes * outputs),
    gains: new Float64Array(nodes),
    rows: new Int32Array(nodes),
    categorySets: new Uint32Array(parts.reduce((sum, part) => sum + part.categorySets.length, 0)),
  }
  let node = 0
  let tree = 0
  let word = 0
  const moved = (by: number) => (index: number) => (index < 0 ? index : index + by)
  for (const part of parts) {
    joined.starts.set(part.starts.map(moved(node)), tree)
    joined.columns.set(part.columns, node)
    joined.thresholds.set(part.thresholds, node)
    joined.sets.set(part.sets.map(moved(word / 8)), node)
    joined.missingLeft.set(part.missingLeft, node)
    joined.lefts.set(part.lefts.map(moved(node)), node)
    joined.rights.set(part.rights.map(moved(node)), node)
    joined.values.set(part.values, node * outputs)
    joined.gains.set(part.gains, node)
    joined.rows.set(part.rows, node)
    joined.categorySets.set(part.categorySets, word)
    node += part.columns.length
    tree += part.starts.length - 1
    word += part.categorySets.length
  }
  return joined
}
