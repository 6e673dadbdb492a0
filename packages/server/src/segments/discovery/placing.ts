import {
  assignDbscan,
  assignGaussianMixture,
  assignKMeans,
  assignKMedoids,
  assignLatentClasses,
  type GaussianMixtureModel,
  type GowerColumn,
  type LatentClassModel,
  type PcaModel,
  type Table,
} from '@rapport/learn'
import { type Matrix, takeRows } from '@rapport/numerics'
import type { Work } from '../../base/index.ts'
import { observedHabits } from '../habit-coordinates.ts'
import type { Habit } from '../habits.ts'
import { alongDirections } from './directions.ts'
import type { Points } from './points.ts'

/**
 * How anybody gets into the groups that were found: plain data, kept with the model. `segmentOf` gives the segment's position
 * for each of the model's own groups. Medoids and cores are customers, so they are kept apart, where an erasure finds
 * them.
 */
export type Placing =
  | { readonly kind: 'classes'; readonly classes: LatentClassModel }
  | { readonly kind: 'centres'; readonly centers: Matrix }
  | {
      readonly kind: 'mixture'
      readonly model: GaussianMixtureModel
      readonly directions: PcaModel | null
      readonly segmentOf: readonly number[]
    }
  | { readonly kind: 'medoids'; readonly columns: readonly GowerColumn[] }
  | { readonly kind: 'cores'; readonly radius: number; readonly directions: PcaModel | null }
  | { readonly kind: 'fixed'; readonly because: string }

/** Customers that others are compared with, and the segments they stand for. */
export interface Exemplars {
  readonly customerIds: readonly string[]
  /** `[exemplars]` position of the segment */
  readonly segments: Int32Array
  /** Their values: of cores as a matrix, of medoids as columns. */
  readonly data: Matrix | null
  readonly table: Table | null
}

/** What there is to place customers by. */
export interface PlacedBy {
  readonly points: Pick<Points, 'data' | 'table' | 'known' | 'scale'>
  /** Of those who are compared by habits. */
  readonly habits: readonly Habit[]
  readonly exemplars: Exemplars | null
}

/**
 * Each customer's segment, −1 for those in none; undefined where the method says nothing of customers it has not seen.
 *
 * @returns `[n]`
 */
export async function placed(
  placing: Placing,
  { points, habits, exemplars }: PlacedBy,
  work?: Work,
): Promise<Int32Array | undefined> {
  switch (placing.kind) {
    case 'classes': {
      if (points.scale.kind !== 'habits') return undefined
      return (await assignLatentClasses(placing.classes, observedHabits(habits, points.scale.scales), work)).labels
    }
    case 'centres': {
      const data = takeRows(points.data, points.known)
      return ofKnown(points, (await assignKMeans({ centroids: placing.centers }, data, work)).labels)
    }
    case 'mixture': {
      const data = alongDirections(placing.directions, takeRows(points.data, points.known))
      const { labels } = await assignGaussianMixture(placing.model, data, work)
      return ofKnown(
        points,
        labels.map((label) => placing.segmentOf[label]!),
      )
    }
    case 'medoids':
      return exemplars?.table ? byMedoids(placing.columns, points, exemplars, exemplars.table, work) : undefined
    case 'cores': {
      if (!exemplars?.data) return undefined
      const { segments: labels, data: cores } = exemplars
      const model = { radius: placing.radius, cores, labels, coreRows: Int32Array.from(labels.keys()) }
      const data = alongDirections(placing.directions, takeRows(points.data, points.known))
      return ofKnown(points, await assignDbscan(model, data, work))
    }
    case 'fixed':
      return undefined
  }
}

async function byMedoids(
  columns: readonly GowerColumn[],
  points: PlacedBy['points'],
  { segments }: Exemplars,
  medoids: Table,
  work?: Work,
): Promise<Int32Array> {
  const { labels } = await assignKMedoids({ columns, medoids }, points.table, work)
  const isKnown = new Set(points.known)
  return labels.map((label, row) => (isKnown.has(row) ? segments[label]! : -1))
}

/** Labels of the known rows as labels of all. */
export function ofKnown({ data, known }: Pick<Points, 'data' | 'known'>, labels: Int32Array): Int32Array {
  const all = new Int32Array(data.rows).fill(-1)
  known.forEach((row, at) => {
    all[row] = labels[at]!
  })
  return all
}
