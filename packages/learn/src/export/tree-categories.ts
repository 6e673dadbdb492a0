import type { ColumnBins, TreeNodes } from '../trees/index.ts'

/** The codes of a categorical column that go left at a node, or those that go right. */
export function categoriesOf(bins: ColumnBins, trees: TreeNodes, node: number, isLeft: boolean): number[] {
  const column = trees.columns[node]!
  const codes = Array.from(bins.edges.subarray(bins.starts[column]!, bins.starts[column + 1]!))
  const first = 8 * trees.sets[node]!
  return codes.filter((_, number) => {
    const bit = (trees.categorySets[first + (number >>> 5)]! >>> (number & 31)) & 1
    return (bit === 1) === isLeft
  })
}
