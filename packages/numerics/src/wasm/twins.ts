import { alsLoss, alsSweep, gramBlock } from './als.ts'
import { binValues } from './bin-values.ts'
import { squaredDistance } from './distance.ts'
import { growForestTree } from './forest/grow-tree.ts'
import { gradientPairs } from './gradient-pairs.ts'
import { buildHistograms } from './histogram.ts'
import { assignRows, distancesToOwn, distancesToPoint } from './k-means.ts'
import { logisticTile } from './linear/logistic-tile.ts'
import { addWeightedColumns, addWeightedProducts } from './linear/weighted-sums.ts'
import { crossProducts, improveParts, rowsTimesBlock } from './narrow-blocks.ts'
import { pairDistances } from './pair-distances.ts'
import { addToRows, partitionRows } from './partition-rows.ts'
import { distanceSums } from './silhouette.ts'
import { searchThresholds } from './split-search.ts'
import { topByFactors } from './top-by-factors.ts'
import { topOfProduct } from './top-of-product.ts'
import { addLeafValues, codeRows, leavesOfRows } from './trees/row-blocks.ts'
import { addTreesToRow } from './trees/single-row.ts'
import type { Twin } from './twin.ts'
import { nearestByWard } from './ward.ts'

/** Every kernel's twin, by the name that assembly/index.ts exports: the one list of kernels there is. */
export const twins = {
  addLeafValues,
  addToRows,
  addTreesToRow,
  addWeightedColumns,
  addWeightedProducts,
  alsLoss,
  alsSweep,
  assignRows,
  binValues,
  buildHistograms,
  codeRows,
  crossProducts,
  distanceSums,
  distancesToOwn,
  distancesToPoint,
  gradientPairs,
  gramBlock,
  improveParts,
  leavesOfRows,
  logisticTile,
  nearestByWard,
  pairDistances,
  growForestTree,
  partitionRows,
  rowsTimesBlock,
  squaredDistance,
  searchThresholds,
  topByFactors,
  topOfProduct,
} satisfies Record<string, Twin>

export type KernelName = keyof typeof twins
