import { regularisedGammaUpper } from '@rapport/numerics'
import { ascendingOrder } from '../../metrics/order.ts'
import type { CheckedTrial } from '../trial-rows.ts'

/** Whether chances that were logged are those with which treatment was given. */
export interface PropensityFit {
  /** Treated customers less the sum of the chances, in standard deviations. */
  readonly surplus: number
  /** Chance of counts in ten slices of the chances that are at least as far off, when the chances are right. */
  readonly pValue: number
}

const slicesMax = 10
/** Treated customers and others that a slice must be expected to hold for its count to be nearly normal. */
const expectedMin = 5

/**
 * Compares the number of treated customers with the chances, over all and in slices of the chances. Unlike the test of
 * Hosmer and Lemeshow nothing was fitted, so every slice is a degree of freedom.
 *
 * Source: Hosmer & Lemeshow, "Goodness of fit tests for the multiple logistic regression model", 1980.
 */
export function propensityFit({ propensities, treated, weights }: CheckedTrial): PropensityFit {
  const order = ascendingOrder(propensities).filter((row) => weights[row]! > 0)
  const slices = Math.min(slicesMax, order.length)
  let [surplus, variance, statistic, freedom] = [0, 0, 0, 0]
  for (let slice = 0; slice < slices; slice += 1) {
    const members = order.subarray(
      Math.floor((slice * order.length) / slices),
      Math.floor(((slice + 1) * order.length) / slices),
    )
    const own = { surplus: 0, variance: 0, expected: 0 }
    for (const row of members) {
      own.surplus += treated[row]! - propensities[row]!
      own.variance += propensities[row]! * (1 - propensities[row]!)
      own.expected += propensities[row]!
    }
    surplus += own.surplus
    variance += own.variance
    if (Math.min(own.expected, members.length - own.expected) < expectedMin) continue
    statistic += own.surplus ** 2 / own.variance
    freedom += 1
  }
  return {
    surplus: variance > 0 ? surplus / Math.sqrt(variance) : surplus === 0 ? 0 : Infinity,
    pValue: freedom === 0 ? 1 : regularisedGammaUpper(freedom / 2, statistic / 2),
  }
}

/** How many customers of an arm count, when each stands for 1 / chance of being in it: (Σ w)² / Σ w². */
export function effectiveRows({ propensities, treated, weights }: CheckedTrial, arm: 0 | 1): number {
  let [sum, squares] = [0, 0]
  for (let row = 0; row < treated.length; row += 1) {
    if (treated[row] !== arm) continue
    const weight = weights[row]! / (arm === 1 ? propensities[row]! : 1 - propensities[row]!)
    sum += weight
    squares += weight * weight
  }
  return squares > 0 ? sum ** 2 / squares : 0
}
