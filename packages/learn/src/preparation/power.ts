import { columnOf, type Matrix, RapportError } from '@rapport/numerics'
import { checkNotInfinite, mapColumns, meanAndDeviation } from './scaling.ts'

/** Spread of transformed values over their size below which rounding shows. */
const precisionMin = 1e-7

export interface PowerOptions {
  /**
   * `log1p`: log(1 + value), for counts and money ≥ 0. `yeo-johnson`: the power, chosen per column, that makes the
   * column most like a normal one; takes negative values too. Default `yeo-johnson`.
   */
  readonly method?: 'log1p' | 'yeo-johnson'
}

/** What `fitPower` found. Plain data. */
export interface PowerModel {
  readonly kind: 'power'
  readonly method: 'log1p' | 'yeo-johnson'
  /** `[d]` the Yeo-Johnson λ of each column; 1 leaves a column as it is, and log1p on values ≥ 0 is λ = 0. */
  readonly powers: Float64Array
}

/**
 * Learns to take the long tail off columns. Missing values (NaN) are left out of the fit and stay missing.
 *
 * The result is not scaled; `fitScaling` comes after it.
 *
 * @param data `[n × d]`, n ≥ 1, finite or NaN
 * @throws RapportError `power.data`, `power.infinite`, and for `log1p` `power.negative` when a value is below 0
 *
 * Cost: O(n d) for log1p; some 40 passes a column for Yeo-Johnson.
 * Source: Yeo & Johnson, "A new family of power transformations to improve normality or symmetry", Biometrika 87(4), 2000.
 *
 * @example
 * applyPower(fitPower(matrixFromRows([[0]]), { method: 'log1p' }), matrixFromRows([[Math.E - 1]])).values // [1]
 */
export function fitPower(data: Matrix, { method = 'yeo-johnson' }: PowerOptions = {}): PowerModel {
  checkNotInfinite('power', data)
  const powers = new Float64Array(data.columns)
  if (method === 'log1p') {
    checkNotNegative(data)
    return { kind: 'power', method, powers }
  }
  for (let column = 0; column < data.columns; column += 1) {
    powers[column] = likeliestPower(columnOf(data, column).filter((value) => !Number.isNaN(value)))
  }
  return { kind: 'power', method, powers }
}

/**
 * Applies the powers.
 *
 * @returns `[n × d]`, NaN where `data` is
 * @throws RapportError `power.columns` when d differs from the fit, `power.negative` for `log1p` of a value below 0
 */
export function applyPower(model: PowerModel, data: Matrix): Matrix {
  if (model.method === 'log1p') checkNotNegative(data)
  return mapColumns('power', model.powers.length, data, (value, column) => yeoJohnson(value, model.powers[column]!))
}

/** The Yeo-Johnson transform of one value with power λ; rises with the value for every λ. */
export function yeoJohnson(value: number, power: number): number {
  if (value >= 0) return power === 0 ? Math.log1p(value) : Math.expm1(power * Math.log1p(value)) / power
  const mirrored = 2 - power
  return mirrored === 0 ? -Math.log1p(-value) : -Math.expm1(mirrored * Math.log1p(-value)) / mirrored
}

/**
 * The λ of the highest likelihood; 1, which changes nothing, for a column with fewer than two different values, and for
 * one whose values lie so close together, far from 0, that its λ would round them into one.
 */
function likeliestPower(values: Float64Array): number {
  if (values.length === 0 || values.every((value) => value === values[0])) return 1
  const power = goldenSection(values.some((value) => value < 0) ? lossOf(values) : lossOfPositive(values), -8, 10)
  const transformed = values.map((value) => yeoJohnson(value, power))
  const largest = transformed.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return meanAndDeviation(transformed).spread > precisionMin * largest ? power : 1
}

/** Negative log likelihood of a power, as the paper has it. */
function lossOf(values: Float64Array): (power: number) => number {
  let logs = 0
  for (const value of values) logs += Math.sign(value) * Math.log1p(Math.abs(value))
  return (power) => {
    const { spread } = meanAndDeviation(values.map((value) => yeoJohnson(value, power)))
    return values.length * Math.log(spread) - (power - 1) * logs
  }
}

/**
 * The same, but for a constant, where no value is negative: taken around the mean log, so that values far from 0 do not
 * lose their differences to rounding.
 */
function lossOfPositive(values: Float64Array): (power: number) => number {
  const logs = values.map(Math.log1p)
  const { centre } = meanAndDeviation(logs)
  return (power) => {
    const around = logs.map((log) => (power === 0 ? log - centre : Math.expm1(power * (log - centre)) / power))
    return values.length * Math.log(meanAndDeviation(around).spread)
  }
}

/** The minimum of a function with one valley, to about 1e-8. */
function goldenSection(of: (x: number) => number, from: number, to: number): number {
  const share = (Math.sqrt(5) - 1) / 2
  let low = from
  let high = to
  let left = high - share * (high - low)
  let right = low + share * (high - low)
  let atLeft = of(left)
  let atRight = of(right)
  while (high - low > 1e-9) {
    if (atLeft <= atRight) {
      high = right
      right = left
      atRight = atLeft
      left = high - share * (high - low)
      atLeft = of(left)
    } else {
      low = left
      left = right
      atLeft = atRight
      right = low + share * (high - low)
      atRight = of(right)
    }
  }
  return (low + high) / 2
}

function checkNotNegative(data: Matrix): void {
  const at = data.values.findIndex((value: number) => value < 0)
  if (at >= 0) {
    const row = Math.floor(at / data.columns)
    throw new RapportError(
      'power.negative',
      `log1p needs values of at least 0, got ${data.values[at]} at row ${row}, column ${at - row * data.columns}`,
    )
  }
}
