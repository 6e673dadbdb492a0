/** Orders of an ARIMA model: (p, d, q) and, with a period above 1, (P, D, Q). */
export interface ArimaOrder {
  /** Past values that a value depends on, differences taken, and past errors. */
  readonly autoregressive: number
  readonly differences: number
  readonly movingAverage: number
  /** The same a season apart. Default 0 each. */
  readonly seasonalAutoregressive?: number
  readonly seasonalDifferences?: number
  readonly seasonalMovingAverage?: number
}

/** The blocks of coefficients of an ARMA model. */
export interface ArmaCoefficients {
  readonly autoregressive: Float64Array
  readonly movingAverage: Float64Array
  readonly seasonalAutoregressive: Float64Array
  readonly seasonalMovingAverage: Float64Array
}

/**
 * Coefficients of a stationary autoregression from any real numbers: each becomes a partial autocorrelation in (−1, 1), and
 * the recursion of Durbin and Levinson makes coefficients of those.
 *
 * Source: Monahan, "A note on enforcing stationarity in autoregressive-moving average models", Biometrika 71(2), 1984.
 */
export function stationary(free: Float64Array): Float64Array {
  const coefficients = free.map(Math.tanh)
  for (let order = 1; order < free.length; order += 1) {
    const partial = coefficients[order]!
    const before = coefficients.slice(0, order)
    for (let lag = 0; lag < order; lag += 1) coefficients[lag]! -= partial * before[order - 1 - lag]!
  }
  return coefficients
}

/** How many coefficients: autoregressive, moving average, and the seasonal two. */
export type ArmaBlocks = readonly [number, number, number, number]

/** A vector of all coefficients as its blocks. */
export function splitInBlocks(values: Float64Array, [p, q, seasonalP]: ArmaBlocks): ArmaCoefficients {
  return {
    autoregressive: values.slice(0, p),
    movingAverage: values.slice(p, p + q),
    seasonalAutoregressive: values.slice(p + q, p + q + seasonalP),
    seasonalMovingAverage: values.slice(p + q + seasonalP),
  }
}

/** Stationary and invertible coefficients from free numbers. */
export function armaFromFree(free: Float64Array, blocks: ArmaBlocks): ArmaCoefficients {
  const split = splitInBlocks(free, blocks)
  const invertible = (block: Float64Array): Float64Array => stationary(block).map((value) => -value)
  return {
    autoregressive: stationary(split.autoregressive),
    movingAverage: invertible(split.movingAverage),
    seasonalAutoregressive: stationary(split.seasonalAutoregressive),
    seasonalMovingAverage: invertible(split.seasonalMovingAverage),
  }
}

/** Turns slopes by the coefficients of `armaFromFree` into slopes by the free numbers, in place. */
export function freeSlopes(free: Float64Array, blocks: ArmaBlocks, slopes: Float64Array): void {
  let start = 0
  for (const [block, size] of blocks.entries()) {
    const own = slopes.subarray(start, start + size)
    if (block % 2 === 1) for (let at = 0; at < size; at += 1) own[at] = -own[at]!
    stationarySlopes(free.subarray(start, start + size), own)
    start += size
  }
}

/** The slopes of `stationary`, backwards through its recursion, in place. */
function stationarySlopes(free: Float64Array, slopes: Float64Array): void {
  const before = Array.from(free, (_, order) => stationary(free.slice(0, order)))
  for (let order = free.length - 1; order >= 0; order -= 1) {
    const partial = Math.tanh(free[order]!)
    const left = slopes.slice(0, order)
    for (let lag = 0; lag < order; lag += 1) {
      slopes[order]! -= left[lag]! * before[order]![order - 1 - lag]!
      slopes[lag]! -= partial * left[order - 1 - lag]!
    }
    slopes[order]! *= 1 - partial * partial
  }
}

/** Lags from 1 on and their values, those that are 0 left out. */
export const lagsOf = (values: Float64Array): (readonly [lag: number, value: number])[] =>
  Array.from(values, (value, at) => [at + 1, value] as const).filter(([, value]) => value !== 0)

/**
 * The two polynomials multiplied out: what a value takes from each lag of values, and from each lag of errors.
 *
 * @returns values w with w_t = Σ autoregressive[i] w_{t−1−i} + e_t + Σ movingAverage[i] e_{t−1−i}
 */
export function multipliedOut(
  { autoregressive, movingAverage, seasonalAutoregressive, seasonalMovingAverage }: ArmaCoefficients,
  period: number,
): { autoregressive: Float64Array; movingAverage: Float64Array } {
  const values = product(
    seasonalPolynomial(autoregressive, 1, -1),
    seasonalPolynomial(seasonalAutoregressive, period, -1),
  )
  const errors = product(seasonalPolynomial(movingAverage, 1, 1), seasonalPolynomial(seasonalMovingAverage, period, 1))
  return { autoregressive: values.slice(1).map((value) => -value), movingAverage: errors.slice(1) }
}

/** 1 ± c₁ Bˢ ± c₂ B²ˢ …, lowest power first. */
export function seasonalPolynomial(coefficients: Float64Array, step: number, sign: 1 | -1): Float64Array {
  const powers = new Float64Array(coefficients.length * step + 1)
  powers[0] = 1
  coefficients.forEach((coefficient, index) => {
    powers[(index + 1) * step] = sign * coefficient
  })
  return powers
}

/** The product of two polynomials, lowest power first. */
export function product(left: Float64Array, right: Float64Array): Float64Array {
  const powers = new Float64Array(left.length + right.length - 1)
  left.forEach((one, at) => {
    right.forEach((other, more) => {
      powers[at + more]! += one * other
    })
  })
  return powers
}

/** (1 − B)^differences · (1 − B^period)^seasonalDifferences, lowest power first. */
export function differencing(differences: number, seasonalDifferences: number, period: number): Float64Array {
  let powers: Float64Array = Float64Array.of(1)
  for (let round = 0; round < differences; round += 1) powers = product(powers, Float64Array.of(1, -1))
  const seasonal = new Float64Array(period + 1)
  seasonal[0] = 1
  seasonal[period] = -1
  for (let round = 0; round < seasonalDifferences; round += 1) powers = product(powers, seasonal)
  return powers
}

/** The series filtered by a polynomial, `[n − degree]`. */
export function filteredBy(powers: Float64Array, series: Float64Array): Float64Array {
  const degree = powers.length - 1
  return Float64Array.from({ length: series.length - degree }, (_, at) => {
    let sum = 0
    for (let lag = 0; lag <= degree; lag += 1) sum += powers[lag]! * series[at + degree - lag]!
    return sum
  })
}

/** The series filtered by a polynomial, all before it being 0, `[n]`. */
export function filteredAll(powers: Float64Array, series: Float64Array): Float64Array {
  const filtered = new Float64Array(series.length)
  for (let lag = 0; lag < powers.length; lag += 1) {
    const value = powers[lag]!
    if (value === 0) continue
    for (let at = lag; at < series.length; at += 1) filtered[at]! += value * series[at - lag]!
  }
  return filtered
}

/**
 * True when 1 − c₁ B − c₂ B² … has a root inside of 1.01 times the unit circle: the partial autocorrelations of the
 * coefficients, stretched by 1.01, are not all within (−1, 1).
 */
export function hasRootNearUnitCircle(coefficients: Float64Array): boolean {
  let left = coefficients.map((value, lag) => value * 1.01 ** (lag + 1))
  for (let order = left.length; order > 0; order -= 1) {
    const partial = left[order - 1]!
    if (!(Math.abs(partial) < 1)) return true
    const before = left
    left = before
      .slice(0, order - 1)
      .map((value, lag) => (value + partial * before[order - 2 - lag]!) / (1 - partial ** 2))
  }
  return false
}
