import {
  boundedValue,
  type ColumnHistogram,
  type ColumnSplit,
  hessianMin,
  type NodeSums,
  type SplitLimits,
} from './split.ts'

/**
 * Looks for a threshold of one column with a gain above `best.gain` and notes it there, where leaves are bounded by
 * monotone constraints. Without them the kernel `searchThresholds` looks at all columns at once, by the same sums.
 *
 * @param direction 1 where the right side must not be below the left one, −1 where it must not be above, 0 where either may
 */
export function searchBoundedThreshold(
  histogram: ColumnHistogram,
  node: NodeSums,
  limits: SplitLimits,
  direction: number,
  best: ColumnSplit,
): void {
  search(histogram, node, limits, direction, best, false)
  if (histogram.hasMissing) search(histogram, node, limits, direction, best, true)
}

/** Adds bins up from one end: from the top, with missing values on the left, when `isFalling`. */
function search(
  { sums, counts, first, bins, hasMissing }: ColumnHistogram,
  node: NodeSums,
  limits: SplitLimits,
  direction: number,
  best: ColumnSplit,
  isFalling: boolean,
): void {
  const { rowsPerLeafMin } = limits
  const lossHere = node.gradient * node.value
  // All values may go left only where missing ones go right.
  const steps = hasMissing && !isFalling ? bins : bins - 1
  let rows = 0
  let gradient = 0
  let hessian = 0
  for (let step = 0; step < steps; step += 1) {
    const bin = isFalling ? bins - 1 - step : step
    const at = first + bin
    rows += counts[at]!
    gradient += sums[2 * at]!
    hessian += sums[2 * at + 1]!
    if (rows < rowsPerLeafMin || hessian < hessianMin) continue
    const hessianRest = node.hessian - hessian
    if (node.rows - rows < rowsPerLeafMin || hessianRest < hessianMin) break
    const gradientRest = node.gradient - gradient
    const [gradientLeft, gradientRight] = isFalling ? [gradientRest, gradient] : [gradient, gradientRest]
    const [hessianLeft, hessianRight] = isFalling ? [hessianRest, hessian] : [hessian, hessianRest]
    const left = boundedValue(gradientLeft, hessianLeft, limits)
    const right = boundedValue(gradientRight, hessianRight, limits)
    if (direction * (right - left) < 0) continue
    const gain = lossHere - gradientLeft * left - gradientRight * right
    if (!(gain > best.gain)) continue
    best.gain = gain
    best.bin = isFalling ? bin - 1 : bin
    best.leftBins = undefined
    best.missingLeft = isFalling
    best.rowsLeft = isFalling ? node.rows - rows : rows
    best.gradientLeft = gradientLeft
    best.hessianLeft = hessianLeft
  }
}
