import type { Matrix } from '@rapport/numerics'
import type { TreeNodes } from '../../trees/boosting-model.ts'
import { encodeRows, goesLeft } from '../../trees/tree-walk.ts'
import type { PreparedTrial } from './grow-uplift-tree.ts'

/**
 * A tree whose shares of responders are those of rows that had no part in its splits.
 *
 * An arm that none of these rows reaches a node with has there the share of the node above.
 *
 * @param draws `[n]` how often each of these rows was drawn; 0 for all others
 *
 * Source: Athey & Imbens, "Recursive partitioning for heterogeneous causal effects", PNAS 113(27), 2016.
 */
export function honestLeaves(tree: TreeNodes, data: Matrix, trial: PreparedTrial, draws: Uint16Array): TreeNodes {
  const { armCount, arms, outcomes, weights, bins } = trial
  const nodes = tree.columns.length
  const sums = new Float64Array(nodes * armCount)
  const responses = new Float64Array(nodes * armCount)
  const rows = new Int32Array(nodes)
  const encoded = new Float64Array(data.columns)
  for (let row = 0; row < data.rows; row += 1) {
    const weight = draws[row]! * weights[row]!
    if (weight === 0) continue
    encodeRows(data.values, row, row + 1, bins, encoded)
    for (let node = 0; node >= 0; ) {
      const cell = node * armCount + arms[row]!
      rows[node]! += draws[row]!
      sums[cell]! += weight
      responses[cell]! += weight * outcomes[row]!
      const column = tree.columns[node]!
      if (column < 0) break
      node = goesLeft(tree, node, encoded[column]!) ? tree.lefts[node]! : tree.rights[node]!
    }
  }
  const values = tree.values.slice()
  for (let node = 0; node < nodes; node += 1) {
    for (let arm = 0; arm < armCount; arm += 1) {
      const cell = node * armCount + arm
      if (sums[cell]! > 0) values[cell] = responses[cell]! / sums[cell]!
      const own = values[cell]!
      // Children come after their parents, so what they take over is settled.
      for (const child of tree.columns[node]! < 0 ? [] : [tree.lefts[node]!, tree.rights[node]!]) {
        values[child * armCount + arm] = own
      }
    }
  }
  return { ...tree, values, rows }
}
