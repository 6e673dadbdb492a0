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
  type KMeansOptions,
  type KMedoidsModel,
  takeTableRows,
} from '@rapport/learn'
import { type Matrix, RapportError, takeRows } from '@rapport/numerics'
import type { Work } from '../../base/index.ts'
import { sampledRows } from '../group-facts.ts'
import type { PartitionMethod } from './methods.ts'
import type { Points } from './points.ts'

/** Groups of some rows into a number of them, and the model that made them. */
export interface Partition {
  /** `[rows]` 0 … groups − 1 */
  readonly labels: Int32Array
  readonly model: KMeansModel | GaussianMixtureModel | KMedoidsModel | Dendrogram
}

export type Parting = (groups: number) => Promise<Partition>

export type PartedPoints = Pick<Points, 'data' | 'table' | 'columnsOf' | 'columnWeights' | 'lengths'>

export const takePoints = (points: PartedPoints, rows: Int32Array): PartedPoints => ({
  ...{ data: takeRows(points.data, rows), table: takeTableRows(points.table, rows) },
  ...{ columnsOf: points.columnsOf, columnWeights: points.columnWeights },
  ...(points.lengths && { lengths: Float64Array.from(rows, (row) => points.lengths![row]!) }),
})

/** Customers that groupings are compared on. */
const comparedRowsMax = 1000

/** As many of them as can be grouped a few hundred times, drawn at random. */
export const samplePoints = (points: PartedPoints, seed: number): PartedPoints =>
  points.data.rows <= comparedRowsMax
    ? points
    : takePoints(points, sampledRows(points.data.rows, comparedRowsMax, seed))

export interface PartingOptions {
  readonly seed: number
  /** One start where the whole would take many, for comparing many groupings with each other. Default false. */
  readonly isQuick?: boolean
  /** Of a mixture. Default: of all that can be fitted the one with the lowest information criterion. */
  readonly shapes?: readonly CovarianceKind[]
}

/** Parts points by a method into any number of groups; what does not depend on the number is done once. */
export function partingOf(
  method: PartitionMethod,
  points: PartedPoints,
  { seed, isQuick = false, shapes = mixtureShapes }: PartingOptions,
  work?: Work,
): Parting {
  const { data, table, columnWeights } = points
  const ofKMeans = { seed, ...(isQuick && { starts: 3, workers: 0 }) }
  let tree: Dendrogram | undefined
  switch (method) {
    case 'kmeans':
    case 'factors':
      return async (groups) => {
        const model = await fitKMeans(data, { clusters: groups, ...ofKMeans }, work)
        return { labels: (await assignKMeans(model, data, work)).labels, model }
      }
    case 'hierarchical':
      return async (groups) => {
        tree ??= await fitAgglomerative(data, {}, work)
        return { labels: cutIntoClusters(tree, groups), model: tree }
      }
    case 'gmm':
      return async (groups) => {
        const model = await likeliestMixture(data, { clusters: groups, seed }, ofKMeans, shapes, work)
        return { labels: (await assignGaussianMixture(model, data, work)).labels, model }
      }
    case 'medoids':
      return async (groups) => {
        const options = {
          clusters: groups,
          seed,
          starts: table.rows > 1000 && !isQuick ? 2 : 1,
          sampleRows: Math.max(groups, Math.min(isQuick ? quickMedoidRows : 1500, table.rows)),
        }
        const model = await fitKMedoids(table, { ...options, ...(columnWeights && { columnWeights }) }, work)
        return { labels: (await assignKMedoids(model, table, work)).labels, model }
      }
  }
}

export const mixtureShapes: readonly CovarianceKind[] = ['full', 'tied', 'diagonal', 'spherical']
/** Rows among which medoids are looked for when there is little time. */
const quickMedoidRows = 300

/** Of all shapes that can be fitted, the one with the lowest information criterion; each begins from the best k-means. */
async function likeliestMixture(
  data: Matrix,
  { clusters, seed }: { readonly clusters: number; readonly seed: number },
  ofKMeans: Omit<KMeansOptions, 'clusters'>,
  shapes: readonly CovarianceKind[],
  work: Work | undefined,
): Promise<GaussianMixtureModel> {
  const begin = await fitKMeans(data, { clusters, ...ofKMeans }, work)
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
