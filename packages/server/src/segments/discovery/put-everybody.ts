import { assignLatentClasses, fitLatentClasses, type LatentClassModel, type PcaModel } from '@rapport/learn'
import { type Matrix, takeRows } from '@rapport/numerics'
import { type Work, within } from '../../base/index.ts'
import { observedHabits } from '../habit-coordinates.ts'
import { distancesOf, inOrder, placeEverybody } from '../placement.ts'
import { centresOf, nearestCentres } from './centres.ts'
import type { Compared } from './found-groups.ts'
import type { PartitionMethod } from './methods.ts'
import type { Partition } from './partition.ts'
import { ofKnown, type Placing } from './placing.ts'

/** Everybody's group, and how others get into them. */
export interface PutGroups {
  readonly k: number
  /** `[n]` 0 … k − 1, the largest first; −1 for those in none. */
  readonly labels: Int32Array
  /** `[k × d]` */
  readonly centers: Matrix
  /** `[n]` */
  readonly distances: Float64Array
  /** `[k]` the method's own group that each began as. */
  readonly began: readonly number[]
  /** `[own groups]` the place of each among the groups; −1 for one that lost everybody. */
  readonly segmentOf: readonly number[]
  readonly placing: Placing
  /** How those get into them of whom too little is known for that; null where they are in none. */
  readonly seldom: LatentClassModel | null
  /** Share of those who were grouped whom the rule puts where the method had put them. */
  readonly agreement: number
}

/**
 * Puts everybody into the groups by the rule that will hold for others, so that looking again changes nothing: the method's
 * own (nearest medoid, likeliest part, nearest middle) for those who are known well, and by what was seen of them for those
 * whose habits are not, whom nearness takes for average. Groups of k-means among habits are only where that begins.
 */
export async function putEverybody(
  method: PartitionMethod,
  { points, habits }: Compared,
  { labels, model }: Partition,
  directions: PcaModel | null,
  work?: Work,
): Promise<PutGroups> {
  const { data, known, scale } = points
  const own = takeRows(data, known)
  const clusters = labels.reduce((most, label) => Math.max(most, label + 1), 0)
  const centroids = centresOf(own, labels, clusters)
  if (scale.kind === 'habits' && method === 'kmeans') {
    const put = await placeEverybody({ habits, scales: scale.scales, points: data }, known, labels, { centroids }, work)
    const segmentOf = inverseOf(put.began, clusters)
    return {
      ...{ ...put, k: put.began.length, segmentOf, seldom: null },
      placing: { kind: 'classes', classes: put.classes },
      agreement: agreementOf(labels, (at) => put.began[put.labels[known[at]!]!]!),
    }
  }
  const ruled = model.kind === 'dendrogram' || model.kind === 'k-means' ? nearestCentres(centroids, own) : labels
  const all = ofKnown(points, ruled)
  let classes: LatentClassModel | null = null
  if (scale.kind === 'habits') {
    const observed = observedHabits(habits, scale.scales)
    const placing = within(work, 'placing customers')
    classes = await fitLatentClasses(observed, { classes: clusters, labels: all.slice() }, placing)
    const { labels: likeliest } = await assignLatentClasses(classes, observed, placing)
    all.forEach((label, row) => {
      if (label < 0) all[row] = likeliest[row]!
    })
  }
  const began = bySize(all, clusters)
  const segmentOf = inverseOf(began, clusters)
  const put = all.map((label) => (label < 0 ? -1 : segmentOf[label]!))
  const centers = takeRows(centroids, Int32Array.from(began))
  return {
    ...{ k: clusters, labels: put, centers, distances: distancesOf(data, centers, put), began, segmentOf },
    placing: placingOf(model, centers, segmentOf, directions),
    seldom: classes && inOrder(classes, began),
    agreement: agreementOf(labels, (at) => ruled[at]!),
  }
}

function placingOf(
  model: Partition['model'],
  centers: Matrix,
  segmentOf: readonly number[],
  directions: PcaModel | null,
): Placing {
  if (model.kind === 'k-medoids') return { kind: 'medoids', columns: model.columns }
  if (model.kind === 'gaussian-mixture') return { kind: 'mixture', model, directions, segmentOf }
  return { kind: 'centres', centers }
}

function agreementOf(labels: Int32Array, again: (at: number) => number): number {
  return labels.reduce((sum, label, at) => sum + (again(at) === label ? 1 : 0), 0) / labels.length
}

function bySize(labels: Int32Array, groups: number): readonly number[] {
  const sizes = new Float64Array(groups)
  for (const label of labels) if (label >= 0) sizes[label]! += 1
  return [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]! || a - b)
}

/** `[clusters]` the place of each in `order`; −1 for those that lost everybody. */
const inverseOf = (order: readonly number[], clusters: number): readonly number[] =>
  Array.from({ length: clusters }, (_, cluster) => order.indexOf(cluster))
