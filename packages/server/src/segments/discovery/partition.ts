import {
  assignGaussianMixture,
  assignKMeans,
  assignKMedoids,
  type CovarianceKind,
  cutIntoClusters,
  type Dendrogram,
  fitAgglomerative,
  fitGaussianMixture,
  fitKMeans,
  fitKMedoids,
  type GaussianMixtureModel,
  type KMeansModel,
  type KMedoidsModel,
  takeTableRows,
} from '@rapport/learn'
import { RapportError, takeRows } from '@rapport/numerics'
import type { Work } from '../../base/index.ts'
import type { PartitionMethod } from './methods.ts'
import type { Points } from './points.ts'

/** Groups of some rows into a number of them, and the model that made them. */
export interface Partition {
  /** `[rows]` 0 … groups − 1 */
  readonly labels: Int32Array
  readonly model: KMeansModel | GaussianMixtureModel | KMedoidsModel | Dendrogram
}

export type Parting = (groups: number) => Promise<Partition>

export type PartedPoints = Pick<Points, 'data' | 'table' | 'columnWeights'>

export const takePoints = ({ data, table, columnWeights }: PartedPoints, rows: Int32Array): PartedPoints => ({
  data: takeRows(data, rows),
  table: takeTableRows(table, rows),
  ...(columnWeights && { columnWeights }),
})

/** Parts points by a method into any number of groups; what does not depend on the number is done once. */
export function partingOf(method: PartitionMethod, points: PartedPoints, seed: number, work?: Work): Parting {
  const { data, table, columnWeights } = points
  let tree: Dendrogram | undefined
  switch (method) {
    case 'kmeans':
    case 'factors':
      return async (groups) => {
        const model = await fitKMeans(data, { clusters: groups, seed }, work)
        return { labels: (await assignKMeans(model, data, work)).labels, model }
      }
    case 'hierarchical':
      return async (groups) => {
        tree ??= await fitAgglomerative(data, {}, work)
        return { labels: cutIntoClusters(tree, groups), model: tree }
      }
    case 'gmm':
      return async (groups) => {
        const model = await likeliestMixture(points, groups, seed, work)
        return { labels: (await assignGaussianMixture(model, data, work)).labels, model }
      }
    case 'medoids':
      return async (groups) => {
        const options = {
          clusters: groups,
          seed,
          starts: table.rows > 1000 ? 2 : 1,
          sampleRows: Math.max(groups, Math.min(1500, table.rows)),
        }
        const model = await fitKMedoids(table, { ...options, ...(columnWeights && { columnWeights }) }, work)
        return { labels: (await assignKMedoids(model, table, work)).labels, model }
      }
  }
}

const shapes: readonly CovarianceKind[] = ['full', 'tied', 'diagonal', 'spherical']

/** Of all shapes that can be fitted, the one with the lowest information criterion; each begins from the best k-means. */
async function likeliestMixture(
  { data }: PartedPoints,
  clusters: number,
  seed: number,
  work: Work | undefined,
): Promise<GaussianMixtureModel> {
  const begin = await fitKMeans(data, { clusters, seed }, work)
  const initial = (await assignKMeans(begin, data, work)).labels
  let best: GaussianMixtureModel | undefined
  let refused: unknown
  for (const covariance of shapes) {
    try {
      const model = await fitGaussianMixture(data, { clusters, covariance, initial, seed }, work)
      if (!best || model.bic < best.bic) best = model
    } catch (error) {
      if (!(error instanceof RapportError) || error.code !== 'gaussian-mixture.singular') throw error
      refused = error
    }
  }
  if (!best) throw refused
  return best
}
