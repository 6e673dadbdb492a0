import type { PlannedStores, Store } from './plan-stores.ts'

/**
 * Leaves of customers that may be worth something else than before some facts. There is one object for each set of leaves,
 * so that what follows from a set is worked out once.
 */
export interface LeafSet {
  /** By their places in the plan, ascending. */
  readonly leaves: readonly number[]
}

/** Sets beyond this number are said to be everything: events of a shop touch in a few ways. */
const setsMax = 2000

/** A set, and those that come of it by one store more. */
class Touched implements LeafSet {
  readonly leaves: readonly number[]
  private readonly stores: ReadonlySet<number>
  private readonly more: (Touched | undefined)[] = []
  private readonly sets: TouchSets

  constructor(sets: TouchSets, stores: ReadonlySet<number>, leaves: readonly number[]) {
    this.sets = sets
    this.stores = stores
    this.leaves = leaves
  }

  /** @param place of the store among the customer's */
  and(place: number): Touched {
    let found = this.more[place]
    if (found === undefined) {
      found = this.stores.has(place) ? this : this.sets.of(new Set([...this.stores, place]))
      this.more[place] = found
    }
    return found
  }
}

export type { Touched }

/** The sets of leaves that facts touch, of customers. */
export class TouchSets {
  readonly none: Touched
  readonly everything: Touched
  private readonly leavesOf: readonly (readonly number[])[]
  private readonly byStores = new Map<string, Touched>()

  constructor({ leaves, byEntity }: PlannedStores) {
    const stores: readonly Store[] = byEntity.get('customer') ?? []
    this.leavesOf = stores.map((store) =>
      leaves.flatMap((leaf) => (leaf.kind === 'store' && leaf.store === store ? leaf.place : [])),
    )
    const all = leaves.flatMap(({ entity, place }) => (entity === 'customer' ? place : []))
    this.none = new Touched(this, new Set(), [])
    this.everything = new Touched(this, new Set(stores.map(({ place }) => place)), all)
  }

  of(stores: ReadonlySet<number>): Touched {
    const places = [...stores].sort((left, right) => left - right)
    const form = places.join()
    let found = this.byStores.get(form)
    if (found === undefined) {
      if (this.byStores.size >= setsMax) return this.everything
      const leaves = places.flatMap((place) => this.leavesOf[place]!).sort((left, right) => left - right)
      found = new Touched(this, stores, leaves)
      this.byStores.set(form, found)
    }
    return found
  }
}
