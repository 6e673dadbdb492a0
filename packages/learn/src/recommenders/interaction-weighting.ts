import type { SparseMatrix } from '@rapport/numerics'

/** How interactions are weighted before items are compared. */
export type InteractionWeighting = 'none' | 'tf-idf' | 'bm25'

/** Okapi BM25's saturation and length normalisation, as the Python package `implicit` sets them. */
const saturation = 1.2
const lengthShare = 0.75

/**
 * Interactions with less weight for users who take everything (both weightings) and for items that many take (`bm25`).
 *
 * In the words of text retrieval an item is a document and a user a term. Both variants are those of `implicit` 0.7:
 * inverse user frequency log(items) − log(1 + the user's items); `tf-idf` takes the square root of the strength.
 *
 * @param interactions `[users × items]`, each > 0
 * @returns a new matrix over the same places, or the matrix itself for `none`
 *
 * Source: Robertson & Zaragoza, "The probabilistic relevance framework: BM25 and beyond", 2009, eq. 3.15.
 */
export function weightInteractions(interactions: SparseMatrix, weighting: InteractionWeighting): SparseMatrix {
  if (weighting === 'none') return interactions
  const { rows, columns, rowStarts, columnIndices } = interactions
  const lengthNorm = weighting === 'bm25' ? lengthNorms(interactions) : undefined
  const values = Float64Array.from(interactions.values)
  for (let user = 0; user < rows; user += 1) {
    const from = rowStarts[user]!
    const to = rowStarts[user + 1]!
    const rarity = Math.log(columns) - Math.log1p(to - from)
    for (let at = from; at < to; at += 1) {
      const strength = values[at]!
      values[at] = lengthNorm
        ? ((strength * (saturation + 1)) / (saturation * lengthNorm[columnIndices[at]!]! + strength)) * rarity
        : Math.sqrt(strength) * rarity
    }
  }
  return { rows, columns, rowStarts, columnIndices, values }
}

/** `[items]`: an item's total strength in average items, drawn towards 1. */
function lengthNorms({ columns, columnIndices, values }: SparseMatrix): Float64Array {
  const totals = new Float64Array(columns)
  for (let at = 0; at < values.length; at += 1) totals[columnIndices[at]!]! += values[at]!
  const average = totals.reduce((sum, total) => sum + total, 0) / columns
  return totals.map((total) => 1 - lengthShare + (lengthShare * total) / average)
}
