import { RapportError } from '@rapport/numerics'
import { type BoostingObjective, type TargetRows, weightOf } from './objective.ts'
import { weightedQuantile } from './weighted-quantile.ts'

/** What a regression lowers, and with it what it predicts: the mean, the median, or a quantile. */
export type RegressionLoss =
  /** Squared error: the mean of any number. The default. */
  | { readonly kind: 'squared' }
  /** Absolute error: the median, which a few huge values do not move. */
  | { readonly kind: 'absolute' }
  /** Pinball loss: the value that a `share` of rows, in (0, 1), stays below. */
  | { readonly kind: 'quantile'; readonly share: number }
  /** Poisson deviance: the mean of counts ≥ 0. */
  | { readonly kind: 'poisson' }
  /** Gamma deviance: the mean of amounts > 0 that vary in proportion to it. */
  | { readonly kind: 'gamma' }
  /** Tweedie deviance of `power` in (1, 2): the mean of amounts that are often 0 and else positive. */
  | { readonly kind: 'tweedie'; readonly power: number }

/** The loss of one row, and its slope and curvature in the margin. */
interface RowLoss {
  readonly loss: (target: number, margin: number) => number
  readonly gradient: (target: number, margin: number) => number
  readonly hessian: (target: number, margin: number) => number
}

const rowLosses: Record<'squared' | 'absolute' | 'poisson' | 'gamma', RowLoss> = {
  squared: {
    loss: (target, margin) => 0.5 * (margin - target) ** 2,
    gradient: (target, margin) => margin - target,
    hessian: () => 1,
  },
  absolute: {
    loss: (target, margin) => Math.abs(margin - target),
    gradient: (target, margin) => (margin > target ? 1 : -1),
    hessian: () => 1,
  },
  poisson: {
    loss: (target, margin) => Math.exp(margin) - target * margin,
    gradient: (target, margin) => Math.exp(margin) - target,
    hessian: (_, margin) => Math.exp(margin),
  },
  gamma: {
    loss: (target, margin) => margin + target * Math.exp(-margin),
    gradient: (target, margin) => 1 - target * Math.exp(-margin),
    hessian: (target, margin) => target * Math.exp(-margin),
  },
}

const pinball = (share: number): RowLoss => ({
  loss: (target, margin) => (target >= margin ? share * (target - margin) : (1 - share) * (margin - target)),
  gradient: (target, margin) => (target >= margin ? -share : 1 - share),
  hessian: () => 1,
})

const tweedie = (power: number): RowLoss => ({
  loss: (target, margin) =>
    Math.exp((2 - power) * margin) / (2 - power) - (target * Math.exp((1 - power) * margin)) / (1 - power),
  gradient: (target, margin) => Math.exp((2 - power) * margin) - target * Math.exp((1 - power) * margin),
  hessian: (target, margin) =>
    (2 - power) * Math.exp((2 - power) * margin) - (1 - power) * target * Math.exp((1 - power) * margin),
})

function rowLossOf(loss: RegressionLoss): RowLoss {
  if (loss.kind === 'quantile') return pinball(loss.share)
  return loss.kind === 'tweedie' ? tweedie(loss.power) : rowLosses[loss.kind]
}

/** Whether the margin is the logarithm of what is predicted. */
export const hasLogLink = ({ kind }: RegressionLoss): boolean =>
  kind === 'poisson' || kind === 'gamma' || kind === 'tweedie'

/** The share of rows below the prediction; `undefined` where it is a mean. */
export function shareBelow(loss: RegressionLoss): number | undefined {
  if (loss.kind === 'quantile') return loss.share
  return loss.kind === 'absolute' ? 0.5 : undefined
}

/** One of the losses of a number, over the given rows. */
export function regressionLoss(rows: TargetRows, kind: RegressionLoss): BoostingObjective {
  const { targets } = rows
  const n = targets.length
  const { loss, gradient, hessian } = rowLossOf(kind)
  const share = shareBelow(kind)
  const objective = {
    outputs: 1,
    baselines: () => Float64Array.of(share === undefined ? meanMargin(rows, kind) : quantileOf(rows, share)),
    async updatePairs({ memory }) {
      const margins = memory.margins.view
      const pairs = memory.pairs.view
      for (let row = 0; row < n; row += 1) {
        const weight = weightOf(rows, row)
        pairs[2 * row] = weight * gradient(targets[row]!, margins[row]!)
        pairs[2 * row + 1] = weight * hessian(targets[row]!, margins[row]!)
      }
    },
    loss(margins) {
      let sum = 0
      for (let row = 0; row < n; row += 1) sum += weightOf(rows, row) * loss(targets[row]!, margins[row]!)
      return sum
    },
  } satisfies BoostingObjective
  if (share === undefined) return objective
  return {
    ...objective,
    leafStep(members, margins) {
      const residuals = Float64Array.from(members, (row) => targets[row]! - margins[row]!)
      const weights = rows.weights && Float64Array.from(members, (row) => rows.weights![row]!)
      return weightedQuantile(residuals, weights, share)
    },
  }
}

const quantileOf = ({ targets, weights }: TargetRows, share: number): number =>
  weightedQuantile(Float64Array.from(targets), weights && Float64Array.from(weights), share)

function meanMargin(rows: TargetRows, loss: RegressionLoss): number {
  let sum = 0
  let total = 0
  for (let row = 0; row < rows.targets.length; row += 1) {
    sum += weightOf(rows, row) * rows.targets[row]!
    total += weightOf(rows, row)
  }
  if (!hasLogLink(loss)) return sum / total
  if (sum > 0) return Math.log(sum / total)
  throw new RapportError(
    'boosting.targets',
    `targets of the ${loss.kind} loss must hold one above 0 among the rows to learn from, got only 0`,
  )
}
