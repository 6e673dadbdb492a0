import type { Instant } from '../../../base/index.ts'
import type { Feature, FeatureMatrix } from '../../../features/index.ts'
import type { Cohort } from './cohort.ts'
import type { Prediction } from './definition.ts'

interface Moment {
  readonly asOf: Instant
  readonly customerIds: readonly string[]
}

/**
 * What predictions that are trained one after the other ask alike: who buys now and then is asked about lapses, next orders and
 * categories at the same cuts, and reading their features takes longer than learning from them. Held for one request, of
 * features only the last: a store changes, and a large one's are large.
 */
export class RememberedReads {
  readonly #cohorts = new Map<string, Promise<Cohort>>()
  #last:
    | { readonly moments: readonly Moment[]; readonly catalogue: string; readonly features: FeatureMatrix }
    | undefined

  /** Who a prediction is about at a cut; read where nobody of the same population and purpose was asked about there. */
  cohort({ definition }: Prediction, cut: Instant, read: () => Promise<Cohort>): Promise<Cohort> {
    const key = JSON.stringify([definition.population, definition.purpose, cut])
    const known = this.#cohorts.get(key) ?? read()
    this.#cohorts.set(key, known)
    return known
  }

  /** Features of customers at moments; read unless the last ones were of the same. */
  async features(
    moments: readonly Moment[],
    catalogue: readonly Feature[],
    read: () => Promise<FeatureMatrix>,
  ): Promise<FeatureMatrix> {
    const wanted = JSON.stringify(catalogue)
    const last = this.#last
    if (last?.catalogue === wanted && areSame(last.moments, moments)) return last.features
    const features = await read()
    this.#last = { moments, catalogue: wanted, features }
    return features
  }
}

const areSame = (left: readonly Moment[], right: readonly Moment[]): boolean =>
  left.length === right.length &&
  left.every(({ asOf, customerIds }, at) => {
    const other = right[at]!
    return (
      asOf === other.asOf &&
      customerIds.length === other.customerIds.length &&
      customerIds.every((id, row) => id === other.customerIds[row])
    )
  })
