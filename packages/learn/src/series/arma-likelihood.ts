/** What the Kalman filter found for an ARMA model of a series. */
export interface ArmaRun {
  /** The level that the series moves around, by generalised least squares; 0 when none is asked for. */
  readonly mean: number
  /** Sum of squared errors, each relative to its own variance in units of the errors'. */
  readonly squares: number
  /** Sum of the logarithms of those variances. */
  readonly logVariances: number
  /** `[n]` value less what was expected. */
  readonly errors: Float64Array
  /** What is expected of the next value and what follows from it: the state after the last value, mean taken off. */
  readonly state: Float64Array
}

/**
 * Runs the exact Gaussian likelihood of an ARMA model by the Kalman filter, from the stationary distribution on.
 *
 * The series and a column of ones go through the same filter, so the mean that makes the series likeliest comes out of one
 * pass. Once the filter's gain no longer changes, a step costs r instead of r².
 *
 * @param autoregressive `[p]` stationary
 * @param movingAverage `[q]`
 * @returns undefined when rounding leaves no stationary start, very near a unit root
 *
 * Cost: n r² with r = max(p, q + 1), and about 20 r³ for the start.
 * Source: Gardner, Harvey & Phillips, "Algorithm AS 154", Applied Statistics 29, 1980; Durbin & Koopman, "Time series analysis
 * by state space methods", 2nd ed. 2012, §3.4 and §6.2.
 */
export function runArma(
  series: Float64Array,
  autoregressive: Float64Array,
  movingAverage: Float64Array,
  hasMean: boolean,
): ArmaRun | undefined {
  const n = series.length
  const r = Math.max(autoregressive.length, movingAverage.length + 1)
  const ar = padded(autoregressive, r)
  const input = Float64Array.from({ length: r }, (_, at) => (at === 0 ? 1 : (movingAverage[at - 1] ?? 0)))
  let covariance = stationaryCovariance(ar, input)
  if (covariance === undefined) return undefined
  const [state, ones] = [new Float64Array(r), new Float64Array(r)]
  const gain = new Float64Array(r)
  const [errors, oneErrors, variances] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  let isSteady = false
  let variance = covariance[0]!
  for (let at = 0; at < n; at += 1) {
    if (!isSteady) {
      variance = covariance[0]!
      // The gain in the next step's terms: T P's first column over the variance.
      for (let row = 0; row < r; row += 1) {
        gain[row] = (ar[row]! * covariance[0]! + (row + 1 < r ? covariance[(row + 1) * r]! : 0)) / variance
      }
      covariance = nextCovariance(covariance, ar, input, gain, variance)
      // One step of an invertible model tells the state but for what is far back: P's corner is then the errors' own.
      isSteady = Math.abs(covariance[0]! - 1) < 1e-13 && Math.abs(variance - 1) < 1e-13
    }
    const error = series[at]! - state[0]!
    const oneError = 1 - ones[0]!
    errors[at] = error
    oneErrors[at] = oneError
    variances[at] = variance
    advance(state, ar, gain, error)
    if (hasMean) advance(ones, ar, gain, oneError)
  }
  let mean = 0
  if (hasMean) {
    let [both, own] = [0, 0]
    for (let at = 0; at < n; at += 1) {
      both += (oneErrors[at]! * errors[at]!) / variances[at]!
      own += oneErrors[at]! ** 2 / variances[at]!
    }
    mean = both / own
  }
  let [squares, logVariances] = [0, 0]
  for (let at = 0; at < n; at += 1) {
    errors[at]! -= mean * oneErrors[at]!
    squares += errors[at]! ** 2 / variances[at]!
    logVariances += Math.log(variances[at]!)
  }
  if (hasMean) for (let row = 0; row < r; row += 1) state[row]! -= mean * ones[row]!
  return Number.isFinite(squares + logVariances) ? { mean, squares, logVariances, errors, state } : undefined
}

/** The state's next value after an error: T state + gain · error, in place. */
function advance(state: Float64Array, ar: Float64Array, gain: Float64Array, error: number): void {
  const first = state[0]!
  const last = state.length - 1
  for (let row = 0; row < last; row += 1) state[row] = ar[row]! * first + state[row + 1]! + gain[row]! * error
  state[last] = ar[last]! * first + gain[last]! * error
}

/** T P Tᵀ + R Rᵀ − K K ᵀ F for the companion T, whose first column is `ar` and whose rest shifts up. */
function nextCovariance(
  covariance: Float64Array,
  ar: Float64Array,
  input: Float64Array,
  gain: Float64Array,
  variance: number,
): Float64Array {
  const r = ar.length
  const next = new Float64Array(r * r)
  const corner = covariance[0]!
  for (let row = 0; row < r; row += 1) {
    const below = row + 1 < r ? covariance[(row + 1) * r]! : 0
    for (let column = 0; column <= row; column += 1) {
      const right = column + 1 < r ? covariance[(column + 1) * r]! : 0
      const shifted = row + 1 < r && column + 1 < r ? covariance[(row + 1) * r + column + 1]! : 0
      const value =
        ar[row]! * ar[column]! * corner +
        ar[row]! * right +
        ar[column]! * below +
        shifted +
        input[row]! * input[column]! -
        gain[row]! * gain[column]! * variance
      next[row * r + column] = value
      next[column * r + row] = value
    }
  }
  return next
}

/** P = T P Tᵀ + R Rᵀ by doubling: each round sums twice as many of the terms Tᵏ R Rᵀ Tᵏᵀ. */
function stationaryCovariance(ar: Float64Array, input: Float64Array): Float64Array | undefined {
  const r = ar.length
  let power = new Float64Array(r * r)
  const sum = new Float64Array(r * r)
  for (let row = 0; row < r; row += 1) {
    power[row * r] = ar[row]!
    if (row + 1 < r) power[row * r + row + 1] = 1
    for (let column = 0; column < r; column += 1) sum[row * r + column] = input[row]! * input[column]!
  }
  for (let round = 0; round < 40; round += 1) {
    const more = times(times(power, sum, r, false), power, r, true)
    let largest = 0
    let change = 0
    for (let at = 0; at < sum.length; at += 1) {
      sum[at]! += more[at]!
      largest = Math.max(largest, Math.abs(sum[at]!))
      change = Math.max(change, Math.abs(more[at]!))
    }
    if (!(largest < 1e12)) return undefined
    if (change <= 1e-16 * largest) return sum
    power = times(power, power, r, false)
  }
  return undefined
}

/** left · right, or left · rightᵀ; zeros on the left, of which young powers of a companion are full, cost nothing. */
function times(left: Float64Array, right: Float64Array, r: number, isTransposed: boolean): Float64Array<ArrayBuffer> {
  const result = new Float64Array(r * r)
  const [down, across] = isTransposed ? [1, r] : [r, 1]
  for (let row = 0; row < r; row += 1) {
    for (let at = 0; at < r; at += 1) {
      const factor = left[row * r + at]!
      if (factor === 0) continue
      for (let column = 0; column < r; column += 1) {
        result[row * r + column]! += factor * right[at * down + column * across]!
      }
    }
  }
  return result
}

const padded = (values: Float64Array, length: number): Float64Array => {
  const all = new Float64Array(length)
  all.set(values)
  return all
}
