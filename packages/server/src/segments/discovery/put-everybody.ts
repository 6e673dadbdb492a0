import type { GaussianMixtureModel, KMedoidsModel, PcaModel } from '@rapport/learn'
import { type Matrix, takeRows } from '@rapport/numerics'
import type { Work } from '../../base/index.ts'
import type { Habit } from '../habits.ts'
import { distancesOf, placeEverybody } from '../placement.ts'
import { centresOf } from './centres.ts'
import type { PartitionMethod } from './methods.ts'
import type { Partition } from './partition.ts'
import { ofKnown, type Placing } from './placing.ts'
import type { Points } from './points.ts'

/** Everybody's group, the largest first, and how others get into them. */
export async function putEverybody(
  method: PartitionMethod,
  points: Points,
  habits: readonly Habit[],
  { labels, model }: Partition,
  directions: PcaModel | null,
  work?: Work,
) {
  const { data, known, scale } = points
  const clusters = labels.reduce((most, label) => Math.max(most, label + 1), 0)
  const centroids = centresOf(takeRows(data, known), labels, clusters)
  if (scale.kind === 'habits') {
    const put = await placeEverybody({ habits, scales: scale.scales, points: data }, known, labels, { centroids }, work)
    const placing: Placing = { kind: 'classes', classes: put.classes }
    return { ...put, k: put.began.length, placing, segmentOf: inverseOf(put.began, clusters) }
  }
  // Models number their groups by size among those who were grouped; segments are numbered alike.
  const began = bySize(labels, clusters)
  const segmentOf = inverseOf(began, clusters)
  const all = ofKnown(
    points,
    labels.map((label) => segmentOf[label]!),
  )
  const centers = takeRows(centroids, Int32Array.from(began))
  return {
    ...{ k: clusters, labels: all, centers, distances: distancesOf(data, centers, all), began, segmentOf },
    placing: placingOf(method, model, centers, segmentOf, directions),
  }
}

function placingOf(
  method: PartitionMethod,
  model: Partition['model'],
  centers: Matrix,
  segmentOf: readonly number[],
  directions: PcaModel | null,
): Placing {
  if (method === 'hierarchical')
    return { kind: 'fixed', because: 'a tree of merges says nothing of customers it does not hold' }
  if (model.kind === 'k-medoids') return { kind: 'medoids', columns: (model as KMedoidsModel).columns }
  if (model.kind === 'gaussian-mixture') {
    return { kind: 'mixture', model: model as GaussianMixtureModel, directions, segmentOf }
  }
  return { kind: 'centres', centers }
}

function bySize(labels: Int32Array, groups: number): readonly number[] {
  const sizes = new Float64Array(groups)
  for (const label of labels) if (label >= 0) sizes[label]! += 1
  return [...sizes.keys()].sort((a, b) => sizes[b]! - sizes[a]! || a - b)
}

/** `[clusters]` the place of each in `order`; −1 for those that lost everybody. */
const inverseOf = (order: readonly number[], clusters: number): readonly number[] =>
  Array.from({ length: clusters }, (_, cluster) => order.indexOf(cluster))
