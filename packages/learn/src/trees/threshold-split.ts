import { type ColumnHistogram, type ColumnSplit, hessianMin, type NodeSums, type SplitLimits } from './split.ts'

/** Looks for a threshold with a gain above `best.gain` and notes it there; missing values are tried on both sides. */
export function searchThresholds(
  histogram: ColumnHistogram,
  node: NodeSums,
  limits: SplitLimits,
  best: ColumnSplit,
): void {
  searchRising(histogram, node, limits, best)
  if (histogram.hasMissing) searchFalling(histogram, node, limits, best)
}

/** From the lowest bin up; missing values stay on the right, also alone. */
function searchRising(
  { sums, counts, first, bins, hasMissing }: ColumnHistogram,
  node: NodeSums,
  { rowsPerLeafMin, l2 }: SplitLimits,
  best: ColumnSplit,
): void {
  const lossHere = node.gradient * node.value
  const end = hasMissing ? bins : bins - 1
  let rows = 0
  let gradient = 0
  let hessian = 0
  for (let bin = 0; bin < end; bin += 1) {
    const at = first + bin
    const binGradient = sums[2 * at]!
    const binHessian = sums[2 * at + 1]!
    // An empty bin leaves the sums, and so the gain, as they were.
    if (counts[at] === 0 && binGradient === 0 && binHessian === 0) continue
    rows += counts[at]!
    gradient += binGradient
    hessian += binHessian
    if (rows < rowsPerLeafMin) continue
    if (node.rows - rows < rowsPerLeafMin) break
    if (hessian < hessianMin) continue
    const hessianRight = node.hessian - hessian
    if (hessianRight < hessianMin) break
    const gradientRight = node.gradient - gradient
    const valueLeft = -gradient / (hessian + l2 + 1e-15)
    const valueRight = -gradientRight / (hessianRight + l2 + 1e-15)
    const gain = lossHere - gradient * valueLeft - gradientRight * valueRight
    if (gain > best.gain) {
      best.gain = gain
      best.bin = bin
      best.leftBins = undefined
      best.missingLeft = false
      best.rowsLeft = rows
      best.gradientLeft = gradient
      best.hessianLeft = hessian
    }
  }
}

/** From the highest bin down; missing values stay on the left. */
function searchFalling(
  { sums, counts, first, bins }: ColumnHistogram,
  node: NodeSums,
  { rowsPerLeafMin, l2 }: SplitLimits,
  best: ColumnSplit,
): void {
  const lossHere = node.gradient * node.value
  let rows = 0
  let gradient = 0
  let hessian = 0
  for (let bin = bins - 2; bin >= 0; bin -= 1) {
    const at = first + bin + 1
    const binGradient = sums[2 * at]!
    const binHessian = sums[2 * at + 1]!
    if (counts[at] === 0 && binGradient === 0 && binHessian === 0) continue
    rows += counts[at]!
    gradient += binGradient
    hessian += binHessian
    if (rows < rowsPerLeafMin) continue
    if (node.rows - rows < rowsPerLeafMin) break
    if (hessian < hessianMin) continue
    const hessianLeft = node.hessian - hessian
    if (hessianLeft < hessianMin) break
    const gradientLeft = node.gradient - gradient
    const valueLeft = -gradientLeft / (hessianLeft + l2 + 1e-15)
    const valueRight = -gradient / (hessian + l2 + 1e-15)
    const gain = lossHere - gradientLeft * valueLeft - gradient * valueRight
    if (gain > best.gain) {
      best.gain = gain
      best.bin = bin
      best.leftBins = undefined
      best.missingLeft = true
      best.rowsLeft = node.rows - rows
      best.gradientLeft = gradientLeft
      best.hessianLeft = hessianLeft
    }
  }
}
