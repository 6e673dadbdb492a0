import type { CandidateK, ChoiceOfK, ClusterIndices } from './choose-k.ts'

/** Mean adjusted Rand index under which a grouping is not one to rely on. */
const stabilityMin = 0.6
/** Share of clusters that must be parted from their nearest neighbour. */
const partedMin = 0.5

/** A candidate before it is compared with the null. */
export type MeasuredK = ClusterIndices & Pick<CandidateK, 'clusters' | 'stability' | 'stabilityError'>

/** What speaks for and against clusters, beside what was measured of each number of them. */
export interface ChoiceEvidence {
  /** The share of clusters behind a valley, asked only of the number that would be chosen. */
  readonly parted: (clusters: number) => number
  /** `[candidates]` how good the data's clusters are, by one index; higher is better. */
  readonly merits: readonly number[]
  /** `[draws][candidates]` the same of the null, clustered the same way. */
  readonly nullMerits: readonly (readonly number[])[]
  /** `[draws][candidates]` the null's indices, against which the numbers are ranked. */
  readonly nulls: readonly (readonly ClusterIndices[])[]
  /** Rows that were looked at. */
  readonly rows: number
  /** Chance of finding clusters in unclustered data, at most. */
  readonly level: number
}

/**
 * Decides from the evidence; pure, so that a reader can check it with a pencil. The clusters may be any method's, as long
 * as the null was clustered by the same.
 *
 * @param measured the candidates without their null, at least one, by rising number of clusters
 */
export function pickClusters(
  measured: readonly MeasuredK[],
  { parted, merits, nullMerits, nulls, rows, level }: ChoiceEvidence,
): ChoiceOfK {
  const candidates = measured.map((candidate, at) => ({
    ...candidate,
    ...againstNull(nulls.map((lead) => lead[at]!)),
  }))
  const pValue = largestLeadP(merits, nullMerits)
  const found = { candidates, rows, pValue }
  if (pValue > level) {
    return {
      ...found,
      found: false,
      because: 'like-the-null',
      verdict: `There are no clusters here: data of the same shape without clusters group as well (p = ${pValue.toFixed(3)}).`,
    }
  }
  const best = bestCandidate(candidates)
  if (best.stability < stabilityMin) {
    return {
      ...found,
      found: false,
      because: 'unstable',
      verdict: `There are no clusters to rely on here: with other rows of the same kind the best grouping, into ${best.clusters}, comes out differently (adjusted Rand index ${best.stability.toFixed(2)}, needed ${stabilityMin}).`,
    }
  }
  if (parted(best.clusters) < partedMin) {
    return {
      ...found,
      found: false,
      because: 'no-valley',
      verdict: `There are no clusters here: the rows can be cut into ${best.clusters} groups, but no gap parts most of them from their neighbours.`,
    }
  }
  return {
    ...found,
    found: true,
    clusters: best.clusters,
    verdict: `There are ${best.clusters} clusters: tighter than data of the same shape without clusters (p = ${pValue.toFixed(3)}), and they come back with other rows of the same kind (adjusted Rand index ${best.stability.toFixed(2)}).`,
  }
}

/**
 * The chance of so large a lead, over all numbers of clusters together, in data from the null.
 *
 * Data and null draws are standardised by their common mean and deviation at each number of clusters. Under the null all
 * are alike, so the rank of the data's largest lead is an exact p-value.
 */
function largestLeadP(real: readonly number[], nulls: readonly (readonly number[])[]): number {
  const all = [real, ...nulls]
  const largest = all.map(() => -Infinity)
  real.forEach((_, at) => {
    const column = all.map((lead) => lead[at]!)
    const { mean, deviation } = spread(column)
    column.forEach((value, draw) => {
      largest[draw] = Math.max(largest[draw]!, deviation > 0 ? (value - mean) / deviation : 0)
    })
  })
  return largest.filter((lead) => lead >= largest[0]!).length / all.length
}

function againstNull(draws: readonly ClusterIndices[]) {
  const { mean: nullSilhouette, deviation: nullDeviation } = spread(draws.map(({ silhouette }) => silhouette))
  return {
    nullSilhouette,
    nullDeviation,
    nullDaviesBouldin: spread(draws.map((draw) => draw.daviesBouldin)).mean,
    nullCalinskiHarabasz: spread(draws.map((draw) => draw.calinskiHarabasz)).mean,
  }
}

function spread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  return { mean, deviation: Math.sqrt(variance) }
}

/**
 * The candidate with the best mean rank by stability and by the three indices, each against the null's at the same
 * number; the fewer clusters on a tie. The groupings may be another method's: the null only takes out what each index
 * leans to by itself.
 *
 * @param candidates at least one, by rising number of clusters
 */
function bestCandidate(candidates: readonly CandidateK[]): CandidateK {
  const areBetter: ((one: CandidateK, other: CandidateK) => boolean)[] = [
    by(({ silhouette, nullSilhouette }) => silhouette - nullSilhouette),
    by(({ daviesBouldin, nullDaviesBouldin }) => nullDaviesBouldin / daviesBouldin),
    by(({ calinskiHarabasz, nullCalinskiHarabasz }) => calinskiHarabasz / nullCalinskiHarabasz),
    isStabler,
  ]
  const rankSum = (candidate: CandidateK): number =>
    areBetter.reduce((sum, isBetter) => sum + candidates.filter((other) => isBetter(other, candidate)).length, 0)
  return candidates.reduce((best, candidate) => (rankSum(candidate) < rankSum(best) ? candidate : best))
}

const by =
  (merit: (candidate: CandidateK) => number) =>
  (one: CandidateK, other: CandidateK): boolean =>
    merit(one) > merit(other)

/** By more than two standard errors of the difference. */
const isStabler = (one: CandidateK, other: CandidateK): boolean =>
  one.stability - other.stability > 2 * Math.hypot(one.stabilityError, other.stabilityError)
