import { rocAuc } from '@rapport/learn'
import { columnOf } from '@rapport/numerics'
import type { CustomerRows } from '../../customer-rows.ts'

/** Nothing that was known before says this much by itself of what people do after. */
const aloneMax = 0.99

/** A feature that seems to know what it should help to predict. */
export interface Leak {
  readonly feature: string
  readonly label: string
  /** Area under the ROC curve by this feature alone, turned so that it is at least a half. */
  readonly auc: number
}

/**
 * Features that alone tell nearly all customers apart whom it came true for. Features hold what was known at the cut, so
 * this is a record that was written later and dated back, or a target that had already come true.
 *
 * @param sides `[n]` 0 or 1, both present
 */
export function findLeaks({ features, matrix }: CustomerRows, sides: Uint8Array): readonly Leak[] {
  return features.flatMap(({ name, label, type }, column) => {
    if (type !== 'number') return []
    const values = columnOf(matrix, column)
    return [-Infinity, Infinity]
      .flatMap((missing) => {
        // A missing value may be what gives it away: it is put at either end.
        const found = rocAuc(
          values.map((value) => (Number.isNaN(value) ? missing : value)),
          sides,
        )
        const auc = found.defined ? Math.max(found.value, 1 - found.value) : 0.5
        return auc > aloneMax ? [{ feature: name, label, auc }] : []
      })
      .slice(0, 1)
  })
}
