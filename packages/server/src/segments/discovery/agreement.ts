import { adjustedRand } from '@rapport/learn'
import { seededRandom } from '@rapport/numerics'
import { stopIfAborted, type Work } from '../../base/index.ts'

/** Whether groups come back when a fifth of the customers is left out. */
export interface Agreement {
  /** Mean adjusted Rand index with the groups of all, at most 1. */
  readonly adjustedRand: number
  /** Standard error of that mean. */
  readonly standardError: number
  /** `[groups]` mean best Jaccard overlap of each group, 0 … 1. */
  readonly jaccard: readonly number[]
}

/** Share of the rows that each resample keeps. */
const keptShare = 0.8

/**
 * Groups parts of the rows again and compares. Without replacement, since a customer who is there twice makes a dense
 * place of nothing, and by labels alone, since not every method can place the rows that were left out.
 *
 * @param labels `[n]` the groups of all rows, 0 … groups − 1, −1 for rows in none
 * @param regroup `[rows]` the groups of some rows
 *
 * Source: Ben-Hur, Elisseeff & Guyon, "A stability based method for discovering structure in clustered data", Pacific
 * Symposium on Biocomputing 2002; overlaps by Hennig, Comput. Stat. Data Anal. 52, 2007.
 */
export async function resampledAgreement(
  labels: Int32Array,
  regroup: (rows: Int32Array) => Promise<Int32Array>,
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
  work?: Work,
): Promise<Agreement> {
  const groups = labels.reduce((most, label) => Math.max(most, label + 1), 0)
  const rands: number[] = []
  const overlaps = new Float64Array(groups)
  for (let resample = 0; resample < resamples; resample += 1) {
    stopIfAborted(work)
    const order = Int32Array.from(labels.keys())
    seededRandom(seed).fork(resample).shuffle(order)
    const rows = order.slice(0, Math.round(keptShare * labels.length)).sort()
    const before = rows.map((row) => labels[row]! + 1)
    const again = (await regroup(rows)).map((label) => label + 1)
    rands.push(adjustedRand(before, again))
    bestOverlaps(before, again, groups).forEach((overlap, group) => {
      overlaps[group]! += overlap / resamples
    })
    work?.onProgress?.({ stage: 'stability resample', done: resample + 1, total: resamples })
  }
  const mean = rands.reduce((sum, value) => sum + value, 0) / resamples
  const variance = rands.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, resamples - 1)
  return { adjustedRand: mean, standardError: Math.sqrt(variance / resamples), jaccard: Array.from(overlaps) }
}

/** For each group of `before`, its best Jaccard overlap with one of `again`; 0 stands for rows in none. */
function bestOverlaps(before: Int32Array, again: Int32Array, groups: number): number[] {
  const others = again.reduce((most, label) => Math.max(most, label), 0)
  const both = new Float64Array((groups + 1) * (others + 1))
  const sizes = new Float64Array(groups + 1)
  const otherSizes = new Float64Array(others + 1)
  before.forEach((label, row) => {
    const other = again[row]!
    both[label * (others + 1) + other]! += 1
    sizes[label]! += 1
    otherSizes[other]! += 1
  })
  return Array.from({ length: groups }, (_, group) => {
    let best = 0
    for (let other = 1; other <= others; other += 1) {
      const shared = both[(group + 1) * (others + 1) + other]!
      const either = sizes[group + 1]! + otherSizes[other]! - shared
      if (either > 0) best = Math.max(best, shared / either)
    }
    return best
  })
}
