import { midRanks, rocAucInterval } from '../metrics/index.ts'
import type { Column } from '../preparation/table.ts'
import type { Measured } from './measured-column.ts'
import { classRowsMin, type Strength } from './out-of-fold-strength.ts'

/**
 * How well the order of a column's numbers tells a class by itself, rising or falling, with missing values at the end that
 * tells more.
 *
 * Beside the strength of bins, as a rule that few rows fulfil is hidden in a bin that holds others too: of one row in fifty
 * the highest bin of a twentieth is mostly others. No folds: from the rows it takes a direction and an end, and nothing more.
 *
 * @returns undefined for text, for a target of amounts, and when no class has ten rows
 *
 * Cost: O(n log n), and O(n) a class.
 */
export function strengthByOrder(column: Column, target: Measured): Strength | undefined {
  if (column.kind === 'text' || target.kind === 'amounts') return undefined
  let best: { readonly area: number; readonly label: number; readonly scores: Float64Array } | undefined
  for (const ranks of ranksWithMissingAtEnds(column.values)) {
    // Of two classes one tells the other.
    for (let label = target.classes === 2 ? 1 : 0; label < target.classes; label += 1) {
      const area = areaOf(ranks, target.codes, label)
      if (area === undefined) continue
      const directed = Math.max(area, 1 - area)
      if (best && directed <= best.area) continue
      best = { area: directed, label, scores: area < 0.5 ? ranks.map((rank) => -rank) : ranks }
    }
  }
  if (!best) return undefined
  const { label, scores } = best
  const interval = rocAucInterval(
    scores,
    target.codes.map((code) => (code === label ? 1 : 0)),
  )
  return interval.defined ? { value: interval.value, low: interval.low } : undefined
}

function ranksWithMissingAtEnds(values: Float64Array): readonly Float64Array[] {
  if (!values.some(Number.isNaN)) return [midRanks(values)]
  return [Infinity, -Infinity].map((end) => midRanks(values.map((value) => (Number.isNaN(value) ? end : value))))
}

/** By the sum of ranks; undefined where the class, or the others, are too few. */
function areaOf(ranks: Float64Array, codes: Int32Array, label: number): number | undefined {
  let [rows, sum] = [0, 0]
  codes.forEach((code, row) => {
    if (code !== label) return
    rows += 1
    sum += ranks[row]!
  })
  const others = codes.length - rows
  if (Math.min(rows, others) < classRowsMin) return undefined
  return (sum - (rows * (rows + 1)) / 2) / (rows * others)
}
