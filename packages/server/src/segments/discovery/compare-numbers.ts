import {
  bestCandidate,
  type CandidateK,
  calinskiHarabasz,
  chooseK,
  daviesBouldin,
  type GapChoice,
  gapStatistic,
  sampledSilhouette,
} from '@rapport/learn'
import { RapportError, seededRandom } from '@rapport/numerics'
import { stopIfAborted, type Work, within } from '../../base/index.ts'
import type { ClusterCandidate } from '../result.ts'
import { resampledAgreement } from './agreement.ts'
import { methodWords, type PartitionMethod } from './methods.ts'
import { type PartedPoints, partingOf, takePoints } from './partition.ts'

/** Customers that numbers of groups are compared on. */
const sampleRowsMax = 1000
const resamples = 3
const gapDraws = 10
/** Below this mean agreement groups are not there to be relied on, as in `chooseK`. */
const stabilityMin = 0.6

/** How many groups, and what speaks for each number. */
export interface NumberOfGroups {
  /** Null when there are none. */
  readonly k: number | null
  readonly verdict: string
  readonly candidates: readonly ClusterCandidate[]
}

/**
 * How many groups a method finds, if there are any.
 *
 * Whether is a question about the customers, not the method: `chooseK` compares with data of the same shape without groups.
 * Which number is then asked of the method itself: its own groups at each number are ranked by the same four indices.
 *
 * @param asked the number that is wanted in any case; then the verdict still says what the customers show
 */
export async function compareNumbers(
  method: PartitionMethod,
  points: PartedPoints,
  { seed, groupsMax = 8, asked }: { readonly seed: number; readonly groupsMax?: number; readonly asked?: number },
  work?: Work,
): Promise<NumberOfGroups> {
  const choice = await chooseK(points.data, { seed, clustersMax: groupsMax }, within(work, 'number of groups'))
  if (!choice.found && choice.because === 'too-few-rows') return outcome(choice.verdict, null, [], method, asked)
  const sample = sampled(points, seed)
  const gaps = await gapsOf(sample, groupsMax, seed, work)
  const own = isKMeans(method) ? choice.candidates : await ownCandidates(method, sample, choice.candidates, seed, work)
  const candidates = own.map((candidate) => candidateOf(candidate, gaps))
  if (!choice.found) return outcome(choice.verdict, null, candidates, method, asked)
  if (isKMeans(method)) return outcome(choice.verdict, choice.clusters, candidates, method, asked)
  const best = bestCandidate(own)
  if (best.stability < stabilityMin) {
    const verdict = `there are groups, but ${methodWords[method]} does not find the same ones again when a fifth of the customers is left out (adjusted Rand index ${best.stability.toFixed(2)}, needed ${stabilityMin}).`
    return outcome(verdict, null, candidates, method, asked)
  }
  const p = choice.pValue.toFixed(3)
  const verdict = `There are ${best.clusters} groups by ${methodWords[method]}: customers part more clearly than data of the same shape without groups (p = ${p}), and the groups come back when a fifth of the customers is left out (adjusted Rand index ${best.stability.toFixed(2)}).`
  return outcome(verdict, best.clusters, candidates, method, asked)
}

const isKMeans = (method: PartitionMethod): boolean => method === 'kmeans' || method === 'factors'

function outcome(
  verdict: string,
  k: number | null,
  candidates: readonly ClusterCandidate[],
  method: PartitionMethod,
  asked: number | undefined,
): NumberOfGroups {
  if (asked === undefined) return { k, verdict, candidates }
  if (k === asked) return { k, verdict: `${verdict} That is the number that was asked for.`, candidates }
  const shown = k === null ? verdict : `the customers themselves show ${k} groups.`
  return {
    k: asked,
    verdict: `${asked} groups by ${methodWords[method]}, as asked for. Left to choose: ${shown[0]!.toLowerCase()}${shown.slice(1)}`,
    candidates,
  }
}

function sampled(points: PartedPoints, seed: number): PartedPoints {
  const rows = Int32Array.from({ length: points.data.rows }, (_, row) => row)
  if (rows.length <= sampleRowsMax) return points
  seededRandom(seed).fork(11).shuffle(rows)
  return takePoints(points, rows.slice(0, sampleRowsMax).sort())
}

async function ownCandidates(
  method: PartitionMethod,
  sample: PartedPoints,
  references: readonly CandidateK[],
  seed: number,
  work?: Work,
): Promise<CandidateK[]> {
  const silent = work?.signal ? { signal: work.signal } : {}
  const part = partingOf(method, sample, seed, silent)
  const again = partsAgain(method, sample, seed, silent)
  const own: CandidateK[] = []
  for (const [at, reference] of references.entries()) {
    stopIfAborted(work)
    const { clusters } = reference
    const { labels } = await part(clusters)
    if (new Set(labels).size < clusters) continue
    const agreement = await resampledAgreement(labels, again(clusters), { resamples, seed }, silent)
    own.push({
      ...reference,
      silhouette: (await sampledSilhouette(sample.data, labels, { sampleRows: sample.data.rows, seed }, silent)).mean,
      daviesBouldin: daviesBouldin(sample.data, labels),
      calinskiHarabasz: calinskiHarabasz(sample.data, labels),
      stability: agreement.adjustedRand,
      stabilityError: agreement.standardError,
    })
    work?.onProgress?.({ stage: 'groups by this method', done: at + 1, total: references.length })
  }
  return own
}

/** Of each resample the method's own work is done once, whatever number of groups is asked of it. */
function partsAgain(method: PartitionMethod, sample: PartedPoints, seed: number, work: Work) {
  const parts = new Map<string, ReturnType<typeof partingOf>>()
  return (groups: number) => async (rows: Int32Array) => {
    const key = rows.join()
    const known = parts.get(key)
    const part = known ?? partingOf(method, takePoints(sample, rows), seed, work)
    if (!known) parts.set(key, part)
    return (await part(groups)).labels
  }
}

async function gapsOf(
  { data }: PartedPoints,
  groupsMax: number,
  seed: number,
  work?: Work,
): Promise<GapChoice | undefined> {
  try {
    const options = { clustersMax: groupsMax, draws: gapDraws, starts: 3, seed }
    return await gapStatistic(data, options, within(work, 'gap statistic'))
  } catch (error) {
    // Fewer distinct customers than groups tried have no gap; all else is a mistake.
    if (error instanceof RapportError && error.code === 'gap.distinct') return undefined
    throw error
  }
}

function candidateOf(candidate: CandidateK, gaps: GapChoice | undefined): ClusterCandidate {
  const gap = gaps?.gaps.find(({ clusters }) => clusters === candidate.clusters)
  return {
    k: candidate.clusters,
    silhouette: candidate.silhouette,
    daviesBouldin: candidate.daviesBouldin,
    calinskiHarabasz: candidate.calinskiHarabasz,
    stability: candidate.stability,
    nullSilhouette: candidate.nullSilhouette,
    ...(gap && { gap: { value: gap.gap, standardError: gap.standardError } }),
  }
}
