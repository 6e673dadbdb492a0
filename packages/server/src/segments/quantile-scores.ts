import { RapportError } from '../base/index.ts'

/**
 * Scores 1 … bins by quantile, higher for larger values, as the R package `rfm` cuts them: the inner edges are the
 * quantiles plus one, and a value at or above an edge is beyond it. The "plus one" makes a whole number equal to a
 * quantile fall below its edge, so equal values always share a score and a score may stay empty.
 *
 * @param values `[n]` finite, n ≥ 1
 * @returns `[n]` whole numbers, 1 … bins; all 1 when every value is the same
 * @throws RapportError `segments.bins` when bins is not a whole number from 2 to 10
 *
 * Source: rsquaredacademy, R package rfm, `rfm_table_order`.
 *
 * @example
 * scoreByQuantiles(Float64Array.of(1, 2, 3, 4, 5, 60), 2) // Int32Array [1, 1, 1, 1, 2, 2]
 */
export function scoreByQuantiles(values: Float64Array, bins: number): Int32Array {
  if (!Number.isInteger(bins) || bins < 2 || bins > 10) {
    throw new RapportError('segments.bins', `bins must be a whole number from 2 to 10, got ${bins}`)
  }
  const ascending = values.slice().sort()
  const edges = Array.from({ length: bins - 1 }, (_, at) => quantile(ascending, (at + 1) / bins) + 1)
  return Int32Array.from(values, (value) => {
    let score = 1
    for (const edge of edges) if (value >= edge) score += 1
    return score
  })
}

/** R's default quantile (type 7): linear between the two nearest of the ordered values. */
function quantile(ascending: Float64Array, probability: number): number {
  const position = (ascending.length - 1) * probability
  // As R does: 0.6 × 5 must not fall to the value below for want of one unit in the last place.
  const below = Math.floor(position + 4 * Number.EPSILON)
  const fraction = Math.max(position - below, 0)
  const low = ascending[below]!
  return fraction < 4 * Number.EPSILON ? low : low + fraction * (ascending[below + 1]! - low)
}
