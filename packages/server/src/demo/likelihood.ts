import type { CustomerType } from './scenario.ts'

/** A customer's repeat orders on the type's clock: how many, when the last came, and how long they are a customer. */
export interface Repeats {
  readonly repeats: number
  readonly recency: number
  readonly age: number
}

const gridPoints = 160

/**
 * How likely these repeats are under a type, the customer's own rate and dropout integrated out, and what follows.
 *
 * The rate is integrated in closed form; the dropout on a grid over its beta law, because the expected orders have no
 * closed form that is simpler than the sum.
 *
 * @param ahead days to look ahead on the type's clock
 * @returns `log` up to a term that all types share
 *
 * Cost: O(160).
 */
export function lifeLikelihood(
  type: CustomerType,
  { repeats, recency, age }: Repeats,
  ahead: number,
): { log: number; alive: number; expectedOrders: number } {
  const { shape, mean } = type.ordersPerYear
  const scale = (shape * 365) / mean
  const power = shape + repeats
  const goneFactor = ((scale + age) / (scale + recency)) ** power
  let likelihood = 0
  let living = 0
  let expected = 0
  const weights = dropoutWeights(type)
  for (let point = 0; point < gridPoints; point += 1) {
    const dropout = (point + 0.5) / gridPoints
    const stayed = weights[point]! * (1 - dropout) ** repeats
    const alive = stayed * (1 - dropout)
    living += alive
    likelihood += alive + stayed * dropout * goneFactor
    expected += (alive * (1 - ((scale + age) / (scale + age + dropout * ahead)) ** power)) / dropout
  }
  const log =
    logGamma(power) - logGamma(shape) + shape * Math.log(scale) - power * Math.log(scale + age) + Math.log(likelihood)
  return { log, alive: living / likelihood, expectedOrders: expected / likelihood }
}

const weightsOf = new WeakMap<CustomerType, Float64Array>()

/** The beta law of the dropout on the grid's points, adding up to 1. */
function dropoutWeights(type: CustomerType): Float64Array {
  const known = weightsOf.get(type)
  if (known) return known
  const { mean, concentration } = type.dropout
  const weights = Float64Array.from({ length: gridPoints }, (_, point) => {
    const dropout = (point + 0.5) / gridPoints
    return dropout ** (mean * concentration - 1) * (1 - dropout) ** ((1 - mean) * concentration - 1)
  })
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const scaled = weights.map((weight) => weight / total)
  weightsOf.set(type, scaled)
  return scaled
}

/** Log probability of counts whose shares are Dirichlet around `weights`, up to a term without the type. */
export function dirichletMultinomial(
  weights: readonly number[],
  concentration: number,
  counts: ArrayLike<number>,
): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let seen = 0
  let log = 0
  weights.forEach((weight, index) => {
    const count = counts[index]!
    if (count === 0) return
    seen += count
    const prior = (concentration * weight) / total
    log += concentration === Infinity ? count * Math.log(weight / total) : logGamma(prior + count) - logGamma(prior)
  })
  return concentration === Infinity ? log : log + logGamma(concentration) - logGamma(concentration + seen)
}

/** Log probability of `events` in `exposure` when the rate is gamma with this shape and mean, up to a shared term. */
export function gammaPoisson(shape: number, mean: number, exposure: number, events: number): number {
  const rate = shape / mean
  return (
    logGamma(shape + events) - logGamma(shape) + shape * Math.log(rate) - (shape + events) * Math.log(rate + exposure)
  )
}

/**
 * Natural log of the gamma function for x > 0, to 1e-10 relative.
 *
 * Source: Abramowitz & Stegun, Handbook of Mathematical Functions, 6.1.40, after the recurrence brings x above 10.
 */
export function logGamma(x: number): number {
  let shifted = x
  let product = 1
  while (shifted < 10) {
    product *= shifted
    shifted += 1
  }
  const inverse = 1 / shifted
  const square = inverse * inverse
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
  return (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product)
}
