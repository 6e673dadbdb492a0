import { type CandidateK, type ChoiceOfK, chooseK, type GapChoice, gapStatistic } from '@rapport/learn'
import { RapportError } from '@rapport/numerics'
import { type Work, within } from '../../base/index.ts'
import type { ClusterCandidate } from '../result.ts'
import { chanceWords } from './chance-words.ts'
import { chooseOwn } from './choose-own.ts'
import { methodWords, type PartitionMethod } from './methods.ts'
import { type PartedPoints, samplePoints } from './partition.ts'

const gapDraws = 10

/** How many groups, and what speaks for each number. */
export interface NumberOfGroups {
  /** Null when there are none. */
  readonly k: number | null
  readonly verdict: string
  readonly candidates: readonly ClusterCandidate[]
}

/**
 * How many groups a method finds, if there are any: by its own fits and its own index, against customers of the same shape
 * without groups.
 *
 * @param points as customers are compared, before the method looks along directions of its own
 * @param asked the number that is wanted in any case; then the verdict still says what the customers show
 */
export async function compareNumbers(
  method: PartitionMethod,
  points: PartedPoints,
  { seed, groupsMax = 8, asked }: { readonly seed: number; readonly groupsMax?: number; readonly asked?: number },
  work?: Work,
): Promise<NumberOfGroups> {
  const sample = samplePoints(points, seed)
  const choice = await chosen(method, points, sample, seed, groupsMax, within(work, 'number of groups'))
  if (!choice.found && choice.because === 'too-few-rows') {
    const advice =
      asked === undefined
        ? ' The others are the same in what they are compared by: compare them by more, or say how many groups (--k).'
        : ''
    return outcome(`${choice.verdict}${advice}`, null, [], method, asked)
  }
  const gaps = await gapsOf(sample, groupsMax, seed, work)
  const candidates = choice.candidates.map((candidate) => candidateOf(candidate, gaps))
  return outcome(verdictOf(method, choice), choice.found ? choice.clusters : null, candidates, method, asked)
}

/** k-means among numbers is what `chooseK` is made for; it looks at more customers, and draws more without groups. */
function chosen(
  method: PartitionMethod,
  { data, table }: PartedPoints,
  sample: PartedPoints,
  seed: number,
  groupsMax: number,
  work: Work,
): Promise<ChoiceOfK> {
  const isPlain = method === 'kmeans' && table.columns.every(({ kind }) => kind === 'number')
  return isPlain
    ? chooseK(data, { seed, clustersMax: groupsMax }, work)
    : chooseOwn(method, sample, { seed, groupsMax }, work)
}

function verdictOf(method: PartitionMethod, choice: ChoiceOfK): string {
  const by = methodWords[method]
  if (choice.found) {
    const { stability } = choice.candidates.find(({ clusters }) => clusters === choice.clusters)!
    return `There are ${choice.clusters} groups by ${by}: they part more clearly than what it finds among customers of the same shape without groups (${chanceWords(choice.pValue)}), and come back with others of the same kind (adjusted Rand index ${stability.toFixed(2)}).`
  }
  switch (choice.because) {
    case 'like-the-null':
      return `There are no groups here by ${by}: it finds as clear ones among customers of the same shape without groups (${chanceWords(choice.pValue)}).`
    case 'unstable':
      return `There are no groups to rely on here by ${by}: with others of the same kind the best ones come out differently.`
    case 'no-valley':
      return `There are no groups here by ${by}: customers can be cut into groups, but no gap parts most of these from their neighbours.`
    case 'too-few-rows':
      return choice.verdict
  }
}

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
