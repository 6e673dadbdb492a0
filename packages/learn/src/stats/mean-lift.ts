import { RapportError, studentTCdf, studentTQuantile } from '@rapport/numerics'
import { checkConfidence } from './hypothesis-tests/sample.ts'
import type { Proportion } from './two-proportions.ts'

/** What is known of one side of a comparison: rows, their mean and their variance. */
export interface SampleMoments {
  /** ≥ 0 */
  readonly n: number
  readonly mean: number
  /** Of single rows, ≥ 0. */
  readonly variance: number
}

/** How far treatment's mean lies above control's. */
export interface MeanLift {
  readonly defined: true
  /** Treatment less control; as a share of control's mean when `relative`. */
  readonly lift: number
  readonly standardError: number
  readonly low: number
  readonly high: number
  /** Degrees of freedom, by Welch and Satterthwaite. */
  readonly freedom: number
  /** Two-sided: chance of a lift at least this large either way when there is none. */
  readonly pValue: number
}

/**
 * `too-few-rows`: fewer than two on a side. `no-variation`: every row of both sides has its side's mean. `no-baseline`: control's
 * mean is 0, so nothing is a share of it.
 */
export type LiftGap = 'too-few-rows' | 'no-variation' | 'no-baseline'

export interface MeanLiftOptions {
  /** Whether the lift is a share of control's mean. Default true. */
  readonly relative?: boolean
  /** In (0, 1). Default 0.95. */
  readonly confidence?: number
}

/**
 * What treatment changed a mean by, absolutely or relatively, without taking the two sides' variances for equal.
 *
 * The relative lift's error is by the delta method, so the uncertain baseline counts too: a relative lift's p value can differ
 * from the absolute one's.
 *
 * @returns the lift with its interval, or why there is none
 * @throws RapportError `mean-lift.sample`, `mean-lift.confidence`
 *
 * Source: Welch, Biometrika 34, 1947; Deng, Knoblich & Lu, "Applying the delta method in metric analytics", KDD 2018. Agrees
 * with GrowthBook's `TwoSidedTTest`.
 *
 * @example
 * meanLift(momentsOfSums(100, 50, 40), momentsOfSums(100, 60, 55)) // lift 0.2, of 0.5
 */
export function meanLift(
  control: SampleMoments,
  treatment: SampleMoments,
  { relative = true, confidence = 0.95 }: MeanLiftOptions = {},
): MeanLift | { readonly defined: false; readonly because: LiftGap } {
  checkMoments('control', control)
  checkMoments('treatment', treatment)
  checkConfidence('mean-lift', confidence)
  if (control.n < 2 || treatment.n < 2) return { defined: false, because: 'too-few-rows' }
  if (relative && control.mean === 0) return { defined: false, because: 'no-baseline' }
  const ofControl = control.variance / control.n
  const ofTreatment = treatment.variance / treatment.n
  if (!(ofControl + ofTreatment > 0)) return { defined: false, because: 'no-variation' }
  const difference = treatment.mean - control.mean
  const unit = relative ? control.mean : 1
  const ratio = relative ? treatment.mean / control.mean : 1
  const lift = difference / unit
  const standardError = Math.sqrt(ofTreatment + ofControl * ratio ** 2) / Math.abs(unit)
  const freedom = welchFreedom(control, treatment)
  const half = studentTQuantile((1 + confidence) / 2, freedom) * standardError
  return {
    defined: true,
    lift,
    standardError,
    low: lift - half,
    high: lift + half,
    freedom,
    pValue: 2 * studentTCdf(-Math.abs(lift) / standardError, freedom),
  }
}

/** Degrees of freedom of the difference of two means of unlike variances; needs n ≥ 2 on both sides and some variance. */
export function welchFreedom(first: SampleMoments, second: SampleMoments): number {
  const [one, other] = [first.variance / first.n, second.variance / second.n]
  return (one + other) ** 2 / (one ** 2 / (first.n - 1) + other ** 2 / (second.n - 1))
}

/**
 * Mean and variance from sums, as a warehouse gives them.
 *
 * @param n rows, ≥ 1
 * @param squares sum of the squared values
 * @throws RapportError `mean-lift.sums` when no values could have these sums
 *
 * @example
 * momentsOfSums(2, 4, 10) // values 1 and 3: mean 2, variance 2
 */
export function momentsOfSums(n: number, sum: number, squares: number): SampleMoments {
  const mean = sum / n
  const left = squares - sum * mean
  // Rounding may leave a little less than nothing of equal values.
  if (!(n >= 1 && Number.isFinite(mean) && left >= -1e-9 * squares)) {
    throw new RapportError('mean-lift.sums', `sums must be those of n ≥ 1 numbers, got ${n}, ${sum}, ${squares}`)
  }
  return { n, mean, variance: n > 1 ? Math.max(0, left) / (n - 1) : 0 }
}

/**
 * Mean and variance of ones and zeros: p and p (1 − p).
 *
 * @example
 * momentsOfShare({ successes: 14, n: 28 }) // mean 0.5, variance 0.25
 */
export function momentsOfShare({ successes, n }: Proportion): SampleMoments {
  if (!(n >= 1 && successes >= 0 && successes <= n)) {
    throw new RapportError('mean-lift.sums', `successes must be between 0 and n ≥ 1, got ${successes} of ${n}`)
  }
  const mean = successes / n
  return { n, mean, variance: mean * (1 - mean) }
}

function checkMoments(side: string, { n, mean, variance }: SampleMoments): void {
  if (n >= 0 && n < Infinity && Number.isFinite(mean) && variance >= 0 && variance < Infinity) return
  throw new RapportError(
    'mean-lift.sample',
    `${side} must have n and variance of at least 0 and a finite mean, got n ${n}, mean ${mean}, variance ${variance}`,
  )
}
