import { checkList, RapportError } from '@rapport/numerics'
import { type CategoryModel, codeCount, encodeCategories, fitCategories } from './category-encoding.ts'

export interface TargetEncodingOptions {
  /**
   * Rows' worth of belief in the overall mean: a category of n rows gets (sum + smoothing · mean) / (n + smoothing).
   * Default 20.
   */
  readonly smoothing?: number
}

/** What `fitTargetEncoding` found. Plain data. */
export interface TargetEncodingModel {
  readonly kind: 'target-encoding'
  readonly categories: CategoryModel
  /** `[codes]` smoothed mean of the target in each category. */
  readonly means: Float64Array
  /** Mean of the target over all rows: what an unknown category gets. */
  readonly overall: number
}

/**
 * Learns to replace a category by the mean of the target in it, drawn towards the overall mean where rows are few.
 *
 * Never train a model on these values for the same rows: each would hold a share of its own label. Use
 * `crossFittedTargetEncoding` for them.
 *
 * @param values `[n]` n ≥ 1
 * @param targets `[n]` finite; 0 or 1 for a class
 * @throws RapportError `target-encoding.targets`, `target-encoding.smoothing`, `categories.rows`
 *
 * Source: Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes", SIGKDD Explor. 3(1), 2001.
 *
 * @example
 * fitTargetEncoding(['a', 'a', 'b'], [1, 0, 1], { smoothing: 0 }).means // Float64Array [0.5, 1]
 */
export function fitTargetEncoding(
  values: readonly (string | null)[],
  targets: ArrayLike<number>,
  { smoothing = 20 }: TargetEncodingOptions = {},
): TargetEncodingModel {
  if (!(smoothing >= 0 && smoothing < Infinity)) {
    throw new RapportError('target-encoding.smoothing', `smoothing must be finite and at least 0, got ${smoothing}`)
  }
  const categories = fitCategories(values)
  checkList('target-encoding.targets', 'targets', targets)
  if (targets.length !== values.length) {
    throw new RapportError(
      'target-encoding.targets',
      `targets must hold one number a row (${values.length}), got ${targets.length}`,
    )
  }
  const sums = new Float64Array(codeCount(categories))
  const counts = new Float64Array(codeCount(categories))
  let total = 0
  encodeCategories(categories, values).forEach((code, row) => {
    const target = targets[row]!
    if (!Number.isFinite(target)) {
      throw new RapportError('target-encoding.targets', `every target must be finite, got ${target} at row ${row}`)
    }
    sums[code]! += target
    counts[code]! += 1
    total += target
  })
  const overall = total / values.length
  const means = sums.map((sum, code) => (sum + smoothing * overall) / (counts[code]! + smoothing))
  return { kind: 'target-encoding', categories, means, overall }
}

/** The encoded column, `[n]`; the overall mean for categories that training did not have. */
export function applyTargetEncoding(model: TargetEncodingModel, values: readonly (string | null)[]): Float64Array {
  return Float64Array.from(encodeCategories(model.categories, values), (code) =>
    code < 0 ? model.overall : model.means[code]!,
  )
}

/**
 * The encoded column of the training rows themselves: each row by a model that did not see its fold.
 *
 * @param fold `[n]` a row's fold, whole numbers; at least two different ones
 * @returns `[n]`
 * @throws RapportError `target-encoding.folds` when there are fewer than two folds or the length differs
 */
export function crossFittedTargetEncoding(
  values: readonly (string | null)[],
  targets: ArrayLike<number>,
  fold: ArrayLike<number>,
  options: TargetEncodingOptions = {},
): Float64Array {
  const folds = new Set(Array.from(fold))
  if (fold.length !== values.length || folds.size < 2) {
    throw new RapportError(
      'target-encoding.folds',
      `fold must hold one number a row (${values.length}) and at least 2 folds, got ${fold.length} rows in ${folds.size} folds`,
    )
  }
  const encoded = new Float64Array(values.length)
  for (const held of folds) {
    const outside = (_: unknown, row: number): boolean => fold[row] !== held
    const model = fitTargetEncoding(values.filter(outside), Array.from(targets).filter(outside), options)
    applyTargetEncoding(model, values).forEach((value, row) => {
      if (fold[row] === held) encoded[row] = value
    })
  }
  return encoded
}
