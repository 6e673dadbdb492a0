import { type Matrix, regularisedGammaUpper } from '@rapport/numerics'

/** Whether columns tell who was treated, beyond the chances that are known. */
export interface BalanceTest {
  /** Chi-squared under randomisation. */
  readonly statistic: number
  /** Columns that are not combinations of others. */
  readonly freedom: number
  /** Chance of a statistic at least as large when treatment follows the chances alone. */
  readonly pValue: number
}

/**
 * The omnibus balance test: the score test of a logistic regression of treatment on all columns, at the coefficients 0 and
 * with the known chances as they are.
 *
 * One number for all columns together, so there is no column to single out by accident. It sees what is linear in the
 * columns; missing and infinite values stand at their column's mean.
 *
 * @param propensities `[n]` above 0 and below 1
 * @param weights `[n]`, a weight of 0 leaves the row out
 *
 * Cost: n d² / 2.
 * Source: Hansen & Bowers, "Covariate balance in simple, stratified and clustered comparative studies", Statistical Science
 * 23(2), 2008; Rao, "Large sample tests of statistical hypotheses concerning several parameters", 1948.
 */
export function balanceTest(
  data: Matrix,
  treated: Uint8Array,
  propensities: Float64Array,
  weights: Float64Array,
): BalanceTest {
  const { rows, columns } = data
  const { centres, scales } = columnCentres(data, weights)
  const size = columns + 1
  const information = new Float64Array(size * size)
  const score = new Float64Array(size)
  const own = new Float64Array(size)
  // The intercept comes first: what is left of the others is then measured around it, as weighted by chances.
  own[0] = 1
  for (let row = 0; row < rows; row += 1) {
    if (weights[row] === 0) continue
    for (let column = 0; column < columns; column += 1) {
      const value = data.values[row * columns + column]!
      own[column + 1] = Number.isFinite(value) ? value / scales[column]! - centres[column]! : 0
    }
    const chance = propensities[row]!
    const surprise = treated[row]! - chance
    const variance = chance * (1 - chance)
    for (let left = 0; left < size; left += 1) {
      score[left]! += own[left]! * surprise
      for (let right = left; right < size; right += 1) {
        information[left * size + right]! += variance * own[left]! * own[right]!
      }
    }
  }
  const { statistic, freedom } = quadraticForm(information, score)
  return { statistic, freedom, pValue: freedom === 0 ? 1 : regularisedGammaUpper(freedom / 2, statistic / 2) }
}

/** The largest size in each column, or 1 where there is none, and the mean as a share of it: squares stay in range. */
function columnCentres(
  { rows, columns, values }: Matrix,
  weights: Float64Array,
): { centres: Float64Array; scales: Float64Array } {
  const scales = new Float64Array(columns)
  const sums = new Float64Array(columns)
  const counts = new Float64Array(columns)
  const visit = (look: (value: number, column: number) => void): void => {
    for (let row = 0, at = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1, at += 1) {
        if (Number.isFinite(values[at]!) && weights[row]! > 0) look(values[at]!, column)
      }
    }
  }
  visit((value, column) => {
    scales[column] = Math.max(scales[column]!, Math.abs(value))
    counts[column]! += 1
  })
  scales.forEach((scale, column) => {
    if (scale === 0) scales[column] = 1
  })
  visit((value, column) => {
    sums[column]! += value / scales[column]!
  })
  return { centres: sums.map((sum, column) => (counts[column]! > 0 ? sum / counts[column]! : 0)), scales }
}

/** Share of a column's own spread that must be left for it to count as independent of those before it. */
const dependentShare = 1e-9

/** score' information⁻¹ score by elimination, without the columns that depend on others and without the intercept's part. */
function quadraticForm(information: Float64Array, score: Float64Array): { statistic: number; freedom: number } {
  const size = score.length
  const spread = Float64Array.from({ length: size }, (_, at) => information[at * size + at]!)
  let statistic = 0
  let freedom = 0
  for (let pivot = 0; pivot < size; pivot += 1) {
    const left = information[pivot * size + pivot]!
    if (!(left > dependentShare * spread[pivot]!)) continue
    if (pivot > 0) {
      statistic += score[pivot]! ** 2 / left
      freedom += 1
    }
    for (let row = pivot + 1; row < size; row += 1) {
      const factor = information[pivot * size + row]! / left
      score[row]! -= factor * score[pivot]!
      for (let column = row; column < size; column += 1) {
        information[row * size + column]! -= factor * information[pivot * size + column]!
      }
    }
  }
  return { statistic, freedom }
}
