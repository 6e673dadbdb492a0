import { seededRandom } from '@rapport/numerics'
import type { PurchaseModel } from './index.ts'

/**
 * Histories of customers drawn from a purchase model by its own story, written apart from the code under test: first
 * purchases spread over the first half of `weeks`, the rest as the model says.
 */
export function simulateHistories(
  kind: PurchaseModel['kind'],
  [r, alpha, third, fourth]: readonly [number, number, number, number],
  customers: number,
  weeks: number,
  seed: number,
): { readonly frequency: Float64Array; readonly recency: Float64Array; readonly age: Float64Array } {
  const random = seededRandom(seed)
  const [frequency, recency, age] = [0, 0, 0].map(() => new Float64Array(customers)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let customer = 0; customer < customers; customer += 1) {
    const end = weeks * (1 - random.uniform() / 2)
    const rate = random.gamma(r, 1 / alpha)
    const isPareto = kind === 'pareto-nbd'
    const lifeEnd = isPareto ? random.exponential(random.gamma(third, 1 / fourth)) : Infinity
    const chance = isPareto ? 0 : random.beta(third, fourth)
    let isAlive = kind !== 'mbg-nbd' || random.uniform() >= chance
    let at = 0
    while (isAlive) {
      at += random.exponential(rate)
      if (at > Math.min(end, lifeEnd)) break
      frequency[customer]! += 1
      recency[customer] = at
      if (random.uniform() < chance) isAlive = false
    }
    age[customer] = end
  }
  return { frequency, recency, age }
}
