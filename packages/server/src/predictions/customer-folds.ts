import { type EarlyStopping, type Fold, foldsFrom, kFold, stratifiedKFold } from '@rapport/learn'

/** Whether a customer has more rows than one: one for each of several cuts. */
export const hasRepeated = (customerIds: readonly string[]): boolean => new Set(customerIds).size < customerIds.length

interface CustomerFoldOptions {
  readonly folds: number
  readonly seed: number
  /** `[n]` 1 for the rows whose customers are spread evenly over the folds, else 0. Default: all are alike. */
  readonly labels?: Uint8Array
}

/**
 * Splits rows at random so that all rows of a customer are in one fold: a fit that saw a customer at one moment is no
 * stranger to the same customer at another. Where every customer has one row it is the split by rows.
 */
export function customerFolds(
  customerIds: readonly string[],
  { folds, seed, labels }: CustomerFoldOptions,
): readonly Fold[] {
  const customers = [...new Set(customerIds)]
  const placeOf = new Map(customers.map((id, place) => [id, place]))
  const positive = new Uint8Array(customers.length)
  labels?.forEach((label, row) => {
    if (label === 1) positive[placeOf.get(customerIds[row]!)!] = 1
  })
  const positives = positive.reduce((sum, own) => sum + own, 0)
  // Hardly anybody to whom it never happened, or always: a few cannot be spread evenly.
  const isSpread = labels !== undefined && Math.min(positives, customers.length - positives) >= folds
  const split = isSpread ? stratifiedKFold(positive, { folds, seed }) : kFold(customers.length, { folds, seed })
  const foldOf = new Int32Array(customers.length)
  for (const [fold, { test }] of split.entries()) for (const place of test) foldOf[place] = fold
  return foldsFrom(Int32Array.from(customerIds, (id) => foldOf[placeOf.get(id)!]!))
}

/** Boosting holds a fifth of the rows back to find when to stop: whole customers, where they have several. */
export const stoppingOf = (customerIds: readonly string[], patience: number): EarlyStopping => ({
  ...{ share: 0.2, patience },
  ...(hasRepeated(customerIds) ? { groups: customerIds } : {}),
})
