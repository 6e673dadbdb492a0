import { assignKMeans, bootstrapStability, type CandidateK, chooseK, fitKMeans, type KMeansModel } from '@rapport/learn'
import { type Matrix, rowOf, seededRandom, takeRows } from '@rapport/numerics'
import { microsPerUnit, type Work, within } from '../base/index.ts'
import type { FeatureMatrix } from '../features/index.ts'
import type { Buyers } from './buyers.ts'
import { type ClusterScale, clusterFeatures, learnScales, scaledFeatures } from './cluster-features.ts'
import { principalPlane, projected } from './principal-plane.ts'
import { profileGroups } from './profile.ts'
import type { ClusterCandidate, DiscoveredResult, DiscoveredSegment, SegmentMap } from './result.ts'
import { segmentNames } from './segment-names.ts'

/** Customers drawn on the map. */
const mapCustomersMax = 2000
/** Customers that stability is measured on: resampling all of a large store adds nothing but time. */
const stabilityRowsMax = 5000

export interface DiscoverOptions {
  readonly seed: number
  /** Most groups tried. Default 8. */
  readonly clustersMax?: number
}

/** Groups among customers, with what is needed to put anybody into them again. */
export interface Discovery {
  readonly result: Extract<DiscoveredResult, { found: true }>
  readonly scales: readonly ClusterScale[]
  readonly model: KMeansModel
  /** `[n]` position in the result's `segments`. */
  readonly labels: Int32Array
  /** `[n]` distance to the centre, in standard deviations. */
  readonly distances: Float64Array
}

/**
 * Looks for groups of alike customers: how many there are, if any, and what sets each apart.
 *
 * @param read features of the buyers, in their order: those that customers are compared by, and those that describe
 * @returns a reason when customers differ by degrees only, or when there are too few
 */
export async function discoverSegments(
  read: FeatureMatrix,
  buyers: Buyers,
  { seed, clustersMax = 8 }: DiscoverOptions,
  work?: Work,
): Promise<Discovery | Extract<DiscoveredResult, { found: false }>> {
  const scales = learnScales(read, clusterFeatures(read.names))
  if (scales.length === 0 || read.customerIds.length === 0) {
    return { found: false, reason: 'no customer with a purchase differs from another in any feature', candidates: [] }
  }
  const data = scaledFeatures(read, scales)
  const choice = await chooseK(data, { seed, clustersMax }, work)
  const candidates = choice.candidates.map(candidateOf)
  if (!choice.found) return { found: false, reason: choice.verdict, candidates }

  const model = await fitKMeans(data, { clusters: choice.clusters, seed }, work)
  const { labels, distances } = await assignKMeans(model, data, work)
  const sample = sampleOf(data, stabilityRowsMax, seed)
  const stability = await bootstrapStability(
    sample,
    { clusters: choice.clusters, seed, starts: 3, resamples: 10 },
    within(work, 'stability'),
  )
  // The sample's clusters come in their own order of size; a segment's overlap is that of the nearest of them.
  const overlaps = await overlapsOf(model, sample, stability.jaccard, choice.clusters, seed)
  const segments = segmentsOf(read, buyers, labels, choice.clusters, overlaps)
  return {
    scales,
    model,
    labels,
    distances,
    result: {
      found: true,
      k: choice.clusters,
      verdict: choice.verdict,
      candidates,
      stability: stability.jaccard.reduce((sum, overlap) => sum + overlap, 0) / choice.clusters,
      features: scales.map(({ feature, label }) => ({ feature, label })),
      segments,
      map: mapOf(data, labels, seed),
      modelId: null,
    },
  }
}

const candidateOf = ({ clusters, ...indices }: CandidateK): ClusterCandidate => ({
  k: clusters,
  silhouette: indices.silhouette,
  daviesBouldin: indices.daviesBouldin,
  calinskiHarabasz: indices.calinskiHarabasz,
  stability: indices.stability,
  nullSilhouette: indices.nullSilhouette,
})

function sampleOf(data: Matrix, most: number, seed: number): Matrix {
  return data.rows <= most ? data : takeRows(data, sampledRows(data.rows, most, seed))
}

/** At most `most` rows, drawn without replacement, ascending. */
function sampledRows(rows: number, most: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  if (rows <= most) return order
  seededRandom(seed).fork(7).shuffle(order)
  return order.slice(0, most).sort()
}

async function overlapsOf(
  model: KMeansModel,
  sample: Matrix,
  jaccard: readonly number[],
  clusters: number,
  seed: number,
): Promise<readonly number[]> {
  const again = await fitKMeans(sample, { clusters, seed, starts: 3 })
  const nearest = await assignKMeans(again, model.centroids)
  return Array.from(nearest.labels, (cluster) => jaccard[cluster]!)
}

function segmentsOf(
  read: FeatureMatrix,
  buyers: Buyers,
  labels: Int32Array,
  clusters: number,
  overlaps: readonly number[],
): DiscoveredSegment[] {
  const profiles = profileGroups(read, labels, clusters)
  const names = segmentNames(profiles)
  const sums = Array.from({ length: clusters }, () => ({ customers: 0, micros: 0, costs: 0, withoutCost: 0 }))
  labels.forEach((label, row) => {
    const sum = sums[label]!
    const cost = buyers.costMicros[row]!
    sum.customers += 1
    sum.micros += buyers.spentMicros[row]!
    if (Number.isNaN(cost)) sum.withoutCost += 1
    else sum.costs += cost
  })
  const allMicros = sums.reduce((total, { micros }) => total + micros, 0)
  return sums.map(({ customers, micros, costs, withoutCost }, label) => ({
    id: `discovered.${label + 1}`,
    name: names[label]!,
    customers,
    share: customers / labels.length,
    revenue: micros / microsPerUnit,
    revenueShare: allMicros === 0 ? 0 : micros / allMicros,
    profit: withoutCost === 0 ? (micros - costs) / microsPerUnit : null,
    profitUnknownBecause:
      withoutCost === 0
        ? null
        : `${withoutCost} of ${customers} customers bought something whose unit cost is not known`,
    stability: overlaps[label]!,
    profile: profiles[label]!,
  }))
}

function mapOf(data: Matrix, labels: Int32Array, seed: number): SegmentMap {
  const plane = principalPlane(data)
  const rows = sampledRows(data.rows, mapCustomersMax, seed)
  // Three digits draw the same picture and keep the report small.
  const rounded = (value: number): number => Math.round(value * 1000) / 1000
  const points = Array.from(rows, (row) => projected(plane, rowOf(data, row)))
  return {
    x: points.map(([x]) => rounded(x)),
    y: points.map(([, y]) => rounded(y)),
    segment: Array.from(rows, (row) => labels[row]!),
    explained: plane.explained,
  }
}
