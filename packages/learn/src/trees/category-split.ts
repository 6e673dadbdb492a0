import {
  boundedValue,
  type ColumnHistogram,
  type ColumnSplit,
  hessianMin,
  type NodeSums,
  type SplitLimits,
} from './split.ts'

/** Categories with less support than this are not parted from the rest; also added to hessians when they are ordered. */
const supportMin = 10

/**
 * Looks for a set of categories with a gain above `best.gain` and notes it there.
 *
 * Categories are put in the order of their gradient per hessian, in which the best set is a stretch from one end
 * (Fisher 1958). The set that goes left never holds more than half of them: small and unseen categories go with the
 * larger part. Missing values are a category like any other.
 */
export function searchCategories(
  histogram: ColumnHistogram,
  node: NodeSums,
  limits: SplitLimits,
  best: ColumnSplit,
): void {
  const order = orderCategories(histogram, node)
  if (order.length < 2) return
  const middle = (order.length + 1) >> 1
  searchStretch(order.slice(0, middle), histogram, node, limits, best)
  searchStretch(order.slice(order.length - middle + 1).reverse(), histogram, node, limits, best)
}

function orderCategories({ sums, counts, first, bins, hasMissing }: ColumnHistogram, node: NodeSums): Int32Array {
  const rowsPerHessian = node.rows / node.hessian
  const kept: number[] = []
  const last = hasMissing ? bins : bins - 1
  const ratios = new Float64Array(last + 1)
  for (let bin = 0; bin <= last; bin += 1) {
    const at = first + bin
    const hessian = sums[2 * at + 1]!
    if (counts[at] === 0 || !(hessian * rowsPerHessian >= supportMin)) continue
    ratios[bin] = sums[2 * at]! / (hessian + supportMin)
    kept.push(bin)
  }
  // Of equal ratios the later bin goes first: so does scikit-learn's sort, and it decides which of them go left.
  return Int32Array.from(kept.sort((one, other) => ratios[one]! - ratios[other]! || other - one))
}

/** Tries the first, the first two, … of `candidates` as the left side. */
function searchStretch(
  candidates: Int32Array,
  { sums, counts, first, bins, hasMissing }: ColumnHistogram,
  node: NodeSums,
  limits: SplitLimits,
  best: ColumnSplit,
): void {
  const { rowsPerLeafMin } = limits
  const lossHere = node.gradient * node.value
  let rows = 0
  let gradient = 0
  let hessian = 0
  for (let taken = 1; taken <= candidates.length; taken += 1) {
    const at = first + candidates[taken - 1]!
    rows += counts[at]!
    hessian += sums[2 * at + 1]!
    gradient += sums[2 * at]!
    const hessianRight = node.hessian - hessian
    if (rows < rowsPerLeafMin || hessian < hessianMin) continue
    if (node.rows - rows < rowsPerLeafMin || hessianRight < hessianMin) break
    const gradientRight = node.gradient - gradient
    const lossLeft = gradient * boundedValue(gradient, hessian, limits)
    const gain = lossHere - lossLeft - gradientRight * boundedValue(gradientRight, hessianRight, limits)
    if (gain > best.gain) {
      const leftBins = new Uint8Array(256)
      for (const bin of candidates.subarray(0, taken)) leftBins[bin] = 1
      best.gain = gain
      best.bin = 0
      best.leftBins = leftBins
      best.missingLeft = hasMissing && leftBins[bins] === 1
      best.rowsLeft = rows
      best.gradientLeft = gradient
      best.hessianLeft = hessian
    }
  }
}
