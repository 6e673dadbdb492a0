import { gammaQuantile } from '@rapport/numerics'
import { checkedWeights } from '../linear/checked-numbers.ts'
import type { Column } from '../preparation/table.ts'
import { type BinnedColumnOptions, binColumn, checkBinaryLabels } from './binned-column.ts'

export interface InformationValueOptions extends BinnedColumnOptions {
  /** Rows added to each class in each bin, so that an empty one gives no infinite weight. Default 0.5. */
  readonly smoothing?: number
}

/** One bin of a column and how it leans. */
export interface EvidenceBin {
  readonly name: string
  /** Weight of class 1 and of class 0: rows, where no weights were given. */
  readonly positives: number
  readonly negatives: number
  /** ln of the bin's share of class 1 over its share of class 0: above 0 the bin speaks for class 1. */
  readonly evidence: number
}

/** How well a column by itself tells two classes apart. */
export interface InformationValue {
  /** ≥ 0 */
  readonly value: number
  /** A column that tells nothing stays below this in 95 of 100 samples of this size and as many bins. */
  readonly byChance: number
  /** By the value, as is usual in credit scoring; `none` also below `byChance`, `suspicious` where it looks like a leak. */
  readonly verdict: 'none' | 'weak' | 'medium' | 'strong' | 'suspicious'
  readonly bins: readonly EvidenceBin[]
}

/**
 * The information value of a column for a class, with the weight of evidence of each of its bins.
 *
 * @param column `[n]`
 * @param labels `[n]` 0 or 1, both present
 * @throws RapportError `information-value.labels`, `.weights`, `.infinite`, `binning.bins`, `categories.rows`
 *
 * Cost: O(n log n).
 * Source: Siddiqi, "Credit risk scorecards", 2006 (bounds 0.02, 0.1, 0.3, 0.5); Kullback, "Information theory and
 * statistics", 1959: it is Jeffreys' divergence, and so nearly chi-square times (1 / positives + 1 / negatives) by chance.
 *
 * @example
 * informationValue({ name: 'age', kind: 'number', values: ages }, lapsed).verdict // 'medium'
 */
export function informationValue(
  column: Column,
  labels: ArrayLike<number>,
  { smoothing = 0.5, ...options }: InformationValueOptions = {},
): InformationValue {
  checkBinaryLabels('information-value', 'labels', column.values.length, labels)
  const weights = checkedWeights('information-value', column.values.length, options.weights)
  const { codes, names } = binColumn('information-value', column, options)
  const counts = [new Float64Array(names.length), new Float64Array(names.length)] as const
  const squares = [0, 0]
  codes.forEach((code, row) => {
    const label = labels[row] === 1 ? 1 : 0
    counts[label][code]! += weights[row]!
    squares[label]! += weights[row]! ** 2
  })
  const [negatives, positives] = counts
  const ofPositives = smoothedShares(positives, smoothing)
  const ofNegatives = smoothedShares(negatives, smoothing)
  let value = 0
  const bins = names.map((name, bin) => {
    const evidence = Math.log(ofPositives[bin]! / ofNegatives[bin]!)
    value += (ofPositives[bin]! - ofNegatives[bin]!) * evidence
    return { name, positives: positives[bin]!, negatives: negatives[bin]!, evidence }
  })
  // A chi-square of f degrees is a gamma of shape f / 2 and scale 2. Σ w² / (Σ w)² is 1 / rows where all weigh 1.
  const chiSquare = names.length > 1 ? 2 * gammaQuantile(0.95, (names.length - 1) / 2) : 0
  const perRow = (label: 0 | 1): number => squares[label]! / counts[label].reduce((sum, own) => sum + own, 0) ** 2
  const byChance = chiSquare * (perRow(0) + perRow(1))
  return { value, byChance, verdict: value <= byChance ? 'none' : inWords(value), bins }
}

/** Each bin's share of all, with `smoothing` rows more in each. */
export function smoothedShares(counts: Float64Array, smoothing: number): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0) + smoothing * counts.length
  return counts.map((count) => (count + smoothing) / total)
}

function inWords(value: number): InformationValue['verdict'] {
  if (value < 0.02) return 'none'
  if (value < 0.1) return 'weak'
  if (value < 0.3) return 'medium'
  return value < 0.5 ? 'strong' : 'suspicious'
}
