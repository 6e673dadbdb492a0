import { RapportError, type SparseMatrix, sparseFromTriplets } from '@rapport/numerics'
import { murmurHash } from './murmur-hash.ts'

export interface FeatureHashingOptions {
  /** Columns that all features share, 1 … 2³¹ − 1. Default 2²⁰. */
  readonly columns?: number
  /** Half of the features count negatively, so that those that meet in a column cancel on average. Default true. */
  readonly signed?: boolean
}

/** A feature of a row: a word, which counts 1, or a name with its number. */
export type HashedFeature = string | readonly [name: string, value: number]

/**
 * Puts features of any number of different names into a fixed number of columns, by their hash: nothing is learned, so new
 * campaigns, products and words need no new fit.
 *
 * A category goes in as `city=Rome`, so that it does not meet the same word of another column.
 *
 * @param rows `[n]` the features of each row; of one that comes twice the values are added
 * @returns `[n × columns]`
 * @throws RapportError `feature-hashing.columns`, `feature-hashing.value` when a number is not finite
 *
 * Cost: O(bytes of all names).
 * Source: Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009. The same columns and signs as
 * scikit-learn's `FeatureHasher`.
 *
 * @example
 * hashFeatures([['city=Rome', ['orders', 3]]], { columns: 16 }).values // [-1, 3] or the like
 */
export function hashFeatures(
  rows: readonly (readonly HashedFeature[])[],
  { columns = 2 ** 20, signed = true }: FeatureHashingOptions = {},
): SparseMatrix {
  checkHashColumns(columns)
  const rowIndices: number[] = []
  const columnIndices: number[] = []
  const values: number[] = []
  const encoder = new TextEncoder()
  rows.forEach((features, row) => {
    for (const feature of features) {
      const [name, value] = typeof feature === 'string' ? [feature, 1] : feature
      if (!Number.isFinite(value)) {
        throw new RapportError('feature-hashing.value', `values must be finite, got ${value} of ${name} at row ${row}`)
      }
      const { column, sign } = placeOf(murmurHash(encoder.encode(name)), columns)
      rowIndices.push(row)
      columnIndices.push(column)
      values.push(signed ? sign * value : value)
    }
  })
  return sparseFromTriplets(rows.length, columns, rowIndices, columnIndices, values)
}

/** @throws RapportError `feature-hashing.columns` */
export function checkHashColumns(columns: number): void {
  if (!Number.isInteger(columns) || columns < 1 || columns > 2 ** 31 - 1) {
    throw new RapportError(
      'feature-hashing.columns',
      `columns must be a whole number from 1 to 2147483647, got ${columns}`,
    )
  }
}

/** One category of a text column: where it goes and with which sign. Missing has a place as any category has. */
export function placeOfCategory(
  column: string,
  value: string | null,
  columns: number,
): { column: number; sign: number } {
  const name = value === null ? `${column} is missing` : `${column}=${value}`
  return placeOf(murmurHash(new TextEncoder().encode(name)), columns)
}

const placeOf = (hash: number, columns: number): { column: number; sign: number } => ({
  column: Math.abs(hash) % columns,
  sign: hash >= 0 ? 1 : -1,
})
