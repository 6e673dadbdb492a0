import { type Column, midRanks, type Table } from '@rapport/learn'

/** A feature that alone all but says the label. */
export interface Leak {
  readonly feature: string
  /** How well it alone parts the class from the others, 0.5 … 1. */
  readonly auc: number
  readonly class: string
}

/** A feature by itself hardly ever tells a label this well, unless it follows from it or defines it. */
const leakAuc = 0.99

/**
 * Features that alone tell a class from all others nearly without a mistake: what a label was made from, or what only
 * became known with it.
 *
 * @param labels `[n]` 0 … classes − 1
 */
export function findLeaks(of: Table, labels: Int32Array, names: readonly string[]): readonly Leak[] {
  return of.columns.flatMap((column): Leak[] => {
    let worst: Leak | undefined
    for (const [number, name] of names.entries()) {
      const isOf = Uint8Array.from(labels, (label) => (label === number ? 1 : 0))
      const auc = alone(column, isOf)
      if (auc >= leakAuc && (!worst || auc > worst.auc)) worst = { feature: column.name, auc, class: name }
    }
    return worst ? [worst] : []
  })
}

/** The area under the ROC curve of one feature, whichever way it points; missing values stand at the better end. */
function alone(column: Column, isOf: Uint8Array): number {
  if (column.kind === 'text') return area(wordRates(column.values, isOf), isOf)
  const ends = [Infinity, -Infinity].map((end) => column.values.map((value) => (Number.isNaN(value) ? end : value)))
  return Math.max(...ends.map((values) => area(values, isOf)).map((auc) => Math.max(auc, 1 - auc)))
}

function area(values: Float64Array, isOf: Uint8Array): number {
  const ranks = midRanks(values)
  const positives = isOf.reduce((sum, one) => sum + one, 0)
  const negatives = isOf.length - positives
  const sum = ranks.reduce((total, rank, row) => total + rank * isOf[row]!, 0)
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/** The share of the class among customers of the same word; a word of few customers says no more than all do. */
function wordRates(words: readonly (string | null)[], isOf: Uint8Array): Float64Array {
  const sums = new Map<string | null, { n: number; positives: number }>()
  words.forEach((word, row) => {
    const sum = sums.get(word) ?? { n: 0, positives: 0 }
    sum.n += 1
    sum.positives += isOf[row]!
    sums.set(word, sum)
  })
  const share = isOf.reduce((sum, one) => sum + one, 0) / isOf.length
  return Float64Array.from(words, (word) => {
    const { n, positives } = sums.get(word)!
    return n < 5 ? share : positives / n
  })
}
