import type { ArmaCoefficients } from './arma-polynomials.ts'
import { lagsOf } from './arma-polynomials.ts'

/** The likelihood of an ARMA model of a series, in the parts from which the errors' variance is concentrated out. */
export interface ArmaDensity {
  /** Sum of squared one-step errors, each relative to its own variance in units of the errors'. */
  readonly squares: number
  /** Sum of the logarithms of those variances. */
  readonly logVariances: number
}

/** Above this variance, in units of the errors', a root is as good as on the unit circle. */
const varianceMax = 1e10

/**
 * The exact Gaussian likelihood of an ARMA model: that of `runArma`, by the covariances instead of the filter.
 *
 * From lag m = max(p, q) on, what autoregression leaves is a moving average, so the covariances are a band of q beside the
 * diagonal, and their Cholesky factor too. A season of 24 so costs q² / 2 a value where the filter costs some 8 r², and once the
 * factor's rows are the moving average itself a value costs its lags only.
 *
 * @param out the polynomials multiplied out: `[p]` stationary, `[q]`
 * @param hasMean whether the mean that makes the series likeliest is taken off
 * @returns undefined when a root is too near the unit circle for a stationary start
 *
 * Cost: n q² / 2 at most, and p² + m q for the start.
 * Source: Ansley, "An algorithm for the exact likelihood of a mixed autoregressive-moving average process", Biometrika 66(1), 1979.
 */
export function armaDensity(
  series: Float64Array,
  out: Pick<ArmaCoefficients, 'autoregressive' | 'movingAverage'>,
  hasMean: boolean,
): ArmaDensity | undefined {
  const n = series.length
  const { autoregressive, movingAverage } = out
  const q = movingAverage.length
  const m = Math.max(autoregressive.length, q)
  const covariances = covariancesOf(autoregressive, movingAverage, m)
  if (covariances === undefined) return undefined
  const { before, across, after } = covariances
  const [arLags, maLags] = [lagsOf(autoregressive), lagsOf(movingAverage)]
  const oneAfter = 1 - autoregressive.reduce((sum, value) => sum + value, 0)

  const slots = m + 1
  /** Row t at slot t mod (m + 1): its entries from column `first` of that row on. */
  const factor = new Float64Array(slots * slots)
  const diagonal = new Float64Array(slots)
  const errors = new Float64Array(n)
  const oneErrors = new Float64Array(hasMean ? n : 0)
  let logVariances = 0
  let steadyRows = 0
  for (let row = 0; row < n; row += 1) {
    const isBefore = row < m
    let error = series[row]!
    if (!isBefore) for (const [lag, value] of arLags) error -= value * series[row - lag]!
    let oneError = isBefore ? 1 : oneAfter
    if (steadyRows > q) {
      for (const [lag, value] of maLags) error -= value * errors[row - lag]!
      errors[row] = error
      if (!hasMean) continue
      for (const [lag, value] of maLags) oneError -= value * oneErrors[row - lag]!
      oneErrors[row] = oneError
      continue
    }
    const first = isBefore ? 0 : row - q
    const own = (row % slots) * slots
    let variance = isBefore ? before[0]! : after[0]!
    for (let column = first; column < row; column += 1) {
      const lag = row - column
      let value = isBefore ? before[lag]! : column < m ? across[lag]! : after[lag]!
      const slot = column % slots
      const other = slot * slots + first - (column < m ? 0 : column - q)
      const width = column - first
      for (let at = 0; at < width; at += 1) value -= factor[own + at]! * factor[other + at]!
      value /= diagonal[slot]!
      factor[own + width] = value
      variance -= value * value
      error -= value * errors[column]!
      if (hasMean) oneError -= value * oneErrors[column]!
    }
    if (!(variance > 0)) return undefined
    const deviation = Math.sqrt(variance)
    diagonal[row % slots] = deviation
    errors[row] = error / deviation
    if (hasMean) oneErrors[row] = oneError / deviation
    logVariances += Math.log(variance)
    // An invertible model's rows come to be the moving average itself: the errors before are then known but for rounding.
    if (!isBefore) steadyRows = Math.abs(variance - 1) < 1e-13 ? steadyRows + 1 : 0
  }
  const squares = squaresLeft(errors, oneErrors)
  return Number.isFinite(squares + logVariances) ? { squares, logVariances } : undefined
}

/** Sum of squares of the errors once the mean that makes it least is taken off. */
export function squaresLeft(errors: Float64Array, oneErrors: Float64Array, from = 0): number {
  const mean = meanOfErrors(errors, oneErrors, from)
  let squares = 0
  for (let at = from; at < errors.length; at += 1) squares += (errors[at]! - mean * (oneErrors[at] ?? 0)) ** 2
  return squares
}

/** The mean of the series: of the errors it leaves, those of a column of ones are taken off so often. 0 without ones. */
export function meanOfErrors(errors: Float64Array, oneErrors: Float64Array, from: number): number {
  let [both, own] = [0, 0]
  for (let at = from; at < oneErrors.length; at += 1) {
    both += oneErrors[at]! * errors[at]!
    own += oneErrors[at]! ** 2
  }
  return own > 0 ? both / own : 0
}

interface Covariances {
  /** `[m]` by lag, of two values before m. */
  readonly before: Float64Array
  /** `[q + 1]` by lag, of what autoregression leaves of a later value with a value before m. */
  readonly across: Float64Array
  /** `[q + 1]` by lag, of two such rests. */
  readonly after: Float64Array
}

function covariancesOf(autoregressive: Float64Array, movingAverage: Float64Array, m: number): Covariances | undefined {
  const q = movingAverage.length
  const theta = Float64Array.of(1, ...movingAverage)
  const psi = new Float64Array(q + 1)
  for (let at = 0; at <= q; at += 1) {
    psi[at] = theta[at]!
    for (let lag = 1; lag <= Math.min(at, autoregressive.length); lag += 1) {
      psi[at]! += autoregressive[lag - 1]! * psi[at - lag]!
    }
  }
  const productsWith = (other: Float64Array): Float64Array =>
    Float64Array.from({ length: q + 1 }, (_, lag) => {
      let sum = 0
      for (let at = lag; at <= q; at += 1) sum += theta[at]! * other[at - lag]!
      return sum
    })
  const after = productsWith(theta)
  const plain = autoregressiveCovariances(autoregressive, m + q)
  if (plain === undefined) return undefined
  const before = Float64Array.from({ length: Math.max(1, m) }, (_, lag) => {
    let sum = after[0]! * plain[lag]!
    for (let apart = 1; apart <= q; apart += 1) {
      sum += after[apart]! * (plain[lag + apart]! + plain[Math.abs(lag - apart)]!)
    }
    return sum
  })
  return { before, across: productsWith(psi), after }
}

/**
 * `[lags + 1]` autocovariances of a pure autoregression whose errors have variance 1: down to partial autocorrelations, and by
 * the predictions of each order up again.
 */
function autoregressiveCovariances(coefficients: Float64Array, lags: number): Float64Array | undefined {
  const p = coefficients.length
  const orders: Float64Array[] = []
  let variance = 1
  let left = coefficients
  for (let order = p; order > 0; order -= 1) {
    orders[order] = left
    const partial = left[order - 1]!
    const rest = 1 - partial * partial
    variance /= rest
    if (!(rest > 0 && variance < varianceMax)) return undefined
    const next = new Float64Array(order - 1)
    for (let at = 0; at < order - 1; at += 1) next[at] = (left[at]! + partial * left[order - 2 - at]!) / rest
    left = next
  }
  const covariances = new Float64Array(lags + 1)
  covariances[0] = variance
  for (let lag = 1; lag <= lags; lag += 1) {
    const predictor = orders[Math.min(lag, p)]
    let sum = 0
    for (let at = 0; at < Math.min(lag, p); at += 1) sum += predictor![at]! * covariances[lag - 1 - at]!
    covariances[lag] = sum
  }
  return covariances
}
