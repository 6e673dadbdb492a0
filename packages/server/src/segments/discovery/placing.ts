import {
  assignDbscan,
  assignGaussianMixture,
  assignHdbscan,
  assignKMeans,
  assignKMedoids,
  assignLatentClasses,
  type GaussianMixtureModel,
  type GowerColumn,
  type HdbscanPlaces,
  type LatentClassModel,
  type PcaModel,
  type Table,
} from '@rapport/learn'
import { type Matrix, matrix, takeRows } from '@rapport/numerics'
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
  | {
      readonly kind: 'dense-places'
      /** `[groups]` distance at which each parted from what was around it. */
      readonly reaches: Float64Array
      readonly neighboursMin: number
      readonly directions: PcaModel | null
    }
  | { readonly kind: 'fixed'; readonly because: string }

/** Customers that others are compared with, and the segments they stand for. */
export interface Exemplars {
  readonly customerIds: readonly string[]
  /** `[exemplars]` position of the segment; −1 for those in none, who tell how densely customers lie outside the groups. */
  readonly segments: Int32Array
  /** Their values: of cores as a matrix, of dense places with the distance that makes each a core besides, of medoids as columns. */
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
  { placing, seldom }: { readonly placing: Placing; readonly seldom?: LatentClassModel | null },
  by: PlacedBy,
  work?: Work,
): Promise<Int32Array | undefined> {
  const labels = await byRule(placing, by, work)
  if (labels === undefined || !seldom) return labels
  const likeliest = await byHabits(seldom, by, work)
  const isKnown = new Set(by.points.known)
  return labels.map((label, row) => (isKnown.has(row) ? label : likeliest[row]!))
}

async function byHabits(classes: LatentClassModel, { points, habits }: PlacedBy, work?: Work): Promise<Int32Array> {
  if (points.scale.kind !== 'habits') throw new TypeError('customers must be compared by habits, to be put by them')
  return (await assignLatentClasses(classes, observedHabits(habits, points.scale.scales), work)).labels
}

/** By the method's own rule, of those who are known well enough for it. */
async function byRule(placing: Placing, by: PlacedBy, work?: Work): Promise<Int32Array | undefined> {
  const { points, exemplars } = by
  switch (placing.kind) {
    case 'classes':
      return byHabits(placing.classes, by, work)
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
    case 'dense-places': {
      if (!exemplars?.data) return undefined
      const data = alongDirections(placing.directions, takeRows(points.data, points.known))
      return ofKnown(points, await assignHdbscan(placesOf(placing, exemplars.segments, exemplars.data), data, work))
    }
    case 'fixed':
      return undefined
  }
}

/** The last column of their values is the distance that makes each a core. */
function placesOf(
  { reaches, neighboursMin }: Extract<Placing, { kind: 'dense-places' }>,
  labels: Int32Array,
  { rows, columns, values }: Matrix,
): HdbscanPlaces {
  const width = columns - 1
  const own = matrix(rows, width)
  const coreDistances = new Float64Array(rows)
  for (let row = 0; row < rows; row += 1) {
    own.values.set(values.subarray(row * columns, row * columns + width), row * width)
    coreDistances[row] = values[row * columns + width]!
  }
  return { rows: own, labels, coreDistances, reaches, neighboursMin }
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
