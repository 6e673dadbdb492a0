import { holm } from '@rapport/learn'
import { columnOf, normalCdf, regularisedGamma, regularisedGammaUpper } from '@rapport/numerics'
import type { Definition, Feature } from '../features/index.ts'
import { type LabelledRows, signedLogs } from './customer-rows.ts'

/** The chance that any feature at all is said to matter in a shop where none does. */
export const falseDriverRate = 0.05

/**
 * Positions of the features that customers who lapsed and customers who stayed differ in by more than chance: only these
 * may be named as what a prediction rests on. A model uses others too, and each of them a little even where it is noise.
 *
 * Every number, every category of at least 10 customers and every missing value is a test; Holm's procedure holds the
 * chance of one false call among all of them at `falseDriverRate`. The rows need not be new to the model, because the
 * tests look at outcomes alone and not at what the model made of them.
 *
 * Shares and averages are compared among customers with about as many orders: a share of one order is 0 or 1, so that
 * customers who seldom buy, and lapse, would differ in the share of any weekday. Where orders are not among the features
 * nothing is known of that, and shares and averages are not named.
 */
export function differingFeatures(rows: LabelledRows): ReadonlySet<number> {
  const together = new Int32Array(rows.labels.length)
  const byOrders = strataOfOrders(rows)
  const tests = rows.features.flatMap((feature, position) => {
    const strata = isPerOrder(feature.definition) ? byOrders : together
    if (strata === undefined) return []
    return columnsOf(feature, columnOf(rows.matrix, position)).flatMap((values) => {
      const chance = chanceOfDifference(values, rows.labels, strata)
      return chance === undefined ? [] : [{ position, chance }]
    })
  })
  const adjusted = holm(tests.map(({ chance }) => chance))
  return new Set(tests.filter((_, test) => adjusted[test]! <= falseDriverRate).map(({ position }) => position))
}

const isPerOrder = (definition: Definition): boolean =>
  definition.kind === 'ratio' ||
  (definition.kind === 'aggregate' && (definition.aggregate === 'mean' || definition.aggregate === 'deviation'))

/** Up to 8 orders each number is a stratum of its own; above, shares and averages hardly change with it. */
const ordersAlone = 8

function strataOfOrders({ features, matrix, labels }: LabelledRows): Int32Array | undefined {
  const position = features.findIndex(({ name }) => name === 'orders')
  if (position < 0) return undefined
  return Int32Array.from({ length: labels.length }, (_, row) => {
    const orders = matrix.values[row * matrix.columns + position]!
    return orders <= ordersAlone ? orders : ordersAlone + Math.ceil(2 * Math.log2(orders / ordersAlone))
  })
}

const categoryMin = 10

/** What of a feature is tested: whether it is missing, and its number or each of its larger categories. */
function columnsOf({ type, unit }: Feature, values: Float64Array): readonly Float64Array[] {
  const missing = values.map((value) => (Number.isNaN(value) ? 1 : 0))
  // The mean of a share does not depend on how many orders it is of; that of its logarithm would.
  if (type === 'number') return [missing, unit === 'share' ? values : signedLogs(values)]
  const sizes = new Map<number, number>()
  for (const code of values) if (!Number.isNaN(code)) sizes.set(code, (sizes.get(code) ?? 0) + 1)
  const large = [...sizes].filter(([, size]) => size >= categoryMin).map(([code]) => code)
  return [missing, ...large.map((code) => values.map((value) => (value === code ? 1 : 0)))]
}

/**
 * The chance of sums at least this far from what is expected, either way, when outcomes are dealt anew within each
 * stratum. The distribution over all such deals has exact mean, variance and skewness; Pearson's type III curve with
 * these is taken for it, since a normal one finds far too much in rare values.
 *
 * @param values `[n]` missing values (NaN) are left out
 * @param labels `[n]` 0 or 1
 * @param strata `[n]` whole numbers
 * @returns 0 … 1; undefined when no deal differs from another
 *
 * Source: Mielke & Berry, "Permutation Methods", 2nd ed., Springer 2007, section 2.3.
 *
 * @example
 * chanceOfDifference([1, 2, 3, 4], [0, 0, 1, 1], [0, 0, 0, 0]) // 0.11…
 */
export function chanceOfDifference(
  values: ArrayLike<number>,
  labels: ArrayLike<number>,
  strata: ArrayLike<number>,
): number | undefined {
  let difference = 0
  let variance = 0
  let third = 0
  for (const rows of presentByStratum(values, strata).values()) {
    const size = rows.length
    if (size < 2) continue
    const ones = rows.reduce((sum, row) => sum + labels[row]!, 0)
    const mean = rows.reduce((sum, row) => sum + values[row]!, 0) / size
    let squares = 0
    let cubes = 0
    for (const row of rows) {
      const distance = values[row]! - mean
      difference += labels[row]! * distance
      squares += distance * distance
      cubes += distance * distance * distance
    }
    const pairs = (ones * (size - ones)) / (size * (size - 1))
    variance += pairs * squares
    if (size > 2) third += (pairs * (size - 2 * ones) * cubes) / (size - 2)
  }
  if (!(variance > 1e-12)) return undefined
  const score = difference / Math.sqrt(variance)
  const skewness = third / variance ** 1.5
  return Math.min(1, 2 * Math.min(pearsonUpper(score, skewness), pearsonUpper(-score, -skewness)))
}

function presentByStratum(values: ArrayLike<number>, strata: ArrayLike<number>): ReadonlyMap<number, number[]> {
  const found = new Map<number, number[]>()
  for (let row = 0; row < values.length; row += 1) {
    if (Number.isNaN(values[row]!)) continue
    const rows = found.get(strata[row]!)
    if (rows) rows.push(row)
    else found.set(strata[row]!, [row])
  }
  return found
}

/** The chance of a standardised score of at least this under a gamma distribution, mirrored for negative skewness. */
function pearsonUpper(score: number, skewness: number): number {
  const shape = 4 / skewness ** 2
  // So little skewness is none.
  if (!(shape < 1e6)) return normalCdf(-score)
  const at = shape + Math.sign(skewness) * score * Math.sqrt(shape)
  if (skewness > 0) return at <= 0 ? 1 : regularisedGammaUpper(shape, at)
  return at <= 0 ? 0 : regularisedGamma(shape, at)
}
