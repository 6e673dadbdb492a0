import type { TreeNodes } from './boosting-model.ts'

/**
 * How much of the gain of a model of trees came from each column: the sum over the splits that ask it, as a share of
 * all.
 *
 * Tells what the model leaned on in training, not what causes the outcome; a column with many values gets more splits
 * than it deserves. For one row's reasons see `explainBoosting`.
 *
 * @returns `[columns]` in [0, 1], summing to 1; all 0 when no tree has a split
 *
 * @example
 * featureGains(model).indexOf(Math.max(...featureGains(model))) // the column that mattered most
 */
export function featureGains({
  columns,
  trees,
}: {
  readonly columns: number
  readonly trees: TreeNodes
}): Float64Array {
  const gains = new Float64Array(columns)
  let total = 0
  trees.columns.forEach((column, node) => {
    if (column < 0) return
    gains[column]! += trees.gains[node]!
    total += trees.gains[node]!
  })
  return total === 0 ? gains : gains.map((gain) => gain / total)
}
