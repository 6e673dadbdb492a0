import { cutIntoClusters, type Dendrogram } from '@rapport/learn'

/** The top of a dendrogram, as a report draws it: its lower branches are leaves that stand for many customers. */
export interface TreePicture {
  /** In an order in which no lines cross; each leaf's customers, and its segment's position. */
  readonly leaves: readonly { readonly customers: number; readonly segment: number }[]
  /** Lowest first. A node is a leaf's position, or the number of leaves plus the position of an earlier merge. */
  readonly merges: readonly { readonly left: number; readonly right: number; readonly height: number }[]
  /** Where it was cut: between the highest merge within a segment and the lowest between two. */
  readonly cutHeight: number
  /** Customers who were in the tree. */
  readonly customers: number
}

/** Leaves that a page has room for. */
const leavesMax = 24

/** @param segments `[rows]` each row's position of its segment, at most `leavesMax` of them */
export function treePicture(tree: Dendrogram, groups: number, segments: Int32Array): TreePicture {
  const count = Math.min(tree.rows, Math.max(leavesMax, groups))
  const labels = cutIntoClusters(tree, count)
  const customers = new Float64Array(count)
  const segmentOf = new Int32Array(count)
  labels.forEach((leaf, row) => {
    customers[leaf]! += 1
    segmentOf[leaf] = segments[row]!
  })
  const { merges, order } = topMerges(tree, labels, count)
  const placeOf = new Int32Array(count)
  order.forEach((leaf, place) => {
    placeOf[leaf] = place
  })
  const placed = (node: number): number => (node < count ? placeOf[node]! : node)
  const heights = merges.map(({ height }) => height)
  const below = heights[count - groups - 1] ?? 0
  const above = heights[count - groups] ?? below
  return {
    leaves: Array.from(order, (leaf) => ({ customers: customers[leaf]!, segment: segmentOf[leaf]! })),
    merges: merges.map(({ left, right, height }) => ({ left: placed(left), right: placed(right), height })),
    cutHeight: (below + above) / 2,
    customers: tree.rows,
  }
}

/** The last merges, between leaves and what came of them; and the leaves so that no lines cross. */
function topMerges({ rows, nodes, heights }: Dendrogram, labels: Int32Array, count: number) {
  const merges: { left: number; right: number; height: number }[] = []
  const nodeOf = new Map<number, number>()
  // A node below the cut is a leaf: that of any of its rows.
  const rowUnder = (node: number): number => {
    let at = node
    while (at >= rows) at = nodes[2 * (at - rows)]!
    return at
  }
  for (let merge = rows - count; merge < heights.length; merge += 1) {
    const [left, right] = [0, 1].map((side) => {
      const node = nodes[2 * merge + side]!
      return nodeOf.get(node) ?? labels[rowUnder(node)]!
    })
    nodeOf.set(rows + merge, count + merges.length)
    merges.push({ left: left!, right: right!, height: heights[merge]! })
  }
  const order: number[] = []
  const open = [merges.length > 0 ? count + merges.length - 1 : 0]
  while (open.length > 0) {
    const node = open.pop()!
    if (node < count) order.push(node)
    else open.push(merges[node - count]!.right, merges[node - count]!.left)
  }
  return { merges, order }
}
