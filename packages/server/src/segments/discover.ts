import { assignKMeans, bootstrapStability, type CandidateK, chooseK, fitKMeans } from '@rapport/learn'
import { type Matrix, rowOf, seededRandom, takeRows } from '@rapport/numerics'
import { microsPerUnit, type Work, within } from '../base/index.ts'
import type { FeatureMatrix } from '../features/index.ts'
import type { BuyerCosts, Buyers } from './buyers.ts'
import { type HabitScale, habitCoordinates, habitReliability, learnHabits } from './habit-coordinates.ts'
import type { Habit } from './habits.ts'
import { type Placement, placeEverybody } from './placement.ts'
import { principalPlane, projected } from './principal-plane.ts'
import { profileGroups } from './profile.ts'
import type { ClusterCandidate, DiscoveredResult, DiscoveredSegment, ProfileEntry, SegmentMap } from './result.ts'
import { segmentNames } from './segment-names.ts'

/** Customers drawn on the map. */
const mapCustomersMax = 2000
/** Customers that the map's axes are found from: those of more hardly differ. */
const planeRowsMax = 20_000
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
      segments: segmentsOf(await profileGroups(read, labels, k, work), buyers, labels, k, overlaps),
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

/** At most `most` rows, drawn without replacement, ascending. */
function sampledRows(rows: number, most: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, row) => row)
  if (rows <= most) return order
  seededRandom(seed).fork(7).shuffle(order)
  return order.slice(0, most).sort()
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

function segmentsOf(
  profiles: readonly (readonly ProfileEntry[])[],
  buyers: Buyers & BuyerCosts,
  labels: Int32Array,
  clusters: number,
  overlaps: readonly number[],
): DiscoveredSegment[] {
  const names = segmentNames(profiles)
  const sums = Array.from({ length: clusters }, () => ({ customers: 0, micros: 0, costs: 0, costed: 0 }))
  labels.forEach((label, row) => {
    const sum = sums[label]!
    sum.customers += 1
    sum.micros += buyers.spentMicros[row]!
    sum.costs += buyers.costMicros[row]!
    sum.costed += buyers.costedMicros[row]!
  })
  const allMicros = sums.reduce((total, { micros }) => total + micros, 0)
  return sums.map(({ customers, micros, costs, costed }, label) => ({
    id: `discovered.${label + 1}`,
    name: names[label]!,
    customers,
    share: customers / labels.length,
    revenue: micros / microsPerUnit,
    revenueShare: allMicros === 0 ? 0 : micros / allMicros,
    ...profitOf(micros, costs, costed),
    stability: overlaps[label]!,
    profile: profiles[label]!,
  }))
}

/** Share of revenue whose cost must be known for its margin to stand for all of it, as everywhere in the report. */
const costedShareMin = 0.8

function profitOf(
  micros: number,
  costs: number,
  costed: number,
): Pick<DiscoveredSegment, 'profit' | 'profitUnknownBecause'> {
  if (costed > 0 && costed >= costedShareMin * micros) {
    return { profit: (micros * (1 - costs / costed)) / microsPerUnit, profitUnknownBecause: null }
  }
  const percent = micros > 0 ? Math.floor((100 * costed) / micros) : 0
  return {
    profit: null,
    profitUnknownBecause: `unit costs are known for ${percent} % of its revenue, and it takes ${100 * costedShareMin} %`,
  }
}

/** Those who are known well: the others lie in the middle, whichever group they belong to. */
function mapOf(points: Matrix, known: Int32Array, labels: Int32Array, seed: number): SegmentMap {
  const seen = sampledRows(known.length, planeRowsMax, seed).map((at) => known[at]!)
  const plane = principalPlane(takeRows(points, seen))
  const rows = sampledRows(known.length, mapCustomersMax, seed).map((at) => known[at]!)
  // Three digits draw the same picture and keep the report small.
  const rounded = (value: number): number => Math.round(value * 1000) / 1000
  const drawn = Array.from(rows, (row) => projected(plane, rowOf(points, row)))
  return {
    x: drawn.map(([x]) => rounded(x)),
    y: drawn.map(([, y]) => rounded(y)),
    segment: Array.from(rows, (row) => labels[row]!),
    explained: plane.explained,
  }
}
