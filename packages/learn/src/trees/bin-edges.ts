import { type Matrix, type Random, RapportError } from '@rapport/numerics'
import { firstAbove, runningSums } from '../sampling/first-above.ts'
import type { ColumnBins } from './boosting-model.ts'
import { sortValues } from './sort-values.ts'

interface BinEdgeOptions {
  readonly binsMax: number
  readonly isCategorical: Uint8Array
  readonly weights: ArrayLike<number> | undefined
  readonly random: Random
}

/** Above this many rows, quantiles are taken from a random sample of this many. */
const sampleRowsMax = 200_000

/** Thresholds stay below infinity, so that infinite values keep a bin of their own. */
const almostInfinite = Number.MAX_VALUE

/**
 * Where to cut each column: halfway between neighbouring values when there are at most `binsMax` of them, else at
 * quantiles, so that every bin holds about as many rows. Rows of weight 0 and missing values have no say.
 *
 * @throws RapportError `boosting.categories` when a categorical column has more than `binsMax` categories
 */
export function findBinEdges(data: Matrix, options: BinEdgeOptions): ColumnBins {
  const { columns } = data
  const sample = drawSample(data.rows, options)
  const edges = Array.from({ length: columns }, (_, column) =>
    options.isCategorical[column] === 1
      ? categoriesOf(data, column, options.binsMax)
      : thresholdsOf(data, column, options, sample),
  )
  const starts = new Int32Array(columns + 1)
  edges.forEach((list, column) => {
    starts[column + 1] = starts[column]! + list.length
  })
  const joined = new Float64Array(starts[columns]!)
  edges.forEach((list, column) => {
    joined.set(list, starts[column]!)
  })
  return { isCategorical: options.isCategorical, starts, edges: joined }
}

function categoriesOf(data: Matrix, column: number, binsMax: number): Float64Array {
  const codes = distinctUpTo(binsMax, data, column, undefined)
  if (codes) return codes
  throw new RapportError(
    'boosting.categories',
    `a categorical column must have at most ${binsMax} categories, column ${column} has more`,
  )
}

function thresholdsOf(
  data: Matrix,
  column: number,
  { binsMax, weights }: BinEdgeOptions,
  sample: Int32Array | undefined,
): Float64Array {
  const distinct = distinctUpTo(binsMax, data, column, weights)
  if (distinct) return distinctRising(midpoints(distinct))
  // A weighted sample is drawn by weight, so its rows count alike.
  const quantiles = weights && !sample ? weightedQuantiles : plainQuantiles
  return distinctRising(quantiles(data, column, binsMax, sample, weights))
}

/** The values of a column, rising, or `undefined` when there are more than `limit`. */
function distinctUpTo(
  limit: number,
  { rows, columns, values }: Matrix,
  column: number,
  weights: ArrayLike<number> | undefined,
): Float64Array | undefined {
  const seen = new Set<number>()
  let previous = NaN
  for (let row = 0, at = column; row < rows; row += 1, at += columns) {
    const value = values[at]!
    if (value === previous || Number.isNaN(value) || (weights && weights[row] === 0)) continue
    previous = value
    seen.add(value)
    if (seen.size > limit) return undefined
  }
  return Float64Array.from(seen).sort()
}

function midpoints(rising: Float64Array): Float64Array {
  const between = new Float64Array(Math.max(0, rising.length - 1))
  for (let at = 0; at < between.length; at += 1) {
    const [low, high] = [rising[at]!, rising[at + 1]!]
    const middle = Math.abs(low + high) < Infinity ? (low + high) / 2 : low / 2 + high / 2
    // Halfway between the two infinities is nowhere; 0 parts them as well as any number.
    between[at] = Number.isNaN(middle) ? 0 : middle
  }
  return between
}

/** Quantiles of rank k / bins of the rows, 0 < k < bins; between two rows, their mean. */
function plainQuantiles(data: Matrix, column: number, bins: number, sample: Int32Array | undefined): Float64Array {
  const sorted = sortedColumn(data, column, sample)
  const n = sorted.length
  if (n === 0) return sorted
  const quantiles = new Float64Array(bins - 1)
  for (let k = 1; k < bins; k += 1) {
    const place = n * rankOf(k, bins) - 1
    const before = Math.floor(place)
    const low = sorted[Math.max(0, before)]!
    const high = sorted[Math.min(n - 1, before + 1)]!
    quantiles[k - 1] = place === before ? high - (high - low) * 0.5 : high
  }
  return quantiles
}

/** The same where each row counts as often as its weight says. */
function weightedQuantiles(
  data: Matrix,
  column: number,
  bins: number,
  _sample: Int32Array | undefined,
  weights: ArrayLike<number> | undefined,
): Float64Array {
  const { values, columns } = data
  const valueAt = (row: number): number => values[row * columns + column]!
  const order: number[] = []
  for (let row = 0; row < data.rows; row += 1) {
    if (!Number.isNaN(valueAt(row)) && weights![row]! > 0) order.push(row)
  }
  order.sort((one, other) => valueAt(one) - valueAt(other) || one - other)
  const reached = new Float64Array(order.length)
  let total = 0
  order.forEach((row, place) => {
    total += weights![row]!
    reached[place] = total
  })
  const quantiles = new Float64Array(bins - 1)
  let place = 0
  for (let k = 1; k < bins; k += 1) {
    const wanted = rankOf(k, bins) * total
    while (place < order.length - 1 && reached[place]! < wanted) place += 1
    const here = valueAt(order[place]!)
    const above = valueAt(order[Math.min(order.length - 1, place + 1)]!)
    quantiles[k - 1] = reached[place]! - wanted > Number.EPSILON ? here : (here + above) / 2
  }
  return quantiles
}

// Through percent, as scikit-learn goes: the last bit decides where n times the rank is a whole number.
const rankOf = (k: number, bins: number): number => (k * (100 / bins)) / 100

function sortedColumn({ rows, columns, values }: Matrix, column: number, sample: Int32Array | undefined): Float64Array {
  const n = sample ? sample.length : rows
  const taken = new Float64Array(n)
  let kept = 0
  for (let at = 0; at < n; at += 1) {
    const value = values[(sample ? sample[at]! : at) * columns + column]!
    if (!Number.isNaN(value)) taken[kept++] = value
  }
  return sortValues(taken.subarray(0, kept))
}

function distinctRising(rising: Float64Array): Float64Array {
  return rising
    .filter((value, at) => at === 0 || value > rising[at - 1]!)
    .map((value) => Math.min(value, almostInfinite))
}

/** Rows to take quantiles from, drawn with replacement in proportion to their weights; `undefined` means all. */
function drawSample(rows: number, { weights, random }: BinEdgeOptions): Int32Array | undefined {
  if (rows <= sampleRowsMax) return undefined
  const sample = new Int32Array(sampleRowsMax)
  // Rising, so that reading a column walks through memory in one direction.
  if (!weights) return sample.map(() => random.integer(rows)).sort()
  const reached = runningSums(Float64Array.from(weights))
  return sample.map(() => firstAbove(reached, random.uniform() * reached[rows - 1]!)).sort()
}
