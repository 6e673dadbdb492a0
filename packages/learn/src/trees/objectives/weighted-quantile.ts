/**
 * A quantile of `values`. Unweighted: halfway between neighbours in proportion, as numpy's default. Weighted: the lowest
 * value at which the weights up to it reach `share` of them all.
 *
 * @param values not empty, without NaN
 * @param share in (0, 1)
 */
export function weightedQuantile(values: Float64Array, weights: Float64Array | undefined, share: number): number {
  if (!weights) return plainQuantile(values, share)
  const order = Array.from(values, (_, at) => at).sort((one, other) => values[one]! - values[other]! || one - other)
  const reached = new Float64Array(order.length)
  let total = 0
  order.forEach((at, place) => {
    total += weights[at]!
    reached[place] = total
  })
  const wanted = ((100 * share) / 100) * total
  const place = reached.findIndex((sum) => sum >= wanted)
  return values[order[place < 0 ? order.length - 1 : place]!]!
}

function plainQuantile(values: Float64Array, share: number): number {
  const rising = values.slice().sort()
  const place = share * (rising.length - 1)
  const before = Math.floor(place)
  const low = rising[before]!
  const high = rising[Math.min(rising.length - 1, before + 1)]!
  const beyond = place - before
  // From the nearer end, as numpy does, so that the last bit is the same.
  return beyond < 0.5 ? low + (high - low) * beyond : high - (high - low) * (1 - beyond)
}
