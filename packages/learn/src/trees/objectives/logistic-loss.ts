import { checkBothClasses } from '../boosting-options.ts'
import { type BoostingObjective, type TargetRows, weightOf } from './objective.ts'

/** Log loss of a yes-or-no target; the margin is the log odds. */
export function logisticLoss(rows: TargetRows): BoostingObjective {
  const { targets } = rows
  return {
    outputs: 1,
    /** Log odds of the weighted share of ones. */
    baselines() {
      let ones = 0
      let total = 0
      for (let row = 0; row < targets.length; row += 1) {
        const weight = weightOf(rows, row)
        ones += weight * targets[row]!
        total += weight
      }
      checkBothClasses(ones < total, ones > 0)
      const share = ones / total
      return Float64Array.of(Math.log(share / (1 - share)))
    },
    updatePairs: (kernels) => kernels.updateLogisticPairs(),
    loss(margins) {
      let loss = 0
      margins.forEach((margin, row) => {
        // log(1 + exp(m)), without overflow.
        const softplus = Math.max(margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)))
        loss += weightOf(rows, row) * (softplus - targets[row]! * margin)
      })
      return loss
    },
  }
}
