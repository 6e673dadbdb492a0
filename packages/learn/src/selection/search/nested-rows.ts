import { type Random, RapportError } from '@rapport/numerics'
import type { Fold } from '../folds.ts'

/**
 * Rows in an order whose every beginning is a random sample: with strata, one in which each class has its share to within a row.
 *
 * @param strata `[n]` class of each row of the data, or undefined
 */
export function nestedOrder(rows: Int32Array, strata: ArrayLike<number> | undefined, random: Random): Int32Array {
  const shuffled = rows.slice()
  random.shuffle(shuffled)
  if (strata === undefined) return shuffled
  const sizes = new Map<number, number>()
  for (const row of rows) sizes.set(strata[row]!, (sizes.get(strata[row]!) ?? 0) + 1)
  const seen = new Map<number, number>()
  // A row's place within its class, as a share of the class: sorted by it, classes come evenly.
  const places = Array.from(shuffled, (row) => {
    const own = strata[row]!
    const before = seen.get(own) ?? 0
    seen.set(own, before + 1)
    return { row, share: (before + 0.5) / sizes.get(own)! }
  })
  return Int32Array.from(
    places.sort((one, other) => one.share - other.share),
    ({ row }) => row,
  )
}

/** A fold with only the first `count` of its training rows in some order, rising. */
export const withFirstRows = ({ test }: Fold, order: Int32Array, count: number): Fold => ({
  train: order.slice(0, count).sort(),
  test,
})

/** @throws RapportError `<method>.strata` when strata do not cover the folds' rows */
export function checkStrata(method: string, folds: readonly Fold[], strata: ArrayLike<number> | undefined): void {
  if (strata === undefined) return
  const last = folds.reduce((most, { train }) => train.reduce((one, row) => Math.max(one, row), most), -1)
  if (strata.length <= last) {
    throw new RapportError(`${method}.strata`, `strata must hold one class a row (over ${last}), got ${strata.length}`)
  }
}
