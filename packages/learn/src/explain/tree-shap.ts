import { gaussLegendre } from '@rapport/numerics'
import type { TreeNodes } from '../trees/boosting-model.ts'
import { goesLeft } from '../trees/tree-walk.ts'

/** How a row came to the child of a split: it did; the split alone turned it away; or one above had, by the same column. */
const ways = 3
type Way = 0 | 1 | 2

/**
 * One tree, made ready to tell what each column contributes to its value for a row: exact Shapley values of the game whose
 * worth, for a set of known columns, is the tree's mean over training rows when the other columns are unknown.
 *
 * A Shapley value is the integral of the game's multilinear extension: over t from 0 to 1, every other column is known with
 * chance t. Of one leaf the extension is a product over the columns asked on the way: t o + (1 − t) z, with o whether the
 * row's own value leads to the leaf, and z the share of training rows that comes that way. This is a polynomial in t, of
 * which a Gauss–Legendre rule of half as many points as columns is exact. The sums over the leaves below a node are made
 * once, on the way up, for all columns asked above.
 *
 * Source: Yu, Bifet, Read & Xu, "Linear TreeShap", NeurIPS 2022 (the sums on the way up); Lundberg et al., "From local
 * explanations to global understanding with explainable AI for trees", Nature Machine Intelligence 2, 2020 (the game).
 */
export class TreeShap {
  readonly #trees: TreeNodes
  /** Nodes in the order of the way down; the root is the first. */
  readonly #nodes: readonly number[]
  /** `[nodes]` places of the parent, and of the last child above of a split by the same column (−1: none). */
  readonly #parents: Int32Array
  readonly #before: Int32Array
  /** `[nodes × ways × points]` what the products of the parent are multiplied by, and the sums of the node weighed by. */
  readonly #factors: Float64Array
  readonly #weights: Float64Array
  /** Of the row at hand: `[nodes × points]`, and `[nodes]` whether it goes left, and how it came. */
  readonly #products: Float64Array
  readonly #sums: Float64Array
  readonly #turns: Uint8Array
  readonly #ways: Uint8Array
  readonly #points: number

  /** @param root of the tree whose nodes these are */
  constructor(trees: TreeNodes, root: number) {
    this.#trees = trees
    const { nodes, parents, before, columnsMost } = walked(trees, root)
    const rule = gaussLegendre(Math.max(1, Math.ceil(columnsMost / 2)))
    const points = rule.points.length
    this.#nodes = nodes
    this.#parents = parents
    this.#before = before
    this.#points = points
    this.#factors = new Float64Array(nodes.length * ways * points)
    this.#weights = new Float64Array(nodes.length * ways * points)
    this.#products = new Float64Array(nodes.length * points).fill(1)
    this.#sums = new Float64Array(nodes.length * points)
    this.#turns = new Uint8Array(nodes.length)
    this.#ways = new Uint8Array(nodes.length)
    const shares = new Float64Array(nodes.length).fill(1)
    for (let at = 1; at < nodes.length; at += 1) {
      const last = before[at]!
      const above = last < 0 ? 1 : shares[last]!
      const share = (above * trees.rows[nodes[at]!]!) / trees.rows[nodes[parents[at]!]!]!
      shares[at] = share
      for (let way: Way = 0; way < ways; way += 1) {
        for (let point = 0; point < points; point += 1) {
          const t = rule.points[point]!
          const [own, then] = [way === 0 ? 1 : 0, way === 2 ? 0 : 1]
          const place = (ways * at + way) * points + point
          const factor = own * t + (1 - t) * share
          const factorBefore = last < 0 ? 1 : then * t + (1 - t) * above
          const weigh = (known: number, unknown: number, by: number): number => over(known - unknown, by)
          this.#factors[place] = over(factor, factorBefore)
          this.#weights[place] =
            rule.weights[point]! * (weigh(own, share, factor) - (last < 0 ? 0 : weigh(then, above, factorBefore)))
        }
      }
    }
  }

  /**
   * Adds what each column contributes for one row.
   *
   * @param block encoded rows, as `encodeRows` makes them; the row begins at `rowAt`
   *
   * Cost: O(nodes · columns asked on the longest way).
   */
  add(block: Float64Array, rowAt: number, contributions: Float64Array): void {
    this.#goDown(block, rowAt)
    const { columns } = this.#trees
    const [nodes, parents, taken, weights, sums, points] = [
      this.#nodes,
      this.#parents,
      this.#ways,
      this.#weights,
      this.#sums,
      this.#points,
    ]
    for (let at = nodes.length - 1; at > 0; at -= 1) {
      const parent = parents[at]!
      let weight = (ways * at + taken[at]!) * points
      let from = at * points
      let to = parent * points
      let part = 0
      for (let point = 0; point < points; point += 1, weight += 1, from += 1, to += 1) {
        const sum = sums[from]!
        part += weights[weight]! * sum
        sums[to]! += sum
      }
      contributions[columns[nodes[parent]!]!]! += part
    }
  }

  /** Makes the products of all nodes, and of leaves the sums. */
  #goDown(block: Float64Array, rowAt: number): void {
    const { columns, values } = this.#trees
    const [nodes, parents, before, turns, taken, factors, products, sums, points] = [
      this.#nodes,
      this.#parents,
      this.#before,
      this.#turns,
      this.#ways,
      this.#factors,
      this.#products,
      this.#sums,
      this.#points,
    ]
    for (let at = 0; at < nodes.length; at += 1) {
      const node = nodes[at]!
      const column = columns[node]!
      if (column >= 0) turns[at] = goesLeft(this.#trees, node, block[rowAt + column]!) ? 1 : 0
      if (at === 0) continue
      const [parent, last] = [parents[at]!, before[at]!]
      // On the way down the left child comes right after its parent.
      const isOwn = (turns[parent] === 1) === (parent === at - 1)
      const way = last >= 0 && taken[last] !== 0 ? 2 : isOwn ? 0 : 1
      taken[at] = way
      const value = column < 0 ? values[node]! : 0
      let factor = (ways * at + way) * points
      let from = parent * points
      let to = at * points
      for (let point = 0; point < points; point += 1, factor += 1, from += 1, to += 1) {
        const product = products[from]! * factors[factor]!
        products[to] = product
        sums[to] = value * product
      }
    }
  }
}

/** No row of the training came this way: it weighs nothing. */
const over = (value: number, by: number): number => (by > 0 ? value / by : 0)

/** A tree's nodes on the way down, left before right, and what lies above each. */
function walked(trees: TreeNodes, root: number) {
  const nodes: number[] = []
  const parents: number[] = []
  const before: number[] = []
  let columnsMost = 0
  // Of the columns asked above, each with the place of the last child.
  const visit = (node: number, parent: number, asked: ReadonlyMap<number, number>): void => {
    const place = nodes.push(node) - 1
    const above = new Map(asked)
    parents.push(parent)
    const split = parent < 0 ? -1 : trees.columns[nodes[parent]!]!
    before.push(above.get(split) ?? -1)
    if (parent >= 0) above.set(split, place)
    columnsMost = Math.max(columnsMost, above.size)
    if (trees.columns[node]! < 0) return
    visit(trees.lefts[node]!, place, above)
    visit(trees.rights[node]!, place, above)
  }
  visit(root, -1, new Map())
  return { nodes, parents: Int32Array.from(parents), before: Int32Array.from(before), columnsMost }
}
