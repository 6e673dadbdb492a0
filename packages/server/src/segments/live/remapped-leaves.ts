import type { Instant } from '../../base/index.ts'
import type { EntityKey, FeatureValue, LeafSet, LiveValues, PairEntity, Plan } from '../../features/index.ts'

/** Values of a plan of which another one has all leaves, at other places. */
export class RemappedLeaves implements LiveValues {
  private readonly values: LiveValues
  private readonly places: readonly number[]
  private readonly known = new WeakMap<LeafSet, LeafSet>()

  /** @param places of the leaves in the plan that `values` are of */
  constructor(values: LiveValues, places: readonly number[]) {
    this.values = values
    this.places = places
  }

  leafValue(key: EntityKey, leaf: number, asOf: Instant): FeatureValue {
    return this.values.leafValue(key, this.places[leaf]!, asOf)
  }

  leafChangesAt(key: EntityKey, leaf: number, asOf: Instant): Instant {
    return this.values.leafChangesAt(key, this.places[leaf]!, asOf)
  }

  pairsOf(customerId: string, entity: PairEntity): readonly EntityKey[] {
    return this.values.pairsOf!(customerId, entity)
  }

  get batches(): number | undefined {
    return this.values.batches
  }

  touchedOf(customerId: string): LeafSet {
    const theirs = this.values.touchedOf!(customerId)
    let ours = this.known.get(theirs)
    if (ours === undefined) {
      const touched = new Set(theirs.leaves)
      ours = { leaves: this.places.flatMap((place, leaf) => (touched.has(place) ? leaf : [])) }
      this.known.set(theirs, ours)
    }
    return ours
  }
}

/** Where the leaves of a plan are among those of another; undefined where it has one more. */
export function placesOfLeaves({ leaves }: Plan, among: Plan): readonly number[] | undefined {
  const known = new Map(among.leaves.map((leaf, place) => [JSON.stringify(leaf), place]))
  const places: number[] = []
  for (const leaf of leaves) {
    const place = known.get(JSON.stringify(leaf))
    if (place === undefined) return undefined
    places.push(place)
  }
  return places
}
