import { RapportError } from '@rapport/numerics'
import type { TreeNodes } from '../boosting-model.ts'

/**
 * A tree cut back to the smallest one with the lowest cost: what its splits leave of the training error, plus `penalty`
 * a leaf. (Minimal cost-complexity pruning.)
 *
 * @param penalty ≥ 0, in the units of `gains`
 *
 * Source: Breiman, Friedman, Olshen & Stone, "Classification and regression trees", 1984, chapter 3.
 */
export function pruneTree(tree: TreeNodes, outputs: number, penalty: number): TreeNodes {
  const kept = nodesKept(tree, penalty)
  const numbers = new Int32Array(tree.columns.length)
  kept.nodes.forEach((node, place) => {
    numbers[node] = place
  })
  const isLeaf = (node: number): boolean => kept.isLeaf[node] === 1
  const pick = (values: Int32Array, leaf: number): Int32Array =>
    Int32Array.from(kept.nodes, (node) => (isLeaf(node) ? leaf : values[node]!))
  const follow = (children: Int32Array): Int32Array =>
    Int32Array.from(kept.nodes, (node) => (isLeaf(node) ? -1 : numbers[children[node]!]!))
  return {
    starts: Int32Array.of(0, kept.nodes.length),
    columns: pick(tree.columns, -1),
    thresholds: Float64Array.from(kept.nodes, (node) => (isLeaf(node) ? NaN : tree.thresholds[node]!)),
    sets: pick(tree.sets, -1),
    missingLeft: Uint8Array.from(kept.nodes, (node) => (isLeaf(node) ? 0 : tree.missingLeft[node]!)),
    lefts: follow(tree.lefts),
    rights: follow(tree.rights),
    values: Float64Array.from(
      kept.nodes.flatMap((node) => Array.from(tree.values.subarray(node * outputs, (node + 1) * outputs))),
    ),
    gains: Float64Array.from(kept.nodes, (node) => (isLeaf(node) ? 0 : tree.gains[node]!)),
    rows: Int32Array.from(kept.nodes, (node) => tree.rows[node]!),
    // Sets of splits that are gone stay behind, unused.
    categorySets: tree.categorySets,
  }
}

/** Nodes that stay, rising, and which of them are leaves now. */
function nodesKept(tree: TreeNodes, penalty: number): { nodes: number[]; isLeaf: Uint8Array } {
  const n = tree.columns.length
  const isLeaf = new Uint8Array(n)
  const leaves = new Int32Array(n)
  const gained = new Float64Array(n)
  // A child comes after its parent, so that going backwards its subtree is already as small as it gets.
  for (let node = n - 1; node >= 0; node -= 1) {
    const left = tree.lefts[node]!
    const right = tree.rights[node]!
    if (left >= 0) {
      leaves[node] = leaves[left]! + leaves[right]!
      gained[node] = tree.gains[node]! + gained[left]! + gained[right]!
    }
    if (left >= 0 && gained[node]! > penalty * (leaves[node]! - 1)) continue
    isLeaf[node] = 1
    leaves[node] = 1
    gained[node] = 0
  }
  const nodes: number[] = []
  const isReached = new Uint8Array(n)
  isReached[0] = 1
  for (let node = 0; node < n; node += 1) {
    if (isReached[node] === 0) continue
    nodes.push(node)
    if (isLeaf[node] === 1) continue
    isReached[tree.lefts[node]!] = 1
    isReached[tree.rights[node]!] = 1
  }
  return { nodes, isLeaf }
}

/** @throws RapportError `forest.options` */
export function checkPenalty(penalty: number | undefined): void {
  if (penalty === undefined || (penalty >= 0 && Number.isFinite(penalty))) return
  throw new RapportError('forest.options', `penalty must be a number 0 or more, got ${penalty}`)
}
