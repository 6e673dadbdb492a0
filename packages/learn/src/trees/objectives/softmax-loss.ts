import { type BoostingObjective, type TargetRows, weightOf } from './objective.ts'

/**
 * Where all rows of a leaf are sure of their class but one that is wrong, slopes say little of how far to go, and the Newton step
 * is of hundreds. Of 2, 4, 8, 16 and no bound, those up to 8 kept rare classes of Adult from that, and 4 and 8 changed nothing where
 * none are rare.
 */
const stepMax = 8

/**
 * Log loss of `classes` classes; targets are their numbers, and the margins' softmax is the probabilities.
 *
 * Every tree moves one margin as if the others stood still, though all of them move; Friedman's steps are therefore
 * (K − 1) / K as long, which is in the hessian here. Without it boosting overfits sooner.
 *
 * Source: Friedman 2001, equation 39; LightGBM has the same factor, scikit-learn has none.
 */
export function softmaxLoss(rows: TargetRows, classes: number): BoostingObjective {
  const { targets } = rows
  const n = targets.length
  const shares = new Float64Array(classes)
  const othersMove = classes / (classes - 1)
  return {
    outputs: classes,
    stepMax,
    /** Logarithms of the weighted shares, moved so that they sum to 0. */
    baselines() {
      const sums = new Float64Array(classes)
      for (let row = 0; row < n; row += 1) sums[targets[row]!]! += weightOf(rows, row)
      const total = sums.reduce((sum, one) => sum + one, 0)
      // A class that lies wholly among the rows held back would have a logarithm of minus infinity.
      const logs = sums.map((sum) => Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, sum / total))))
      const mean = logs.reduce((sum, one) => sum + one, 0) / classes
      return logs.map((log) => log - mean)
    },
    async updatePairs({ memory }) {
      const margins = memory.margins.view
      const pairs = memory.pairs.view
      for (let row = 0; row < n; row += 1) {
        softmaxInto(shares, margins, row, n)
        const weight = weightOf(rows, row)
        for (let output = 0; output < classes; output += 1) {
          const share = shares[output]!
          const at = 2 * (output * n + row)
          pairs[at] = weight * (share - (targets[row] === output ? 1 : 0))
          pairs[at + 1] = weight * othersMove * (share * (1 - share))
        }
      }
    },
    loss(margins) {
      let loss = 0
      for (let row = 0; row < n; row += 1) {
        const logTotal = softmaxInto(shares, margins, row, n)
        loss += weightOf(rows, row) * (logTotal - margins[targets[row]! * n + row]!)
      }
      return loss
    },
  }
}

/**
 * Fills `shares` with the probabilities of one row's classes.
 *
 * @param margins `[classes × n]`
 * @returns the logarithm of the sum of the margins' exponentials
 */
export function softmaxInto(
  shares: Float64Array | Float32Array,
  margins: Float64Array,
  row: number,
  n: number,
): number {
  let highest = -Infinity
  for (let output = 0, at = row; output < shares.length; output += 1, at += n) {
    if (margins[at]! > highest) highest = margins[at]!
  }
  let total = 0
  for (let output = 0, at = row; output < shares.length; output += 1, at += n) {
    shares[output] = Math.exp(margins[at]! - highest)
    total += shares[output]!
  }
  for (let output = 0; output < shares.length; output += 1) shares[output]! /= total
  return highest + Math.log(total)
}
