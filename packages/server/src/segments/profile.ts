import { nextTurn } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../base/index.ts'
import type { FeatureMatrix } from '../features/index.ts'
import type { ProfileEntry } from './result.ts'

/** Features that describe a group of customers; those that a store does not have are left out. */
export const describingFeatures: readonly string[] = [
  'recency_days',
  'tenure_days',
  'orders',
  'orders_365d',
  'spend',
  'average_order_value',
  'price_level',
  'items',
  'items_per_order',
  'distinct_products',
  'mean_gap_days',
  'overdue_ratio',
  'spend_trend',
  'return_rate',
  'discounted_share',
  'discount_share',
  'weekend_share',
  'morning_share',
  'afternoon_share',
  'evening_share',
  'night_share',
  'sessions',
  'sessions_90d',
  'product_views_90d',
  'orders_per_visit',
  'cart_abandonment',
  'email_open_rate',
  'email_clicks',
  'tickets',
  'reviews',
  'age',
  'income',
]

/**
 * How each group differs from everybody: per group one entry per numeric feature, largest absolute effect first.
 *
 * Means are over those for whom the feature is known; a feature known of nobody in the group is left out for it.
 *
 * @param labels `[rows]` each row's group, 0 … groups − 1; −1 for rows that count in the average only
 */
export async function profileGroups(
  read: FeatureMatrix,
  labels: Int32Array,
  groups: number,
  work?: Work,
): Promise<ProfileEntry[][]> {
  const profiles = Array.from({ length: groups }, (): ProfileEntry[] => [])
  for (const [column, { name, label, unit, type }] of read.features.entries()) {
    if (type !== 'number') continue
    await nextTurn()
    stopIfAborted(work)
    const { n, means, overallMean, deviation } = momentsOf(read, labels, groups, column)
    means.forEach((mean, group) => {
      if (n[group] === 0) return
      const effect = deviation > 0 ? (mean - overallMean) / deviation : 0
      profiles[group]!.push({ feature: name, label, unit, mean, overallMean, effect })
    })
  }
  for (const profile of profiles) profile.sort((left, right) => Math.abs(right.effect) - Math.abs(left.effect))
  return profiles
}

function momentsOf({ matrix }: FeatureMatrix, labels: Int32Array, groups: number, column: number) {
  const n = new Float64Array(groups)
  const sums = new Float64Array(groups)
  let known = 0
  let total = 0
  const { rows, columns, values } = matrix
  for (let row = 0; row < rows; row += 1) {
    const value = values[row * columns + column]!
    if (Number.isNaN(value)) continue
    known += 1
    total += value
    const group = labels[row]!
    if (group < 0) continue
    n[group]! += 1
    sums[group]! += value
  }
  const overallMean = total / known
  let squares = 0
  for (let row = 0; row < rows; row += 1) {
    const value = values[row * columns + column]!
    if (!Number.isNaN(value)) squares += (value - overallMean) ** 2
  }
  return { n, means: sums.map((sum, group) => sum / n[group]!), overallMean, deviation: Math.sqrt(squares / known) }
}
