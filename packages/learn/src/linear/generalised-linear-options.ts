import { RapportError } from '@rapport/numerics'
import { checkedNumbers } from './checked-numbers.ts'

export interface GeneralisedLinearOptions {
  /**
   * What the targets are: `poisson` counts, `gamma` amounts above 0, `tweedie` amounts of which many are 0 (a count of
   * purchases, each with an amount).
   */
  readonly family: 'poisson' | 'gamma' | 'tweedie'
  /** Of `tweedie` only, above 1 and below 2: the variance grows as the mean to this power. Default 1.5. */
  readonly power?: number
  /**
   * λ ≥ 0: λ / 2 · Σ coefficient² is added to the summed half deviances; the intercept is never penalised. scikit-learn's
   * alpha is λ over the sum of the weights. At 0 the fit is plain maximum likelihood, with standard errors. Default 1.
   */
  readonly penalty?: number
  /** `[n]` each ≥ 0; a weight of 2 counts as the row twice in the coefficients. Default all 1. */
  readonly weights?: ArrayLike<number>
  /** `[n]` each above 0: how long, or how many, a row's target was gathered over. The mean grows with it. Default all 1. */
  readonly exposure?: ArrayLike<number>
  /** Stop when this near to the optimum by the Newton decrement, in units of half a deviance's root. Default 1e-8. */
  readonly tolerance?: number
  /** Stop after this many rounds in any case. Default 200. */
  readonly roundsMax?: number
}

/** Variance = dispersion × mean to this power. */
export function powerOf({ family, power }: GeneralisedLinearOptions): number {
  if (family !== 'tweedie' && power !== undefined) {
    throw new RapportError('generalised-linear.power', `power must be left out for ${family}, got ${power}`)
  }
  if (family === 'poisson') return 1
  if (family === 'gamma') return 2
  const chosen = power ?? 1.5
  if (family !== 'tweedie') {
    throw new RapportError('generalised-linear.family', `family must be poisson, gamma or tweedie, got ${family}`)
  }
  if (!(chosen > 1 && chosen < 2)) {
    throw new RapportError('generalised-linear.power', `power must be above 1 and below 2, got ${chosen}`)
  }
  return chosen
}

/** Targets as doubles, in the range of the family. */
export function checkedTargets(
  rows: number,
  targets: ArrayLike<number>,
  weights: Float64Array,
  power: number,
): Float64Array {
  const checked = checkedNumbers('generalised-linear', 'targets', rows, targets, 0)
  const zero = power === 2 ? checked.indexOf(0) : -1
  if (zero >= 0) {
    throw new RapportError('generalised-linear.targets', `targets must be above 0 for gamma, got 0 at row ${zero}`)
  }
  if (!checked.some((target, row) => target > 0 && weights[row]! > 0)) {
    throw new RapportError('generalised-linear.targets', 'at least one target with weight must be above 0, got none')
  }
  return checked
}

/** Exposures as doubles, ones where none were given. */
export function checkedExposure(rows: number, exposure: ArrayLike<number> | undefined): Float64Array {
  if (exposure === undefined) return new Float64Array(rows).fill(1)
  const checked = checkedNumbers('generalised-linear', 'exposure', rows, exposure, 0)
  const zero = checked.indexOf(0)
  if (zero >= 0) {
    throw new RapportError('generalised-linear.exposure', `exposure must be above 0, got 0 at row ${zero}`)
  }
  return checked
}
