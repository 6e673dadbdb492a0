import { rocAucInterval } from '../metrics/index.ts'
import { kFold } from '../selection/folds.ts'
import type { Measured } from './measured-column.ts'

/** How well bins of one column predict a target, on rows that their means were not taken from. */
export interface Strength {
  /** Classes: the area under the ROC curve, of the class that is told best. Amounts: the share of variance explained. */
  readonly value: number
  /** The lower end of its 95 % interval; for amounts the value itself. */
  readonly low: number
}

/** A class of fewer rows is not judged by itself. */
export const classRowsMin = 10

/**
 * @param codes `[n]` the bin of each row, 0 … bins − 1
 * @param target `[n]`; amounts finite
 * @returns undefined when no class has ten rows, or amounts do not vary
 */
export function outOfFoldStrength(
  codes: Int32Array,
  bins: number,
  target: Measured,
  folds: Int32Array,
): Strength | undefined {
  if (target.kind === 'amounts')
    return explainedShare(crossFittedMeans(codes, bins, target.values, folds), target.values)
  let best: Strength | undefined
  // Of two classes one tells the other.
  for (let label = target.classes === 2 ? 1 : 0; label < target.classes; label += 1) {
    const isLabel = Float64Array.from(target.codes, (code) => (code === label ? 1 : 0))
    const rows = isLabel.reduce((sum, is) => sum + is, 0)
    if (Math.min(rows, isLabel.length - rows) < classRowsMin) continue
    const area = rocAucInterval(crossFittedMeans(codes, bins, isLabel, folds), isLabel)
    if (area.defined && (!best || area.value > best.value)) best = { value: area.value, low: area.low }
  }
  return best
}

/** `[n]` a fold for each row, by the seed. */
export function randomFolds(rows: number, seed: number): Int32Array {
  const fold = new Int32Array(rows)
  kFold(rows, { folds: Math.min(5, rows), seed }).forEach(({ test }, at) => {
    for (const row of test) fold[row] = at
  })
  return fold
}

/** Each row's bin mean over the rows of other folds, drawn to the mean of all by a row's worth. */
function crossFittedMeans(codes: Int32Array, bins: number, target: Float64Array, fold: Int32Array): Float64Array {
  const sums = new Float64Array(bins)
  const counts = new Float64Array(bins)
  let total = 0
  codes.forEach((code, row) => {
    sums[code]! += target[row]!
    counts[code]! += 1
    total += target[row]!
  })
  const overall = total / codes.length
  const predicted = new Float64Array(codes.length)
  const foldCount = fold.reduce((most, own) => Math.max(most, own + 1), 0)
  for (let held = 0; held < foldCount; held += 1) {
    const ownSums = sums.slice()
    const ownCounts = counts.slice()
    codes.forEach((code, row) => {
      if (fold[row] !== held) return
      ownSums[code]! -= target[row]!
      ownCounts[code]! -= 1
    })
    codes.forEach((code, row) => {
      if (fold[row] === held) predicted[row] = (ownSums[code]! + overall) / (ownCounts[code]! + 1)
    })
  }
  return predicted
}

function explainedShare(predicted: Float64Array, actual: Float64Array): Strength | undefined {
  const mean = actual.reduce((sum, value) => sum + value, 0) / actual.length
  let left = 0
  let all = 0
  actual.forEach((value, row) => {
    left += (value - predicted[row]!) ** 2
    all += (value - mean) ** 2
  })
  if (all === 0) return undefined
  const value = Math.max(0, 1 - left / all)
  return { value, low: value }
}
