import { assignKMeans, bootstrapStability, type CandidateK, chooseK, fitKMeans } from '@rapport/learn'
import { type Matrix, takeRows } from '@rapport/numerics'
import { type Work, within } from '../base/index.ts'
import type { FeatureMatrix } from '../features/index.ts'
import type { BuyerCosts, Buyers } from './buyers.ts'
import { mapOf, sampledRows, segmentsOf } from './group-facts.ts'
import { type HabitScale, habitCoordinates, habitReliability, learnHabits } from './habit-coordinates.ts'
import type { Habit } from './habits.ts'
import { type Placement, placeEverybody } from './placement.ts'
import { profileGroups } from './profile.ts'
import type { ClusterCandidate, DiscoveredResult } from './result.ts'

/** Customers that stability is measured on: resampling all of a large store adds nothing but time. */
const stabilityRowsMax = 5000

export interface DiscoverOptions {
  readonly seed: number
  /** Most groups tried. Default 8. */
  readonly clustersMax?: number
}

/** Groups among customers, with what is needed to put anybody into them again. */
export interface Discovery extends Placement {
  readonly result: Extract<DiscoveredResult, { found: true }>
  readonly scales: readonly HabitScale[]
  /** Sum of squared distances of those who were clustered. */
  readonly inertia: number
}

/** Groups are looked for among customers of whom at least this much is known. */
const reliabilityMin = 0.5

/**
 * Looks for groups of alike customers: how many there are, if any, and what sets each apart.
 *
 * Groups are found among customers whose habits are known well enough, since those seen once or twice lie near the
 * middle and would blur every gap. Then everybody is put into the group in which what was seen of them is likeliest.
 *
 * @param habits of the buyers, in their order: what customers are compared by
 * @param read features of the buyers, in their order: what describes the groups
 * @returns a reason when customers differ by degrees only, or when too little is known of them
 */
export async function discoverSegments(
  habits: readonly Habit[],
  read: FeatureMatrix,
  buyers: Buyers & BuyerCosts,
  { seed, clustersMax = 8 }: DiscoverOptions,
  work?: Work,
): Promise<Discovery | Extract<DiscoveredResult, { found: false }>> {
  const scales = await learnHabits(habits, work)
  const reliability = await habitReliability(habits, scales, work)
  const known = Int32Array.from(reliability.keys()).filter((row) => reliability[row]! >= reliabilityMin)
  if (known.length < fewestRows(clustersMax)) {
    return { found: false, reason: tooLittle(known.length, buyers.customerIds.length, clustersMax), candidates: [] }
  }
  const points = await habitCoordinates(habits, scales, work)
  const data = takeRows(points, known)
  const choice = await chooseK(data, { seed, clustersMax }, work)
  const candidates = choice.candidates.map(candidateOf)
  if (!choice.found) return { found: false, reason: choice.verdict, candidates }

  const model = await fitKMeans(data, { clusters: choice.clusters, seed }, work)
  const clusters = (await assignKMeans(model, data, work)).labels
  const placement = await placeEverybody({ habits, scales, points }, known, clusters, model, work)
  const { labels, centers } = placement
  const k = centers.rows
  const sample = sampleOf(data, stabilityRowsMax, seed)
  const stability = await bootstrapStability(
    sample,
    { clusters: choice.clusters, seed, starts: 3, resamples: 10 },
    within(work, 'stability'),
  )
  // The sample's clusters come in their own order of size; a segment's overlap is that of the nearest of them.
  const overlaps = await overlapsOf(centers, sample, stability.jaccard, choice.clusters, seed)
  return {
    ...placement,
    scales,
    inertia: model.inertia,
    result: {
      found: true,
      k,
      verdict: choice.verdict,
      candidates,
      stability: overlaps.reduce((sum, overlap) => sum + overlap, 0) / k,
      features: scales.map(({ name, label }) => ({ feature: name, label })),
      segments: segmentsOf({
        family: 'discovered',
        profiles: await profileGroups(read, labels, k, work),
        ...{ buyers, labels, overlaps },
      }),
      map: mapOf(points, known, labels, seed),
      modelId: null,
    },
  }
}

/** Ten for each number of groups tried, as `chooseK` asks. */
const fewestRows = (clustersMax: number): number => 10 * clustersMax

function tooLittle(known: number, customers: number, clustersMax: number): string {
  return `no groups to be seen: purchases tell ${known} of ${customers} customers clearly from the average, and it takes ${fewestRows(clustersMax)}; the others bought too rarely, or as everybody does`
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

async function overlapsOf(
  centers: Matrix,
  sample: Matrix,
  jaccard: readonly number[],
  clusters: number,
  seed: number,
): Promise<readonly number[]> {
  const again = await fitKMeans(sample, { clusters, seed, starts: 3 })
  const nearest = await assignKMeans(again, centers)
  return Array.from(nearest.labels, (cluster) => jaccard[cluster]!)
}
