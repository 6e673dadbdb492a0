import {
  calinskiHarabasz,
  type DbscanModel,
  daviesBouldin,
  fitDbscan,
  fitHdbscan,
  type HdbscanModel,
  neighbourDistances,
  sampledSilhouette,
} from '@rapport/learn'
import { type Matrix, takeRows } from '@rapport/numerics'
import { type Work, within } from '../../base/index.ts'
import type { ClusterCandidate } from '../result.ts'
import type { DensityMethod } from './methods.ts'

export interface DensityOptions {
  /** Of DBSCAN, in units of the points. Default: the radius at which groups part best. */
  readonly radius?: number
  /** Of DBSCAN, in place of a radius: the one at which this share of the customers are cores. */
  readonly coreShare?: number
  /** Of HDBSCAN, customers that make a group. Default a fiftieth of them, at least 15. */
  readonly sizeMin?: number
  readonly seed: number
}

/** Groups where customers lie densely, and what was tried. */
export interface DensityGroups {
  readonly groups: number
  /** `[n]` −1 for customers in none */
  readonly labels: Int32Array
  /** How it was done, to do it again with others. */
  readonly regroup: (rows: Int32Array) => Promise<Int32Array>
  readonly model: DbscanModel | HdbscanModel
  readonly tried: readonly ClusterCandidate[]
  /** Which of these it is. */
  readonly chosen: number
  /** Silhouette of those in a group times their share, by which settings are chosen; −1 where there are not two groups. */
  readonly merit: number
  readonly words: string
}

/** Neighbours that make a customer a core: twice the dimensions (Sander et al. 1998). */
export const neighboursOf = (data: Matrix): number => Math.min(data.rows, 2 * data.columns)

/** @param data `[n × d]` few columns, n ≥ 2 */
export function densityGroups(
  method: DensityMethod,
  data: Matrix,
  options: DensityOptions,
  work?: Work,
): Promise<DensityGroups> {
  return method === 'dbscan' ? byDbscan(data, options, work) : byHdbscan(data, options, work)
}

/** Shares of the customers who are cores, at the radii that are tried. */
const coreShares = [0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.4]

async function byDbscan(
  data: Matrix,
  { radius, coreShare, seed }: DensityOptions,
  work?: Work,
): Promise<DensityGroups> {
  const neighboursMin = neighboursOf(data)
  const fit = (of: Matrix, at: number): Promise<DbscanModel> => fitDbscan(of, { radius: at, neighboursMin }, work)
  const radii = radius === undefined ? await radiiOf(data, neighboursMin, coreShare, work) : [radius]
  let best: { model: DbscanModel; score: number; chosen: number } | undefined
  const tried: ClusterCandidate[] = []
  for (const [at, one] of radii.entries()) {
    const model = await fit(data, one)
    const candidate = await measured(data, model.labels, model.clusters, seed, work)
    tried.push({ ...candidate, setting: `radius ${one.toPrecision(3)}` })
    const score = meritOf(candidate)
    if (!best || score > best.score) best = { model, score, chosen: at }
    work?.onProgress?.({ stage: 'radii', done: at + 1, total: radii.length })
  }
  const { model, score: merit, chosen } = best!
  return {
    ...{ merit, chosen },
    groups: model.clusters,
    labels: model.labels,
    regroup: async (rows) => (await fit(takeRows(data, rows), model.radius)).labels,
    model,
    tried,
    words: `radius ${model.radius.toPrecision(3)}, ${neighboursMin} neighbours`,
  }
}

/** Distinct radii, widest first. */
async function radiiOf(
  data: Matrix,
  neighbours: number,
  coreShare: number | undefined,
  work?: Work,
): Promise<readonly number[]> {
  const shares = coreShare === undefined ? coreShares : [coreShare]
  const reach = (await neighbourDistances(data, neighbours, work)).sort()
  const radii = shares.map((share) => reach[Math.min(reach.length - 1, Math.floor(share * reach.length))]!)
  const wide = [...new Set(radii)].filter((one) => one > 0)
  // Where most have as many exact likenesses as they need, those stand together at any radius.
  return wide.length > 0 ? wide : [reach.find((one) => one > 0) ?? 1]
}

async function byHdbscan(data: Matrix, options: DensityOptions, work?: Work): Promise<DensityGroups> {
  const { sizeMin = Math.max(15, Math.round(data.rows / 50)), seed } = options
  const neighboursMin = neighboursOf(data)
  const fit = (of: Matrix) =>
    fitHdbscan(of, { sizeMin: Math.min(sizeMin, of.rows), neighboursMin: Math.min(neighboursMin, of.rows) }, work)
  const model = await fit(data)
  const candidate = await measured(data, model.labels, model.clusters, seed, within(work, 'silhouette'))
  return {
    groups: model.clusters,
    labels: model.labels,
    regroup: async (rows) => (await fit(takeRows(data, rows))).labels,
    model,
    merit: meritOf(candidate),
    tried: [{ ...candidate, setting: `at least ${sizeMin} customers` }],
    chosen: 0,
    words: `at least ${sizeMin} customers a group, ${neighboursMin} neighbours`,
  }
}

const meritOf = ({ silhouette, noneShare }: ClusterCandidate): number =>
  silhouette === null ? -1 : silhouette * (1 - noneShare!)

/** Rows whose silhouettes are computed, each against all. */
const silhouetteRows = 500

/** What speaks for a grouping, by its members alone. */
async function measured(
  data: Matrix,
  labels: Int32Array,
  groups: number,
  seed: number,
  work?: Work,
): Promise<ClusterCandidate> {
  const members = Int32Array.from(labels.keys()).filter((row) => labels[row]! >= 0)
  const noneShare = 1 - members.length / labels.length
  const none = { daviesBouldin: null, calinskiHarabasz: null, stability: null, nullSilhouette: null }
  if (groups < 2) return { k: groups, silhouette: null, ...none, noneShare }
  const own = takeRows(data, members)
  const ownLabels = members.map((row) => labels[row]!)
  const sampleRows = Math.min(silhouetteRows, members.length)
  return {
    ...none,
    k: groups,
    silhouette: (await sampledSilhouette(own, ownLabels, { sampleRows, seed }, work)).mean,
    daviesBouldin: daviesBouldin(own, ownLabels),
    calinskiHarabasz: calinskiHarabasz(own, ownLabels),
    noneShare,
  }
}
