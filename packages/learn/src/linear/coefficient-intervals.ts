import { RapportError, studentTCdf, studentTQuantile } from '@rapport/numerics'
import type { LinearSum } from './linear-scores.ts'

/** A fitted model whose coefficients have standard errors, or null where they have none. */
export interface WithStandardErrors extends LinearSum {
  readonly standardErrors: Float64Array | null
  /** Degrees of freedom of the errors' spread where that was estimated; Infinity or left out where it was not. */
  readonly freedom?: number
}

/** How sure a coefficient is. */
export interface CoefficientInterval {
  readonly estimate: number
  readonly standardError: number
  readonly low: number
  readonly high: number
  /** Chance of an estimate at least this far from 0, were the coefficient 0. */
  readonly pValue: number
}

/**
 * Confidence intervals of an intercept and its coefficients (Wald's): estimate ± quantile × standard error.
 *
 * @param model from `fitLeastSquares`, `fitLogistic` or `fitGeneralisedLinear`, without a penalty
 * @param level share of such intervals that hold the truth, above 0 and below 1. Default 0.95
 * @returns `[d + 1]`, the intercept first; null when the model has no standard errors
 * @throws RapportError `coefficient-intervals.level`
 *
 * @example
 * coefficientIntervals(fitLeastSquares(data, targets))?.[1]?.low // 1.93…
 */
export function coefficientIntervals(model: WithStandardErrors, level = 0.95): CoefficientInterval[] | null {
  if (!(level > 0 && level < 1)) {
    throw new RapportError('coefficient-intervals.level', `level must be above 0 and below 1, got ${level}`)
  }
  const { standardErrors, freedom = Infinity } = model
  if (standardErrors === null) return null
  const reach = -studentTQuantile((1 - level) / 2, freedom)
  return Array.from(standardErrors, (standardError, at) => {
    const estimate = at === 0 ? model.intercept : model.coefficients[at - 1]!
    return {
      estimate,
      standardError,
      low: estimate - reach * standardError,
      high: estimate + reach * standardError,
      pValue: 2 * studentTCdf(-Math.abs(estimate / standardError), freedom),
    }
  })
}
