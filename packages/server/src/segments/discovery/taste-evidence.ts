import { seededRandom, takeRows } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../../base/index.ts'
import { sampledRows } from '../group-facts.ts'
import { type Agreement, resampledAgreement } from './agreement.ts'
import { type Baskets, dealtAnew, takeBaskets } from './baskets.ts'
import { chanceWords } from './chance-words.ts'
import { factorPoints } from './factor-points.ts'
import { ownGroups } from './own-groups.ts'
import { partingOf } from './partition.ts'

/** Customers whose baskets are dealt anew: factors are learned from them twenty times. */
const dealtRowsMax = 1000
/** The fewest that can say that such groups come by chance in one of twenty shops. */
const nullDraws = 19
const resamples = 5
/** As in `pickClusters`. */
const agreementMin = 0.6
const level = 0.05

/** Whether groups of tastes are in the baskets, or only in the factors that were once learned from them. */
export interface TasteEvidence {
  /** Groups of factors learned anew from four fifths of the customers, against the groups. */
  readonly agreement: Agreement
  /** Chance of tastes that part as clearly where who bought what together is chance, 0.05 … 1. */
  readonly chance: number
}

/**
 * Two things that groups among given factors cannot be asked: whether they come back when the factors are learned from
 * others, and whether baskets dealt anew make as clear ones.
 *
 * Dealt baskets are judged by the mean silhouette of 2 … 8 groups, so that no number is chosen for one side only.
 *
 * @param known rows of the customers who were grouped
 * @param labels `[known]` 0 … k − 1
 */
export async function tasteEvidence(
  baskets: Baskets,
  known: Int32Array,
  labels: Int32Array,
  k: number,
  seed: number,
  work?: Work,
): Promise<TasteEvidence> {
  const silent = work?.signal ? { signal: work.signal } : {}
  const chance = await chanceOfDealt(baskets, known, seed, work)
  const regroup = async (rows: Int32Array): Promise<Int32Array> => {
    const own = takeBaskets(
      baskets,
      rows.map((at) => known[at]!),
    )
    const points = await factorPoints(own, rows.length, { seed }, silent)
    return (await partingOf('factors', points, { seed, isQuick: true }, silent)(k)).labels
  }
  return { chance, agreement: await resampledAgreement(labels, regroup, { resamples, seed }, work) }
}

async function chanceOfDealt(baskets: Baskets, known: Int32Array, seed: number, work?: Work): Promise<number> {
  const sample = sampledRows(known.length, Math.min(dealtRowsMax, known.length), seed).map((at) => known[at]!)
  const own = takeBaskets(baskets, sample)
  const meritOf = async (dealt: Baskets): Promise<number> => {
    const points = await factorPoints(dealt, sample.length, { seed }, work?.signal ? { signal: work.signal } : {})
    const seen = { ...points, data: takeRows(points.data, points.known) }
    const groups = await ownGroups('factors', seen, [2, 3, 4, 5, 6, 7, 8], { seed })
    return groups.reduce((sum, { merit }) => sum + merit, 0) / groups.length
  }
  const merit = await meritOf(own)
  const random = seededRandom(seed)
  let asClear = 1
  for (let at = 0; at < nullDraws; at += 1) {
    stopIfAborted(work)
    if ((await meritOf(dealtAnew(own, sample.length, random.fork(at)))) >= merit) asClear += 1
    work?.onProgress?.({ stage: 'baskets dealt anew', done: at + 1, total: nullDraws })
  }
  return asClear / (nullDraws + 1)
}

/** Why the groups are none, if so; else what speaks for them. */
export function tasteVerdict({ agreement, chance }: TasteEvidence): {
  readonly isReliable: boolean
  readonly words: string
} {
  const rand = agreement.adjustedRand.toFixed(2)
  if (chance > level) {
    const words = `baskets dealt anew, each customer with as many products and each product with as many customers, make as clear ones (${chanceWords(chance)})`
    return { isReliable: false, words }
  }
  if (agreement.adjustedRand < agreementMin) {
    const words = `factors learned from four fifths of the customers make other ones (adjusted Rand index ${rand}, needed ${agreementMin})`
    return { isReliable: false, words }
  }
  const words = `factors learned from four fifths of the customers make them again (adjusted Rand index ${rand}), and baskets dealt anew make none as clear (${chanceWords(chance)})`
  return { isReliable: true, words }
}
