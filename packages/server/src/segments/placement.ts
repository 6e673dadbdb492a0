import { assignLatentClasses, fitLatentClasses, type KMeansModel, type LatentClassModel } from '@rapport/learn'
import { type Matrix, rowOf, takeRows } from '@rapport/numerics'
import { type Work, within } from '../base/index.ts'
import { type HabitScale, observedHabits } from './habit-coordinates.ts'
import type { Habit } from './habits.ts'

/** Everybody's group, largest group first; one that lost everybody is dropped. */
export interface Placement {
  /** `[groups × columns]` the centres among customers who are known well. */
  readonly centers: Matrix
  /** Puts anybody into the groups by what was seen of them. */
  readonly classes: LatentClassModel
  /** `[n]` 0 … groups − 1 */
  readonly labels: Int32Array
  /** `[n]` distance to the group's centre, in units in which one observation has deviation 1/2. */
  readonly distances: Float64Array
  /** `[groups]` the cluster that each group began as. */
  readonly began: readonly number[]
}

/**
 * Puts everybody into the group in which what was seen of them is likeliest, beginning with the clusters of those who
 * are known well. The nearest centre would not do: it takes everybody seen rarely for average.
 *
 * @param points `[n × columns]` everybody
 * @param known rows that were clustered
 * @param clusters `[known]` their clusters
 */
export async function placeEverybody(
  { habits, scales, points }: { habits: readonly Habit[]; scales: readonly HabitScale[]; points: Matrix },
  known: Int32Array,
  clusters: Int32Array,
  { centroids }: Pick<KMeansModel, 'centroids'>,
  work?: Work,
): Promise<Placement> {
  const observed = observedHabits(habits, scales)
  const start = new Int32Array(points.rows).fill(-1)
  known.forEach((row, at) => {
    start[row] = clusters[at]!
  })
  const fitted = await fitLatentClasses(
    observed,
    { classes: centroids.rows, labels: start },
    within(work, 'placing customers'),
  )
  const found = (await assignLatentClasses(fitted, observed, work)).labels
  const sizes = new Float64Array(centroids.rows)
  for (const label of found) sizes[label]! += 1
  const order = [...sizes.keys()].filter((own) => sizes[own]! > 0).sort((a, b) => sizes[b]! - sizes[a]! || a - b)
  const labels = found.map((label) => order.indexOf(label))
  const centers = takeRows(centroids, Int32Array.from(order))
  return {
    centers,
    classes: inOrder(fitted, order),
    labels,
    distances: distancesOf(points, centers, labels),
    began: order,
  }
}

/** The same classes, numbered by their place in `order`. */
export const inOrder = (classes: LatentClassModel, order: readonly number[]): LatentClassModel => ({
  ...classes,
  shares: order.map((own) => classes.shares[own]!),
  variables: classes.variables.map((parts) => order.map((own) => parts[own]!) as typeof parts),
})

/** `[n]` how far each row is from its group's centre; NaN for rows in none. */
export function distancesOf(points: Matrix, centers: Matrix, labels: Int32Array): Float64Array {
  return Float64Array.from(labels, (label, row) => {
    if (label < 0) return Number.NaN
    const center = rowOf(centers, label)
    const point = rowOf(points, row)
    let square = 0
    for (let at = 0; at < point.length; at += 1) square += (point[at]! - center[at]!) ** 2
    return Math.sqrt(square)
  })
}
